"""Moments said in working time follow the calendars."""

import datetime
from datetime import time, timedelta

import pytest

from apps.access import actions as access
from apps.calendars import following
from apps.calendars.models import Calendar
from apps.core import jobs
from apps.tasks import actions
from apps.tasks.actions import recounting as recounts
from apps.tasks.models import Recount, Task
from apps.tasks.queries import recounting
from tests.factories.accounts import AccountFactory
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

    def write(stretch, **more):
        return access.save_calendar(calendar, week=week_of(stretch), by=admin, at=now, **more)

    return write


@pytest.fixture
def see(calendar):
    """Say what would move with another week: `see(FROM_NOON)`."""

    def look(stretch, **more):
        return access.try_calendar(calendar, week=week_of(stretch), **more)

    return look


def week_of(stretch):
    return [*[[stretch]] * 5, [], []]


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


def test_who_has_no_calendar_works_by_the_clocks_of_their_zone(make, agent, now):
    task = make(owner=agent)
    before = task.due_at

    access.update_profile(
        agent, name="Ada", time_zone="America/New_York", has_shortcuts=True, theme="dark", at=now
    )
    settle()

    task.refresh_from_db()
    assert task.due_at > before


def test_a_change_can_be_seen_before_it_is_made(
    save, see, make, agent, colleague, queue, calendar, now
):
    save(NINE_TO_FIVE)
    PersonCalendarFactory(user=colleague, calendar=CalendarFactory())
    theirs, waits = make(owner=agent, what="Ring them"), make(queue=queue)
    own = make(owner=make_person(name="Own"))
    PersonCalendarFactory(user=own.owner, calendar=calendar)
    make(owner=colleague), make(queue=QueueFactory())
    gone = make(owner=agent, account=AccountFactory()).account
    gone.removed_at = now
    gone.save()
    before = due()

    assert see(NINE_TO_FIVE) == following.Moves()
    moves = see(FROM_NOON)

    assert (moves.count, moves.is_whole, due()) == (3, True, before)
    assert {move.whose for move in moves.shown} == {"Ada Lovett", "Follow-ups", "Own"}
    assert {move.before for move in moves.all} == {theirs.due_at, waits.due_at, own.due_at}
    assert {move.after.hour for move in moves.all} == {12}
    assert {move.customer for move in moves.all} == {"Larkspur Dental"}
    assert moves.key != see((660, 1020)).key
    assert list(calendar.openings.values_list("opens", flat=True)) == [540] * 5


def test_days_off_and_whom_a_calendar_is_given_to_move_moments_too(
    save, see, make, agent, team, colleague, now
):
    save(NINE_TO_FIVE)
    make(owner=agent), make(owner=colleague)
    today = [(now.date(), 0, 1440, "Summer party")]

    assert see(NINE_TO_FIVE, days_off=today).count == 2
    assert see(NINE_TO_FIVE, teams=[], people=[]).count == 0  # the usual hours are as good
    save(FROM_NOON, teams=[team])
    assert see(FROM_NOON, teams=[], people=[]).count == 2
    assert see(FROM_NOON, teams=[], people=[agent]).count == 1
    fresh = Calendar(name="Night", time_zone="Europe/London")
    week = [[(0, 480)]] * 7
    assert access.try_calendar(fresh, week=week, teams=[], people=[agent]).count == 1
    assert fresh.pk is None


def test_what_was_shown_moves_as_the_calendar_is_saved(save, make, agent, now, told):
    save(NINE_TO_FIVE)
    task = make(owner=agent)

    save(FROM_NOON)

    noon = datetime.datetime(2026, 6, 9, 11, tzinfo=datetime.UTC)
    assert due() == [noon + HOUR]
    [event] = told("tasks.rescheduled")
    assert (event["before"], event["because"]) == (task.due_at.isoformat(), "calendar")
    settle()
    assert len(told("tasks.rescheduled")) == 1


def test_of_very_many_the_worker_moves_the_rest(save, see, make, agent, monkeypatch):
    monkeypatch.setattr(recounts, "AT_ONCE", 2)
    monkeypatch.setattr(recounting, "MOST", 3)
    save(NINE_TO_FIVE)
    for _ in range(4):
        make(owner=agent)
    before = due()[0]
    moves = see(FROM_NOON)
    assert (moves.count, moves.is_whole) == (3, False)

    save(FROM_NOON)
    assert due().count(before) == 2
    settle()
    assert before not in due()


def test_a_room_follows_once():
    with pytest.raises(ValueError, match="follows working time already"):
        following.register("tasks", find=None, move=None)


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
