"""What we said we would do: made, kept, moved, broken and made good."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connections, transaction

from apps.accounts import actions as accounts
from apps.core.jobs import ring_due
from apps.history.models import Event
from apps.notifications.models import Notification
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.saves.queries import commitments as queries
from tests.factories.accounts import AccountFactory
from tests.factories.saves import CommitmentFactory
from tests.factories.users import UserFactory, make_person

TODAY = date(2026, 6, 9)
DAY = timedelta(days=1)


@pytest.fixture
def helen(team):
    return make_person(name="Helen Adeyemi", team=team)


@pytest.fixture
def said(account, agent, now):
    """Due on Friday."""
    due_on = TODAY + 3 * DAY
    return CommitmentFactory(account=account, owner=agent, due_on=due_on, made_at=now)


def told(account):
    """The kinds and payloads of what happened, oldest first, without what all of them say."""
    events = Event.objects.filter(timeline=account.timeline).order_by("id")
    common = {"text", "owner", "owner_id", "due_on"}
    return [
        (event.kind, {k: v for k, v in event.payload.items() if k not in common})
        for event in events
    ]


def notified():
    rows = Notification.objects.order_by("user__name", "event")
    return [(row.user.name, row.event.kind) for row in rows.select_related("user", "event")]


# --- made


def test_a_form_that_comes_twice_makes_one(account, agent, now):
    words = {"text": "Send a card reader", "owner": agent, "due_on": TODAY, "key": uuid.uuid4()}

    first, second = (actions.add(account, by=agent, at=now, **words) for _ in range(2))

    assert first == second == Commitment.objects.get()
    event = Event.objects.get(kind="saves.committed")
    assert event.payload == {
        "text": "Send a card reader",
        "owner": "Ada Lovett",
        "owner_id": agent.pk,
        "due_on": "2026-06-09",
    }


def test_nobody_commits_to_a_day_that_is_over_where_the_owner_is(account, now):
    words = {"text": "Ring them", "due_on": TODAY, "by": UserFactory(), "at": now}
    ahead = UserFactory(time_zone="Pacific/Kiritimati")  # 23:30 on the same day
    actions.make(account, owner=ahead, **words)

    with pytest.raises(actions.DayOver, match="today or a later day"):
        actions.make(account, owner=ahead, **words | {"at": now + timedelta(hours=1)})

    assert Commitment.objects.count() == 1


def test_nothing_is_said_to_a_customer_who_is_gone(account, agent, manager, now):
    accounts.remove_account(account, reason="Twice", by=manager, at=now)

    with pytest.raises(accounts.Removed):
        actions.add(account, text="x", owner=agent, due_on=TODAY, by=agent, at=now)


# --- kept, waived


def test_kept_says_what_shows_it_and_twice_is_once(account, said, helen, now):
    for _ in range(2):
        done = actions.keep(said, evidence=" Invoice 4711 ", by=helen, at=now, version=1)

    assert (done.state, done.evidence, done.version) == ("kept", "Invoice 4711", 2)
    assert (done.settled_at, done.settled_by) == (now, helen)
    assert told(account) == [("saves.commitment_kept", {"evidence": "Invoice 4711"})]


def test_waived_says_why_and_twice_is_once(account, said, helen, now):
    for _ in range(2):
        done = actions.waive(said, evidence="They moved", by=helen, at=now, version=1)

    assert (done.state, done.evidence, done.settled_by) == ("waived", "They moved", helen)
    assert told(account) == [("saves.commitment_waived", {"evidence": "They moved"})]


@pytest.mark.parametrize("act", [actions.keep, actions.waive])
def test_what_is_settled_is_not_settled_again(account, said, agent, now, act):
    actions.keep(said, evidence="Invoice 4711", by=agent, at=now)

    with pytest.raises(actions.Settled, match="settled already: Kept"):
        act(said, evidence="Another", by=agent, at=now)

    assert len(told(account)) == 1


@pytest.mark.parametrize("act", [actions.keep, actions.waive])
def test_nothing_is_settled_without_a_word(account, said, agent, now, act):
    with pytest.raises(actions.Unsaid, match="in a few words"):
        act(said, evidence="  ", by=agent, at=now)

    assert told(account) == []


@pytest.mark.parametrize("act", [actions.keep, actions.waive])
def test_who_is_slower_is_told(account, said, agent, helen, now, act):
    actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)

    with pytest.raises(accounts.ChangedMeanwhile):
        act(said, evidence="Invoice 4711", by=agent, at=now, version=1)

    assert len(told(account)) == 1


# --- handed over, moved


def test_another_owner_and_another_day_are_one_change(account, said, agent, helen, now):
    change = {"owner": helen, "due_on": TODAY + DAY, "why": "Her week", "by": agent, "at": now}
    for _ in range(2):
        moved = actions.reassign(said, version=1, **change)

    assert (moved.owner, moved.due_on, moved.version) == (helen, TODAY + DAY, 2)
    assert told(account) == [
        (
            "saves.commitment_changed",
            {
                "changes": {
                    "owner": ["Ada Lovett", "Helen Adeyemi"],
                    "due_on": ["2026-06-12", "2026-06-10"],
                },
                "why": "Her week",
                "former_owner_id": agent.pk,
            },
        )
    ]


def test_a_change_of_the_day_alone_says_no_more(account, said, agent, now):
    actions.reassign(said, due_on=TODAY, why="They asked", by=agent, at=now)

    changes = {"due_on": ["2026-06-12", "2026-06-09"]}
    assert told(account) == [
        ("saves.commitment_changed", {"changes": changes, "why": "They asked"})
    ]


def test_a_day_is_not_moved_into_the_past_of_its_owner(account, said, agent, helen, now):
    with pytest.raises(actions.DayOver):
        actions.reassign(said, due_on=TODAY - DAY, why="x", by=agent, at=now)
    helen.time_zone = "Pacific/Auckland"
    with pytest.raises(actions.DayOver):
        actions.reassign(
            said, owner=helen, due_on=TODAY, why="x", by=agent, at=now + timedelta(hours=3)
        )

    assert told(account) == []


def test_what_is_over_can_neither_be_waived_nor_moved(account, said, agent, now):
    later = now + 4 * DAY
    refused = (
        lambda: actions.waive(said, evidence="x", by=agent, at=later),
        lambda: actions.reassign(said, due_on=TODAY + 9 * DAY, why="x", by=agent, at=later),
    )
    for act in refused:
        with pytest.raises(actions.Broken, match="make it good"):
            act()
    actions.break_overdue(at=later)
    for act in refused:
        with pytest.raises(actions.Broken):
            act()

    assert told(account) == [("saves.commitment_broken", {})]


# --- broken, made good


def test_it_is_broken_when_the_day_ends_where_its_owner_is(account, said, agent):
    agent.time_zone = "America/New_York"
    agent.save()
    # In summer, midnight in New York is four in the morning in Greenwich.
    end = datetime(2026, 6, 13, 4, 0, tzinfo=UTC)

    assert actions.break_overdue(at=end - timedelta(seconds=1)) == 0
    assert actions.break_overdue(at=end) == 1
    assert actions.break_overdue(at=end) == 0

    said.refresh_from_db()
    assert (said.state, said.settled_at, said.settled_by) == ("broken", end, None)
    assert told(account) == [("saves.commitment_broken", {})]


def test_made_good_leaves_it_broken_and_twice_is_once(account, said, helen, now):
    later = now + 5 * DAY
    actions.break_overdue(at=now + 4 * DAY)
    for _ in range(2):
        done = actions.keep(said, evidence="Sent it", by=helen, at=later, version=2)

    assert (done.state, done.evidence) == ("broken", "Sent it")
    assert (done.settled_at, done.made_good_at, done.made_good_by) == (now + 4 * DAY, later, helen)
    assert told(account)[1:] == [("saves.commitment_made_good", {"evidence": "Sent it"})]
    with pytest.raises(actions.Settled, match="settled already: Broken"):
        actions.keep(said, evidence="Once more", by=helen, at=later)


def test_kept_before_the_worker_noticed_that_it_is_over_is_made_good(account, said, agent, now):
    done = actions.keep(said, evidence="Sent it", by=agent, at=now + 4 * DAY, version=1)

    assert done.state == "broken"
    assert [kind for kind, _ in told(account)] == [
        "saves.commitment_broken",
        "saves.commitment_made_good",
    ]


def test_the_worker_is_rung_when_something_is_over_and_tells_the_owner(
    account, said, agent, manager, now, ran_jobs
):
    with time_machine.travel(now, tick=False):
        assert "saves.break_overdue" not in ring_due()
    with time_machine.travel(now + 4 * DAY, tick=False):
        assert "saves.break_overdue" in ring_due()
        ran_jobs()
        assert "saves.break_overdue" not in ring_due()

    assert notified() == [("Ada Lovett", "saves.commitment_broken")]


def test_those_of_a_removed_customer_wait(account, said, manager, now):
    part = AccountFactory(team=account.team, plan="Studio")
    CommitmentFactory(account=part, owner=said.owner, due_on=said.due_on)
    accounts.merge(account, part, by=manager, at=now)
    accounts.remove_account(account, reason="Twice", by=manager, at=now)

    assert actions.break_overdue(at=now + 4 * DAY) == 0

    accounts.restore_account(account, by=manager, at=now + 5 * DAY, within=30 * DAY)
    assert actions.break_overdue(at=now + 5 * DAY) == 2


def test_a_run_takes_so_many_and_no_more(account, agent, now):
    CommitmentFactory.create_batch(3, account=account, owner=agent, due_on=TODAY)
    CommitmentFactory(account=account, due_on=TODAY)

    assert actions.break_overdue(at=now + 2 * DAY, limit=3) == 3
    assert actions.break_overdue(at=now + 2 * DAY, limit=3) == 1


def test_one_that_was_moved_meanwhile_is_left_alone(account, said, agent, now, monkeypatch):
    monkeypatch.setattr(queries, "overdue", lambda at, *, limit: [said.pk])

    assert actions.break_overdue(at=now) == 0
    actions.keep(said, evidence="Sent it", by=agent, at=now)
    assert actions.break_overdue(at=now + 4 * DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_somebody_who_keeps_it_say_one_thing_each(account, agent, now):
    rows = CommitmentFactory.create_batch(30, account=account, owner=agent, due_on=TODAY)
    later, problems = now + 2 * DAY, []

    def work():
        actions.break_overdue(at=later)

    def keep():
        for row in reversed(rows):
            actions.keep(row, evidence="Sent it", by=agent, at=later)

    barrier = threading.Barrier(3)

    def run(act):
        try:
            barrier.wait(20)
            act()
        except Exception as problem:  # noqa: BLE001  said below
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in (work, work, keep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert problems == []
    kinds = [kind for kind, _ in told(account)]
    assert kinds.count("saves.commitment_broken") == 30
    assert kinds.count("saves.commitment_made_good") == 30
    assert Commitment.objects.filter(state="broken", made_good_by=agent).count() == 30


# --- undone


@pytest.mark.parametrize(("act", "was"), [(actions.keep, "kept"), (actions.waive, "waived")])
def test_who_settled_it_can_take_that_back_for_ten_minutes(account, said, agent, now, act, was):
    act(said, evidence="Wrong customer", by=agent, at=now)
    for _ in range(2):
        done = actions.reopen(said, by=agent, at=now + timedelta(minutes=9))

    assert (done.state, done.evidence, done.settled_at, done.settled_by) == ("open", "", None, None)
    assert told(account)[1:] == [("saves.commitment_reopened", {"was": was})]


def test_made_good_can_be_taken_back_as_well(account, said, agent, now):
    later = now + 4 * DAY
    actions.keep(said, evidence="Wrong customer", by=agent, at=later)
    for _ in range(2):
        done = actions.reopen(said, by=agent, at=later)

    assert (done.state, done.evidence, done.made_good_at) == ("broken", "", None)
    assert told(account)[2:] == [("saves.commitment_reopened", {"was": "made_good"})]


def test_nobody_else_and_nobody_later_takes_it_back(said, agent, helen, now):
    actions.keep(said, evidence="Sent it", by=agent, at=now)

    for by, at in ((helen, now), (agent, now + timedelta(minutes=10))):
        with pytest.raises(actions.ReopenTooLate, match="within ten minutes"):
            actions.reopen(said, by=by, at=at)


# --- who is told


def test_the_owner_is_told_but_not_of_what_they_did(account, said, agent, helen, now, ran_jobs):
    actions.keep(said, evidence="Sent it", by=agent, at=now)
    ran_jobs()
    assert notified() == []

    other = CommitmentFactory(account=account, owner=agent, due_on=TODAY)
    actions.reassign(other, owner=helen, why="Her week", by=helen, at=now)
    ran_jobs()
    assert notified() == [("Ada Lovett", "saves.commitment_changed")]

    actions.keep(other, evidence="Sent it", by=agent, at=now)
    ran_jobs()
    assert notified()[1:] == [("Helen Adeyemi", "saves.commitment_kept")]


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_for_a_new_owner_goes_on_with_it(said, agent, helen, now):
    given = []

    def keep():
        given.append(actions.keep(said, evidence="They wrote.", by=agent, at=now))
        connections.close_all()

    with transaction.atomic():
        actions.reassign(said, owner=helen, why="Away.", by=agent, at=now)
        thread = threading.Thread(target=keep)
        thread.start()
        thread.join(0.5)  # by then it waits for the row
    thread.join(60)

    assert [(each.owner, each.state) for each in given] == [(helen, "kept")]
