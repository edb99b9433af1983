"""A commitment or its task gets another owner or day, and the other with it."""

from datetime import timedelta

import pytest

from apps.history.models import Event
from apps.saves.actions import commitments as actions
from apps.tasks import actions as tasks
from apps.tasks.models import Task
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import TaskFactory
from tests.factories.users import UserFactory
from tests.saves.commitment_tasks.days import CLOSES, DAY, FRIDAY, TODAY
from tests.saves.commitment_tasks.telling import kinds, notified


def test_handing_over_and_moving_takes_the_task_along(said, agent, helen, now, as_it_is, ran_jobs):
    change = {"owner": helen, "due_on": FRIDAY + 3 * DAY, "why": "Her week", "by": agent}
    for _ in range(2):
        actions.reassign(said, at=now, **change)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.due_at) == (helen, helen, CLOSES + 3 * DAY)
    assert notified() == [("Helen Adeyemi", "saves.commitment_changed")]
    assert kinds()[2:] == [
        *("saves.commitment_changed", "tasks.rescheduled", "tasks.assigned"),
    ]


def test_a_task_that_is_closed_stays_where_it_is(said, agent, helen, now, as_it_is):
    tasks.complete(said.task, by=agent, at=now, outcome="Sent")
    actions.reassign(said, owner=helen, due_on=TODAY, why="Her week", by=agent, at=now)

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.due_at) == (helen, agent, CLOSES)


def test_nobody_gets_it_who_is_away_on_the_day(said, agent, helen, now, as_it_is):
    OutOfOfficeFactory(user=helen, stand_in=agent, starts_on=FRIDAY, ends_on=FRIDAY)

    with pytest.raises(tasks.Away, match="Ada Lovett"):
        actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)

    assert as_it_is(said)[0].owner == agent


def test_one_without_a_task_is_settled_and_moved_all_the_same(make, agent, now):
    gone = make(owner=UserFactory())

    actions.reassign(gone, due_on=TODAY, why="They asked", by=agent, at=now)
    actions.waive(gone, evidence="They moved", by=agent, at=now)
    actions.reopen(gone, by=agent, at=now)
    done = actions.keep(gone, evidence="Sent", by=agent, at=now)

    assert (done.state, Task.objects.count()) == ("kept", 0)


def test_who_is_given_the_task_keeps_the_commitment(
    said, agent, helen, manager, now, as_it_is, ran_jobs
):
    tasks.assign(said.task, to=helen, by=manager, at=now, why="Ada is busy")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.owner, row.due_on) == (helen, FRIDAY)
    event = Event.objects.get(kind="saves.commitment_changed")
    assert (event.payload["why"], event.actor) == ("Ada is busy", manager)
    assert kinds().count("tasks.assigned") == 1
    assert sorted(notified()) == [
        *(("Ada Lovett", "tasks.assigned"), ("Helen Adeyemi", "tasks.assigned")),
    ]


def test_who_accepts_the_task_keeps_the_commitment(said, agent, helen, now, as_it_is, ran_jobs):
    handoff = tasks.hand_off(said.task, to=helen, why="Yours", summary="", by=agent, at=now)
    ran_jobs()
    assert as_it_is(said)[0].owner == agent

    tasks.accept(handoff, by=helen, at=now)
    ran_jobs()

    assert as_it_is(said)[0].owner == helen
    change = Event.objects.get(kind="saves.commitment_changed")
    assert change.payload["why"] == "Its task was changed."


def test_another_day_of_the_task_is_another_day_of_the_commitment(
    said, agent, now, as_it_is, ran_jobs
):
    tasks.reschedule(said.task, by=agent, at=now, due_at=CLOSES - timedelta(hours=3))
    ran_jobs()
    assert as_it_is(said)[0].due_on == FRIDAY
    assert "saves.commitment_changed" not in kinds()

    monday = CLOSES + 3 * DAY - timedelta(hours=3)
    tasks.reschedule(said.task, by=agent, at=now, due_at=monday)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.due_on, task.due_at) == (FRIDAY + 3 * DAY, monday)


def test_what_is_over_is_not_moved_by_its_task(said, agent, now, as_it_is, ran_jobs):
    later = now + 5 * DAY
    tasks.reschedule(said.task, by=agent, at=later, due_at=later + DAY)
    ran_jobs()

    assert as_it_is(said)[0].due_on == FRIDAY
    assert actions.break_overdue(at=later) == 1


def test_a_change_that_is_heard_late_does_not_take_back_a_later_one(
    said, agent, helen, manager, now, as_it_is, ran_jobs
):
    tasks.assign(said.task, to=manager, by=manager, at=now)
    actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.owner, task.owner) == (helen, helen)


def test_a_task_of_nothing_concerns_no_commitment(account, agent, now):
    actions.follow_task(TaskFactory(account=account).pk, why="", by=agent, at=now)

    assert kinds() == []
