import datetime

import pytest
from django.db import connection, transaction

from apps.history import actions, kinds, subscriptions
from apps.history.models import Delivery, Event
from tests.factories.history import TimelineFactory

ROWS = "SELECT id AS timeline_id, %(when)s::timestamptz AS happened_at, %(text)s AS text FROM history_timeline"


@pytest.fixture
def subscriber():
    subscriptions.subscribe("tests.many", ["history.noted"], lambda event: None)
    yield "tests.many"
    subscriptions.unsubscribe("tests.many")


@pytest.fixture
def touching():
    kinds.register("tests.touched", "Touched", icon="note", group="notes", is_touch=True)
    yield "tests.touched"
    del kinds._KINDS["tests.touched"]


def record(kind="history.noted", *, at, when=None, by=None, rows=ROWS, fields=("text",), **more):
    params = {"when": when or at, "text": "100 % sure"}
    return actions.record_many(kind, rows=rows, params=params, fields=fields, by=by, at=at, **more)


def test_each_row_becomes_an_event_with_its_deliveries(db, now, agent, subscriber, ran_jobs):
    earlier = now - datetime.timedelta(days=3)
    timelines = [TimelineFactory(), TimelineFactory()]
    count = len(timelines) + 1  # the agent has one too

    assert record(at=now, when=earlier, by=agent) == count

    event = Event.objects.get(timeline=timelines[1])
    assert (event.kind, event.payload, event.actor) == (
        *("history.noted", {"text": "100 % sure"}, agent),
    )
    assert (event.happened_at, event.recorded_at, event.key) == (earlier, now, None)
    delivery = Delivery.objects.get(event=event)
    assert (delivery.timeline, delivery.subscriber, delivery.next_at) == (
        *(timelines[1], subscriber, now),
    )
    assert set(ran_jobs()) == {"history.deliver"}
    timelines[1].refresh_from_db()
    assert timelines[1].last_touch_at is None


def test_each_event_speaks_of_its_row(db, now):
    timeline = TimelineFactory()
    rows = ROWS.replace("SELECT id", "SELECT id + 7 AS subject_id, id")

    record(at=now, rows=rows, subject="tests.row")
    record(at=now)

    told, plain = Event.objects.on(timeline).order_by("id")
    assert (told.subject_label, told.subject_id) == ("tests.row", timeline.pk + 7)
    assert (plain.subject_label, plain.subject_id) == ("", None)


def test_a_subscriber_may_leave_sets_out(db, now, ran_jobs):
    TimelineFactory()
    subscriptions.subscribe("tests.few", ["history.noted"], lambda event: None, hears_sets=False)
    try:
        record(at=now)
        assert (Delivery.objects.count(), ran_jobs()) == (0, [])

        actions.add_note(TimelineFactory(), text="Alone", by=None, at=now)
        assert Delivery.objects.get().subscriber == "tests.few"
    finally:
        subscriptions.unsubscribe("tests.few")


def test_without_rows_nobody_is_rung(db, now, subscriber, ran_jobs):
    assert record(at=now) == 0
    assert ran_jobs() == []


def test_a_payload_that_does_not_fit_the_kind_is_refused(db, now):
    with pytest.raises(ValueError, match="missing"):
        record(at=now, fields=())


def test_a_moment_in_the_future_is_refused_and_nothing_stays(db, now):
    TimelineFactory()

    with pytest.raises(ValueError, match="future"), transaction.atomic():
        record(at=now, when=now + datetime.timedelta(minutes=6))

    assert Event.objects.count() == 0


def test_a_touch_is_refused(db, now, touching):
    with pytest.raises(ValueError, match="one by one"):
        record(touching, at=now, fields=())


@pytest.mark.django_db(transaction=True)
def test_held_timelines_can_not_be_held_by_somebody_else(now):
    TimelineFactory()
    other = connection.copy()

    with transaction.atomic():
        actions.hold_many("SELECT id AS timeline_id FROM history_timeline", {})
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM history_timeline FOR NO KEY UPDATE SKIP LOCKED")
            free = cursor.rowcount
    other.close()

    assert free == 0
