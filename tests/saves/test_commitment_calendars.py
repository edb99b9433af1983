"""The task of a commitment is due when work ends, and follows the calendar of whoever has it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.access import actions as access
from apps.history.models import Event
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.tasks import actions as tasks
from apps.tasks.models import Task
from tests.factories.calendars import CalendarFactory, PersonCalendarFactory, TeamCalendarFactory
from tests.factories.tasks import QueueFactory
from tests.factories.users import make_person

FRIDAY = date(2026, 6, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Five in the afternoon in London, and three.
FIVE, THREE = (datetime(2026, 6, 12, hour, tzinfo=UTC) for hour in (16, 14))
TO_FIVE, TO_THREE = (540, 1020), (540, 900)


@pytest.fixture(autouse=True)
def today(now, time_machine):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def calendar(team):
    """The calendar of Ada's team: nine to five in London."""
    found = CalendarFactory(name="Office", time_zone="Europe/London")
    TeamCalendarFactory(team=team, calendar=found)
    return found


def week_of(stretch):
    return [*[[stretch]] * 5, [], []]


@pytest.fixture
def save(calendar, admin, now, ran_jobs):
    """Write the team's week anew and let everybody hear of it: `save(TO_THREE)`."""

    def write(stretch):
        access.save_calendar(calendar, week=week_of(stretch), by=admin, at=now)
        ran_jobs()

    return write


@pytest.fixture
def make(save, account, agent, now):
    """Commit to something by Friday, with a calendar that ends at five: `make(owner=…)`."""
    save(TO_FIVE)

    def commit(**words):
        words = {"text": "Send a card reader", "owner": agent, "due_on": FRIDAY} | words
        return actions.make(account, by=agent, at=now, **words)

    return commit


def due():
    return list(Commitment.objects.order_by("pk").values_list("task__due_at", flat=True))


def test_what_is_promised_for_a_day_follows_the_calendar(make, save, queue, ran_jobs):
    said, _waits = make(), make(queue=queue)
    _abroad = make(owner=make_person("agent", name="Bo Lind", email="bo@example.com"))
    assert due() == [FIVE] * 3

    save(TO_THREE)

    assert due() == [THREE, THREE, FIVE]
    told = Event.objects.filter(kind="tasks.rescheduled")
    assert [event.payload["because"] for event in told] == ["calendar"] * 2
    said.refresh_from_db()
    assert (said.due_on, said.reckoned_at) == (FRIDAY, THREE)
    save(TO_FIVE)
    save(TO_FIVE)
    assert due() == [FIVE] * 3
    assert told.all().count() == 4


def test_what_somebody_chose_or_what_is_past_stays(make, save, agent, now, time_machine):
    chosen, done, kept, past = make(), make(), make(), make(due_on=now.date())
    tasks.reschedule(chosen.task, by=agent, at=now, due_at=FIVE - 4 * HOUR)
    tasks.complete(done.task, by=agent, at=now, outcome="Sent")
    actions.keep(kept, evidence="Sent", by=agent, at=now)
    time_machine.move_to(past.task.due_at + HOUR, tick=False)

    save(TO_THREE)

    assert due() == [FIVE - 4 * HOUR, FIVE, FIVE, past.task.due_at]


def test_whoever_moves_it_has_it_follow_again(make, save, agent, queue, now):
    said, team = make(), make()
    tasks.reschedule(said.task, by=agent, at=now, due_at=FIVE - 4 * HOUR)
    monday = FRIDAY + 3 * DAY
    actions.reassign(said, due_on=monday, why="They asked", by=agent, at=now)
    actions.reassign(team, queue=queue, due_on=monday, why="They asked", by=agent, at=now)

    save(TO_THREE)

    assert due() == [THREE + 3 * DAY] * 2


def test_it_is_seen_before_a_calendar_is_saved(make, calendar, agent, queue, account):
    own = make_person("agent", name="Own", email="own@example.com", team=agent.team)
    PersonCalendarFactory(user=own, calendar=CalendarFactory())
    make(), make(queue=queue, text="Ring them"), make(owner=own)
    before = due()

    moves = access.try_calendar(calendar, week=week_of(TO_THREE))

    assert [(each.what, each.customer, each.whose) for each in moves.all] == [
        ("Send a card reader", account.name, "Ada Lovett"),
        ("Ring them", account.name, "Follow-ups"),
    ]
    assert {(each.before, each.after) for each in moves.all} == {(FIVE, THREE)}
    assert due() == before
    assert not access.try_calendar(calendar, week=week_of(TO_FIVE)).all


@pytest.fixture
def queue(team):
    """Where people of Ada's team take the next one."""
    return QueueFactory(name="Follow-ups", team=team)


def test_many_are_asked_of_in_a_few_questions(make, now, django_assert_max_num_queries):
    for _ in range(5):
        make()

    with django_assert_max_num_queries(12):
        actions.follow_calendars(at=now)
    assert not Task.objects.exclude(due_at=FIVE).exists()
