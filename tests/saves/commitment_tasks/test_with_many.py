"""The task of a commitment is changed with many others, and that is undone."""

import uuid
from datetime import timedelta

import pytest

from apps.history import actions as history
from apps.history.models import Delivery
from apps.notifications.models import Notification
from apps.saves.subscribers import follow_task
from apps.tasks.models import Task
from apps.workspace.actions import bulk
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.saves import CommitmentFactory
from tests.saves.commitment_tasks.days import CLOSES, DAY, FRIDAY, TODAY
from tests.saves.commitment_tasks.telling import kinds, notified


@pytest.fixture
def run(manager, now, ran_jobs):
    """Do something to tasks as the manager does to many, and let everybody hear of it."""

    def start(kind, *rows, **arguments):
        found = Task.objects.filter(pk__in=[each.pk for each in rows]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=found.values_list("pk", "what"),
            by=manager,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
        )
        change = bulk.work(bulk.confirm(change, by=manager, at=now), clock=lambda: now)
        ran_jobs()
        return change

    return start


@pytest.fixture
def take_back(manager, now, ran_jobs):
    """Undo a change to many, and let everybody hear of it."""

    def start(change, by=manager, at=now):
        change = bulk.work(bulk.undo(change, by=by, at=at), clock=lambda: at)
        ran_jobs()
        return change

    return start


@pytest.fixture
def taskless(account):
    """One from before there were tasks, which is nothing to any task."""
    return CommitmentFactory(
        account=account, state="waived", evidence="x", settled_at=account.created_at, task=None
    )


def test_what_is_given_away_with_many_is_kept_by_whoever_has_it(
    said, taskless, agent, helen, as_it_is, as_agent, run, take_back
):
    change = run("tasks.assign", said.task, to=helen.pk, queue=None, why="Ada is ill")
    assert as_it_is(said)[0].owner == helen
    page = as_agent.get(said.task.get_absolute_url()).content.decode()
    assert "Ada is ill" in page

    take_back(change)

    assert as_it_is(said)[0].owner == agent
    assert not Delivery.objects.pending().exists()
    assert not Delivery.objects.parked().exists()


def test_what_is_moved_with_many_has_another_day(said, as_it_is, run, take_back):
    due_at = (CLOSES + 3 * DAY).isoformat()
    change = run("tasks.move", said.task, due_at=due_at, minutes=None, clock=None)
    assert as_it_is(said)[0].due_on == FRIDAY + 3 * DAY

    take_back(change)
    assert as_it_is(said)[0].due_on == FRIDAY


def test_what_is_cancelled_with_many_is_waived_until_that_is_undone(
    said, taskless, manager, admin, now, as_it_is, run, take_back
):
    change = run("tasks.cancel", said.task, why="They moved")
    row, _task = as_it_is(said)
    assert (row.state, row.evidence, row.settled_by) == ("waived", "They moved", manager)

    # Not by whoever cancelled them.
    take_back(change, by=admin, at=now + timedelta(minutes=9))
    row, task = as_it_is(said)
    assert (row.state, task.state) == ("open", "open")


def test_who_is_told_of_many_tasks_is_not_told_of_each_commitment(
    make, agent, helen, queue, now, run, take_back
):
    rows = [make().task, make().task]
    waits = make(queue=queue).task
    Notification.objects.all().delete()
    change = run("tasks.assign", *rows, to=helen.pk, queue=None, why="")
    assert sorted(notified()) == [
        *(("Ada Lovett", "tasks.many_changed"), ("Helen Adeyemi", "tasks.many_changed")),
    ]

    Notification.objects.all().delete()
    take_back(change, at=now + timedelta(minutes=1))
    change = run("tasks.cancel", rows[0], waits, why="They moved")
    take_back(change, at=now + timedelta(minutes=2))
    assert sorted(notified()) == [
        # Of what waits in a queue only the commitment is somebody's.
        *(("Ada Lovett", "saves.commitment_reopened"), ("Ada Lovett", "saves.commitment_waived")),
        *[("Ada Lovett", "tasks.many_changed")] * 3,
        ("Helen Adeyemi", "tasks.many_changed"),
    ]


def test_what_a_team_keeps_is_shared_out_with_many(
    make, queue, agent, helen, taskless, as_it_is, run, take_back
):
    said = make(queue=queue)
    OutOfOfficeFactory(user=agent, stand_in=None, starts_on=TODAY, ends_on=FRIDAY)

    change = run("tasks.share", said.task, why="")
    assert as_it_is(said)[0].owner == helen

    take_back(change)
    row, task = as_it_is(said)
    assert (row.owner, task.owner) == (helen, None)


def test_an_event_that_speaks_of_no_task_concerns_no_commitment(account, taskless, agent, now):
    said = {"title": "x", "owner": "", "owner_id": None, "why": ""}
    event = history.record("tasks.cancelled", timeline=account.timeline, by=agent, at=now, **said)

    follow_task(event)

    assert kinds() == ["tasks.cancelled"]
