from datetime import timedelta

import pytest
from django.db import transaction

from apps.core import jobs
from apps.history import actions, kinds, rules, subscriptions
from apps.history import jobs as history_jobs
from apps.history.actions import delivering
from apps.history.models import Delivery, Event
from tests.factories.history import DeliveryFactory, TimelineFactory
from tests.history.listening import echo, heard


@pytest.fixture
def timeline(db):
    return TimelineFactory()


@pytest.fixture
def subscriber():
    """Somebody who hears notes: returns a function that replaces what they do."""
    behaviour = {"do": echo}

    def listen(event):
        behaviour["do"](event)

    subscriptions.subscribe("tests.echo", ["history.noted"], listen)
    yield lambda do: behaviour.update(do=do)
    subscriptions.unsubscribe("tests.echo")


def note(timeline, at, text="Hello", **options):
    return actions.record("history.noted", timeline=timeline, by=None, at=at, text=text, **options)


def test_record_writes_what_was_said(timeline, agent, account, now):
    event = actions.record(
        "history.noted",
        timeline=timeline,
        by=agent,
        at=now,
        happened_at=now - timedelta(hours=1),
        channel="phone",
        subject=account,
        text="Called back",
    )

    event.refresh_from_db()
    assert event.actor == agent
    assert event.payload == {"text": "Called back"}
    assert (event.happened_at, event.recorded_at) == (now - timedelta(hours=1), now)
    assert (event.subject_label, event.subject_id) == ("accounts.account", account.pk)
    assert event.about.label == "Note"


def test_recording_twice_with_a_key_is_recording_once(timeline, now):
    first = note(timeline, now, key="k1")
    second = note(timeline, now + timedelta(minutes=1), key="k1")

    assert first == second
    assert Event.objects.count() == 1


def test_a_payload_that_does_not_fit_its_kind_is_refused(timeline, now):
    with pytest.raises(ValueError, match=r"missing \['text'\], unknown \['words'\]"):
        actions.record("history.noted", timeline=timeline, by=None, at=now, words="?")

    assert Event.objects.count() == 0


def test_an_unregistered_kind_is_refused(timeline, now):
    with pytest.raises(LookupError, match=r"nobody\.knows"):
        actions.record("nobody.knows", timeline=timeline, by=None, at=now)


def test_a_kind_can_be_registered_once_and_in_a_known_group():
    with pytest.raises(ValueError, match="registered twice"):
        kinds.register("history.noted", "Note", icon="note", group="notes")
    with pytest.raises(ValueError, match="no group"):
        kinds.register("tests.new", "New", icon="note", group="nowhere")
    assert "history.noted" in kinds.names()


def test_nothing_can_have_happened_in_the_future(timeline, now):
    with pytest.raises(ValueError, match="future"):
        note(timeline, now, happened_at=now + timedelta(minutes=6))


def test_an_entry_written_a_day_later_counts_as_back_dated(timeline, now):
    late = note(timeline, now, happened_at=now - timedelta(days=1))
    prompt = note(timeline, now, happened_at=now - timedelta(hours=23))

    assert late.is_back_dated
    assert not prompt.is_back_dated


def test_contact_with_the_customer_moves_the_last_touch_forwards_only(timeline, now):
    kinds.register("tests.called", "Call", icon="phone", group="notes", is_touch=True)
    try:
        for moment in (now - timedelta(days=1), now - timedelta(days=3)):
            actions.record("tests.called", timeline=timeline, by=None, at=now, happened_at=moment)
        note(timeline, now)
    finally:
        del kinds._KINDS["tests.called"]

    timeline.refresh_from_db()
    assert timeline.last_touch_at == now - timedelta(days=1)


def test_a_rolled_back_action_leaves_neither_event_nor_delivery_nor_bell(timeline, now, subscriber):
    with pytest.raises(RuntimeError, match="changed my mind"), transaction.atomic():
        note(timeline, now)
        raise RuntimeError("changed my mind")

    assert Event.objects.count() == 0
    assert Delivery.objects.count() == 0
    assert jobs.run_all() == []


def test_subscribers_hear_of_an_event_once(timeline, now, subscriber):
    event = note(timeline, now)
    assert heard() == []

    assert jobs.run_all() == ["history.deliver"]
    assert jobs.run_all() == []

    assert heard() == [event.pk]
    assert Delivery.objects.get().state == "done"


def test_a_kind_that_nobody_wants_makes_no_delivery(timeline, now):
    note(timeline, now)

    assert Delivery.objects.count() == 0


def test_a_subscriber_can_sign_up_once():
    subscriptions.subscribe("tests.once", ["history.noted"], echo)
    with pytest.raises(ValueError, match="subscribed already"):
        subscriptions.subscribe("tests.once", ["history.noted"], echo)
    subscriptions.unsubscribe("tests.once")


def test_a_failing_subscriber_backs_off_and_holds_the_line(timeline, now, subscriber):
    def fail(event):
        raise RuntimeError("no luck")

    subscriber(fail)
    first, second = note(timeline, now), note(timeline, now)

    assert actions.deliver_next(at=now)
    assert not actions.deliver_next(at=now)  # the second waits behind the first

    delivery = Delivery.objects.get(event=first)
    assert (delivery.attempts, delivery.state) == (1, "pending")
    assert delivery.next_at == now + rules.BACK_OFF[0]
    assert delivery.last_error == "RuntimeError: no luck"
    assert Delivery.objects.get(event=second).attempts == 0


def test_what_a_failing_subscriber_wrote_is_rolled_back(timeline, now, subscriber):
    def write_and_fail(event):
        echo(event)
        raise RuntimeError("too late")

    subscriber(write_and_fail)
    note(timeline, now)

    actions.deliver_next(at=now)

    assert heard() == []


def test_other_timelines_do_not_wait_for_a_failing_one(timeline, now, subscriber):
    def fail_on(event):
        if event.timeline_id == timeline.pk:
            raise RuntimeError("no luck")
        echo(event)

    subscriber(fail_on)
    note(timeline, now)
    other = note(TimelineFactory(), now)

    assert not actions.deliver_for(1, clock=lambda: now)
    assert heard() == [other.pk]


def test_after_the_last_attempt_a_delivery_is_parked_and_lets_the_next_one_pass(
    timeline, now, subscriber
):
    first, second = note(timeline, now), note(timeline, now)

    def fail_first(event):
        if event == first:
            raise RuntimeError("never")
        echo(event)

    subscriber(fail_first)
    moment = now
    for _ in range(len(rules.BACK_OFF) + 1):
        actions.deliver_next(at=moment)
        moment += timedelta(hours=1)

    assert Delivery.objects.parked().get().event == first
    actions.deliver_next(at=moment)
    assert heard() == [second.pk]


def test_an_admin_puts_a_parked_delivery_back_in_line(timeline, now, subscriber):
    event = note(timeline, now)
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="parked", attempts=5)

    actions.retry(delivery, at=now)
    jobs.run_all()

    assert heard() == [event.pk]


def test_retrying_what_is_not_parked_changes_nothing(timeline, now, subscriber):
    note(timeline, now)
    actions.deliver_next(at=now)

    actions.retry(Delivery.objects.get(), at=now)

    assert Delivery.objects.get().state == "done"


def test_an_event_that_kills_its_worker_each_time_is_parked(timeline, now, subscriber):
    note(timeline, now)
    Delivery.objects.update(attempts=len(rules.BACK_OFF) + 1)

    assert actions.deliver_next(at=now)

    delivery = Delivery.objects.get()
    assert delivery.state == "parked"
    assert "died each time" in delivery.last_error
    assert heard() == []


def test_a_delivery_to_somebody_who_is_gone_waits_and_says_so(now, db):
    DeliveryFactory(subscriber="tests.gone", next_at=now)

    actions.deliver_next(at=now)

    assert "Nobody is called tests.gone" in Delivery.objects.get().last_error


def test_a_worker_that_lost_its_claim_finishes_nothing(timeline, now, subscriber):
    note(timeline, now)
    stale = delivering._claim(at=now)
    fresh = delivering._claim(at=now + rules.LEASE)

    delivering._hand_over(stale, at=now)
    assert heard() == []

    delivering._hand_over(fresh, at=now)
    assert heard() == [fresh.event_id]


def test_a_run_stops_when_its_time_is_up(timeline, now, subscriber):
    note(timeline, now)
    note(timeline, now)
    ticks = iter([now, now, now + timedelta(seconds=9)])

    assert actions.deliver_for(5, clock=lambda: next(ticks))
    assert len(heard()) == 1


def test_a_run_that_leaves_something_rings_again(timeline, now, subscriber, monkeypatch):
    monkeypatch.setattr(history_jobs, "RUN_SECONDS", 0)
    note(timeline, now)
    jobs.OrmQ.objects.all().delete()

    history_jobs.deliver()

    assert jobs.OrmQ.objects.count() == 1


def test_the_ticker_rings_for_what_is_due(timeline, now, subscriber):
    note(timeline, now)
    jobs.OrmQ.objects.all().delete()  # the bell is lost

    assert jobs.ring_due() == ["history.deliver"]
    jobs.run_all()

    assert len(heard()) == 1
    assert jobs.ring_due() == []
