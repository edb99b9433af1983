"""Moments said in working time follow the calendars."""

import datetime
from datetime import time, timedelta

import pytest

from apps.access import actions as access
from apps.calendars import queries as calendars
from apps.calendars.models import Calendar
from apps.core import jobs
from apps.tasks import actions
from apps.tasks.actions import recounting as recounts
from apps.tasks.models import Recount, Task
from apps.tasks.queries import recounting
from tests.factories.calendars import CalendarFactory, PersonCalendarFactory, TeamCalendarFactory
from tests.factories.history import EventFactory
from tests.factories.tasks import QueueFactory, RecountFactory, TaskFactory
from tests.factories.users import make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE_TO_FIVE, FROM_NOON = (540, 1020), (720, 1020)


@pytest.fixture
def calendar(team):
    """The calendar of Ada's team: nine to five in London."""
    found = CalendarFactory(name="Office", time_zone="Europe/London")
    TeamCalendarFactory(team=team, calendar=found)
    return found


@pytest.fixture
def save(calendar, admin, now):
    """Write the team's week anew: `save(FROM_NOON)` on all five days."""

    def write(stretch):
        week = [*[[stretch]] * 5, [], []]
        return access.save_calendar(calendar, week=week, by=admin, at=now)

    return write


def settle():
    """Let the worker do what it has to."""
    jobs.run_all()
    while "tasks.recount" in jobs.ring_due():
        jobs.run_all()


def due():
    return [task.due_at for task in Task.objects.order_by("pk")]


def test_open_moments_follow_a_calendar_that_changed(save, make, agent, now, told):
    save(NINE_TO_FIVE)
    at_hours, fixed = make(owner=agent), make(owner=agent, due_at=now + HOUR)
    clock = make(owner=agent, due_clock=time(9, 30))
    done = make(owner=agent, kind="check")
    actions.complete(done, by=agent, at=now)
    settle()
    assert told("tasks.rescheduled") == []

    save(FROM_NOON)
    settle()

    noon = datetime.datetime(2026, 6, 9, 11, tzinfo=datetime.UTC)
    assert due() == [noon + HOUR, fixed.due_at, noon + DAY, done.due_at]
    moved = [(each["before"], each["because"]) for each in told("tasks.rescheduled")]
    assert moved == [
        (at_hours.due_at.isoformat(), "calendar"),
        (clock.due_at.isoformat(), "calendar"),
    ]


def test_what_waits_follows_its_teams_calendar(save, make, queue):
    save(NINE_TO_FIVE)
    task = make(queue=queue)
    before = task.due_at

    save(FROM_NOON)
    settle()

    task.refresh_from_db()
    assert task.due_at > before


def test_a_person_of_another_team_has_its_hours(save, make, agent, admin, now):
    save(FROM_NOON)
    task = make(owner=agent)
    before = task.due_at

    access.change_access(agent.member, role="agent", authority="agent", team=None, by=admin, at=now)
    settle()

    task.refresh_from_db()
    assert task.due_at < before


def test_a_change_can_be_seen_before_it_is_made(save, make, agent, colleague, queue, calendar):
    save(NINE_TO_FIVE)
    PersonCalendarFactory(user=colleague, calendar=CalendarFactory())
    theirs, waits = make(owner=agent), make(queue=queue)
    own = make(owner=make_person())
    PersonCalendarFactory(user=own.owner, calendar=calendar)
    make(owner=colleague), make(queue=QueueFactory())

    row = calendars.with_parts(Calendar.objects.filter(pk=calendar.pk)).get()
    same = calendars.hours(row)
    later = type(same)("Europe/London", (*[(FROM_NOON,)] * 5, (), ()))

    assert recounting.preview(calendar, same) == []
    moves = recounting.preview(calendar, later)
    assert {move.task.pk for move in moves} == {theirs.pk, waits.pk, own.pk}
    assert {move.before for move in moves} == {theirs.due_at}
    assert {move.after.hour for move in moves} == {12}


def test_all_are_looked_at_in_batches(agent, account, now):
    for _ in range(3):
        TaskFactory(account=account, owner=agent, due_after=now, due_minutes=60)
    row = RecountFactory()

    counts = [actions.recount(at=now, limit=2) for _ in range(3)]

    row.refresh_from_db()
    assert counts == [2, 1, 0]
    assert row.done_at == now
    assert set(due()) == {now + HOUR}


def test_the_same_event_asks_once_and_another_one_again(db, now):
    event = EventFactory()

    for each in (event, event, EventFactory()):
        recounts.ask(each, at=now)

    assert Recount.objects.count() == 2
    assert str(Recount.objects.first()).startswith(f"event:{event.pk} ")


def test_what_moved_or_was_closed_meanwhile_is_left(make, task, agent, now):
    task = make(owner=agent, kind="check")
    assert recounts._move(task.pk, at=now) is False

    actions.complete(task, by=agent, at=now)
    assert recounts._move(task.pk, at=now) is False


def test_many_are_looked_at_with_a_handful_of_questions(
    agent, account, queue, now, django_assert_num_queries
):
    for _ in range(2):
        TaskFactory(owner=make_person(), due_after=now, due_minutes=60)
        TaskFactory(owner=None, queue=QueueFactory(), due_after=now, due_minutes=60)

    with django_assert_num_queries(4):
        assert len(recounting.batch(0, limit=10)[0]) == 4
