"""Whose working time counts, who is there, and how much people have to do."""

import datetime
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.tasks.models import Queue, Task
from apps.tasks.queries import load, people, working
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import (
    CalendarFactory,
    OpeningFactory,
    OutOfOfficeFactory,
    PersonCalendarFactory,
    TeamCalendarFactory,
)
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, UserFactory, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_owners_calendar_counts_or_else_their_teams(agent, colleague, team, queue):
    PersonCalendarFactory(user=agent, calendar=CalendarFactory(time_zone="Asia/Tokyo"))
    TeamCalendarFactory(team=team, calendar=CalendarFactory(time_zone="Europe/Paris"))

    assert working.hours_for(agent, queue).zone == "Asia/Tokyo"
    assert working.hours_for(colleague, None).zone == "Europe/Paris"
    assert working.hours_for(None, queue).zone == "Europe/Paris"


def test_without_a_calendar_people_and_teams_work_as_is_usual_where_they_are(db):
    person = UserFactory(team=None, time_zone="Asia/Tokyo")
    queue = QueueFactory(team__time_zone="America/New_York")

    assert working.hours_for(person, None) == working.usual("Asia/Tokyo")
    assert working.hours_for(None, queue).zone == "America/New_York"


def test_a_day_away_counts_where_the_person_is(agent, now):
    agent.time_zone = "Pacific/Auckland"
    wednesday = now.date() + DAY
    absence = OutOfOfficeFactory(user=agent, starts_on=wednesday, ends_on=wednesday)

    assert people.away_at([agent], now) == {}
    assert people.away_at([agent], now, now + 3 * HOUR) == {agent.pk: absence}


def test_people_take_from_queues_of_teams_they_belong_to_or_lead(agent, manager, queue):
    other = QueueFactory()
    other.team.lead = agent
    other.team.save()

    assert set(people.queues_of(agent)) == {queue, other}
    assert set(people.queues_of(manager)) == {queue}
    assert not people.queues_of(make_person(team=None)).exists()


def test_load_is_the_effort_of_what_is_open_against_the_days_ahead(
    agent, colleague, account, now, django_assert_num_queries
):
    TaskFactory(account=account, owner=agent, effort=30)
    TaskFactory(account=account, owner=agent, effort=45)
    TaskFactory(account=account, owner=agent, state="done", kind="check", closed_at=now)
    TaskFactory(account=AccountFactory(removed_at=now), owner=agent)
    calendar = CalendarFactory(time_zone="UTC")
    for weekday in (1, 2, 3):
        OpeningFactory(calendar=calendar, weekday=weekday)
    PersonCalendarFactory(user=agent, calendar=calendar)
    PersonCalendarFactory(user=colleague, calendar=calendar)
    OutOfOfficeFactory(user=colleague, starts_on=now.date() + DAY, ends_on=now.date() + 400 * DAY)

    with django_assert_num_queries(5):
        found = load.loads([agent, colleague], at=now)

    # Tuesday from half past nine, Wednesday, Thursday, and half an hour of next Tuesday.
    assert (found[agent.pk].effort, found[agent.pk].available) == (75, 3 * 8 * 60)
    assert (found[colleague.pk].effort, found[colleague.pk].available) == (0, 7.5 * 60)


def test_tasks_are_seen_with_their_customer(task, agent, manager, admin, outsider, now):
    merged, private = AccountFactory(merged_into=task.account), TeamFactory(is_private=True)
    second = TaskFactory(account=merged)
    hidden = TaskFactory(account=AccountFactory(team=private))
    also = TaskFactory(account=AccountFactory(merged_into=hidden.account))
    TaskFactory(account=AccountFactory(removed_at=now))

    assert set(Task.objects.visible_to(agent)) == {task, second}
    assert set(Task.objects.visible_to(admin)) == {task, second, hidden, also}


def test_tasks_come_in_order_and_with_what_is_shown(task, account, now, django_assert_num_queries):
    first = TaskFactory(account=account, due_at=now - HOUR)

    assert list(Task.objects.soonest_first()) == [first, task]
    with django_assert_num_queries(1):
        assert {row.account.name for row in Task.objects.for_list()} == {"Larkspur Dental"}
    with django_assert_num_queries(1):
        assert {row.account.team.name for row in Task.objects.for_page()} == {"Northern"}


def test_a_task_is_asleep_until_its_moment(task, agent, now):
    task.snoozed_until = now
    assert task.is_asleep(now - HOUR) is True
    assert task.is_asleep(now) is False
    task.snoozed_until = None
    assert task.is_asleep(now) is False


def test_rows_say_which_they_are(task, queue):
    handoff = HandoffFactory(task=task)

    assert str(task) == f"Look at the invoice {task.pk}"
    assert str(queue) == "Follow-ups"
    assert str(handoff).endswith(f" {handoff.pk}")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("tasks_task_belongs", {"owner": None}),
        ("tasks_task_priority", {"priority": 5}),
        ("tasks_task_effort", {"effort": 0}),
        ("tasks_task_closed_whole", {"state": "cancelled"}),
        ("tasks_task_snooze_whole", {"snooze_reason": "Later."}),
        ("tasks_task_due_said", {"due_minutes": 30}),
        ("tasks_task_escalated", {"escalated": 4}),
        (
            "tasks_task_outcome",
            {"state": "done", "closed_at": datetime.datetime(2026, 6, 9, tzinfo=datetime.UTC)},
        ),
    ],
)
def test_the_database_keeps_a_task_whole(name, fields, db):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TaskFactory(**fields)


def test_nobody_can_be_at_what_nobody_has(queue):
    with pytest.raises(IntegrityError, match="tasks_task_in_progress_by"), transaction.atomic():
        TaskFactory(owner=None, queue=queue, state="in_progress")


def test_there_is_one_fallback_and_it_chooses_nobody(fallback):
    with pytest.raises(IntegrityError, match="tasks_queue_fallback"), transaction.atomic():
        QueueFactory(is_fallback=True)
    Queue.objects.update(is_fallback=False)
    with pytest.raises(IntegrityError, match="fallback_waits"), transaction.atomic():
        QueueFactory(is_fallback=True, routing="owner")


def test_a_task_is_asked_of_one_colleague_at_a_time_who_says_why_not(task, now):
    HandoffFactory(task=task)

    with pytest.raises(IntegrityError, match="one_pending"), transaction.atomic():
        HandoffFactory(task=task)
    with pytest.raises(IntegrityError, match="why_not"), transaction.atomic():
        HandoffFactory(task=task, answer="declined", answered_at=now)
    with pytest.raises(IntegrityError, match="to_another"), transaction.atomic():
        HandoffFactory(task=task, receiver=task.owner, answer="accepted", answered_at=now)
