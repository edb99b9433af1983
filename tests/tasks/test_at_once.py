"""Many people at the same tasks at the same moment."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from apps.history import actions as history
from apps.history.models import Event
from apps.tasks import actions
from apps.tasks.actions import covering, many, snoozing
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import recounting
from apps.workspace.bulk_kinds import Done
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import HandoffFactory, QueueFactory, RecountFactory, TaskFactory
from tests.factories.users import make_person
from tests.processes.tools import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """Call `act(number)` in so many threads at the same moment.

    Returns:
        What each gave, or why it was refused, in no order.
    """
    barrier, given = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait(20)
            given.append(act(number))
        except (actions.TaskRefused, DatabaseError) as refusal:
            given.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return given


def told(kind):
    return Event.objects.filter(kind=kind).count()


def test_twenty_people_take_five_hundred_tasks_and_nobody_takes_anothers(team, queue, now):
    people = [make_person(team=team) for _ in range(20)]
    for account in [AccountFactory() for _ in range(20)]:
        TaskFactory.create_batch(25, account=account, owner=None, queue=queue, due_at=now)

    def take_all(number):
        return [
            task.pk for task in iter(lambda: actions.claim_next(by=people[number], at=now), None)
        ]

    taken = [pk for each in at_once(20, take_all) for pk in each]

    assert len(taken) == len(set(taken)) == 500
    assert told("tasks.claimed") == 500
    assert not Task.objects.waiting().exists()


def test_more_people_than_tasks_get_one_or_none(team, queue, account, now):
    people = [make_person(team=team) for _ in range(12)]
    TaskFactory.create_batch(5, account=account, owner=None, queue=queue)

    given = at_once(12, lambda number: actions.claim_next(by=people[number], at=now))

    assert Counter(task is None for task in given) == {False: 5, True: 7}
    assert len({task.pk for task in given if task}) == 5


def test_one_task_is_taken_by_one_person(team, queue, account, now):
    people = [make_person(team=team) for _ in range(12)]
    task = TaskFactory(account=account, owner=None, queue=queue)

    given = at_once(12, lambda number: actions.claim(task, by=people[number], at=now))

    assert Counter(type(each) for each in given) == {Task: 1, actions.TakenAlready: 11}
    assert told("tasks.claimed") == 1


def make_at_once(count, now, **words):
    accounts = [AccountFactory() for _ in range(count)]

    def make(number):
        return actions.create(
            account=accounts[number],
            what="Call them",
            by=None,
            at=now,
            cause=f"test:{number}",
            due_minutes=60,
            **words,
        )

    return at_once(count, make)


@pytest.mark.parametrize("routing", ["round_robin", "least_busy"])
def test_arrivals_at_once_are_shared_out_evenly(routing, team, now):
    for _ in range(4):
        make_person(team=team)
    queue = QueueFactory(team=team, routing=routing)

    given = make_at_once(12, now, queue=queue)

    assert sorted(Counter(task.owner_id for task in given).values()) == [3, 3, 3, 3]


def test_two_queues_of_a_team_count_what_the_other_gives(account, team, colleague, now):
    queues = [QueueFactory(team=team, routing="least_busy") for _ in range(2)]
    tasks = [TaskFactory(account=account, owner=None, queue=QueueFactory()) for _ in range(6)]

    given = at_once(
        6,
        lambda number: actions.assign(tasks[number], queue=queues[number % 2], by=None, at=now),
    )

    assert sorted(Counter(task.owner_id for task in given).values()) == [3, 3]


def test_one_cause_makes_one_task(account, agent, now):
    def make(number):
        return actions.create(
            account=account,
            what="Call them",
            by=agent,
            at=now,
            cause="commitment:42",
            owner=agent,
            due_minutes=60,
        )

    given = at_once(8, make)

    assert {task.pk for task in given} == {Task.objects.get().pk}
    assert told("tasks.created") == 1


def test_a_task_is_completed_once(task, agent, now):
    given = at_once(8, lambda number: actions.complete(task, by=agent, at=now))

    assert {each.state for each in given} == {"done"}
    assert told("tasks.completed") == 1


def test_who_changes_one_of_many_that_are_just_changed_waits_and_both_are_done(
    task, agent, colleague, manager, now, monkeypatch
):
    """The row before its timeline, in both: otherwise each would have what the other waits for."""
    others, hold_many = [], many.history.hold_many

    def one():
        try:
            others.append(actions.complete(task, by=agent, at=now))
        except (actions.TaskRefused, DatabaseError) as refusal:
            others.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=one)

    def meanwhile(*args):
        hold_many(*args)
        thread.start()
        eventually(waits_for_a_lock, within=20)

    monkeypatch.setattr(many.history, "hold_many", meanwhile)
    with transaction.atomic():
        found = many.assign([task.pk], to=colleague.pk, queue=None, why="", by=manager, at=now)
    thread.join(60)

    assert isinstance(found[task.pk], Done)
    assert [type(each) for each in others] == [actions.NotYours]


@pytest.fixture
def event(account, agent, colleague, now):
    """What concerns both tasks of a customer: `event("access.went_away")`."""
    for _ in range(2):
        TaskFactory(
            account=account,
            owner=agent,
            due_at=now + timedelta(days=1),
            snoozed_until=now + timedelta(hours=1),
            snoozed_by=agent,
            snooze_reason="Later.",
        )

    def happen(kind):
        words = {"starts_on": "2026-06-10", "ends_on": "2026-06-10"}
        if kind == "history.noted":
            return history.add_note(account.timeline, text="Hello", by=agent, at=now)
        OutOfOfficeFactory(user=agent, stand_in=colleague, **words)
        away = history.record(
            "access.went_away",
            timeline=agent.member.timeline,
            by=agent,
            at=now,
            subject=agent,
            stand_in=str(colleague),
            **words,
        )
        if kind == "access.came_back":
            covering.offer(away, at=now)
        return away

    return happen


@pytest.mark.parametrize(
    ("kind", "hear"),
    [
        ("history.noted", snoozing.hear),
        ("access.went_away", covering.offer),
        ("access.came_back", covering.take_back),
    ],
)
def test_who_completes_one_of_several_tasks_that_something_concerns_waits_for_all(
    kind, hear, event, agent, now, monkeypatch
):
    """All rows before the first timeline: otherwise each would have what the other waits for."""
    event, last, given = event(kind), Task.objects.latest("pk"), []
    record = history.record

    def complete():
        try:
            given.append(actions.complete(last, by=agent, at=now, outcome="Done."))
        except (actions.TaskRefused, DatabaseError) as refusal:
            given.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=complete)

    def meanwhile(*args, **words):
        monkeypatch.setattr(history, "record", record)
        told = record(*args, **words)
        thread.start()
        eventually(waits_for_a_lock, within=20)
        return told

    monkeypatch.setattr(history, "record", meanwhile)
    hear(event, at=now)
    thread.join(60)

    assert [type(each) for each in given] == [Task]
    assert Task.objects.get(pk=last.pk).state == "done"


def waits_for_a_lock():
    with connection.cursor() as cursor:
        # Kept for a transaction otherwise, as it was when it was asked first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def test_it_is_either_accepted_or_taken_back(task, agent, colleague, now):
    handoff = HandoffFactory(task=task, receiver=colleague)

    def act(number):
        if number % 2:
            return actions.accept(handoff, by=colleague, at=now)
        return actions.withdraw(handoff, by=agent, at=now)

    given = at_once(6, act)

    assert Counter(type(each) for each in given) == {Handoff: 3, actions.HandoffAnswered: 3}
    assert told("tasks.handoff_answered") == 1
    accepted = Handoff.objects.get().answer == "accepted"
    assert Task.objects.get().owner == (colleague if accepted else agent)


def test_two_workers_wake_each_task_once(agent, now):
    for _ in range(20):
        TaskFactory(
            owner=agent,
            snoozed_until=now - timedelta(hours=1),
            snoozed_by=agent,
            snooze_reason="Later.",
        )

    given = at_once(2, lambda number: actions.wake_due(at=now))
    given.append(actions.wake_due(at=now))

    assert sum(given) == 20
    assert told("tasks.woken") == 20


def test_two_workers_move_each_task_once(agent, account, now):
    for _ in range(20):
        TaskFactory(account=account, owner=agent, due_after=now, due_minutes=60)
    RecountFactory()

    given = at_once(2, lambda number: actions.recount(at=now, limit=8))
    while recounting.waiting():
        given.append(actions.recount(at=now, limit=8))

    assert sum(given) == 20
    assert told("tasks.rescheduled") == 20


def test_two_workers_give_away_each_task_once(team, queue, account, now):
    gone = make_person(team=team, is_active=False)
    for _ in range(20):
        TaskFactory(account=account, owner=gone, queue=queue)

    given = at_once(2, lambda number: actions.find_others(at=now))
    given.append(actions.find_others(at=now))

    assert sum(given) == 20
    assert told("tasks.assigned") == 20
