"""Moving many tasks to another moment at once, with a result for each and one undo."""

from datetime import UTC, datetime, time, timedelta

import pytest

from apps.tasks.models import Task
from tests.factories.tasks import TaskFactory
from tests.tasks.team_bulk.changes import NOW_DUE, forecast, state, whys

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_many_are_moved_and_go_back(run, take_back, told, account, agent, now):
    fixed = TaskFactory(account=account, owner=agent, due_at=now - HOUR, escalated=2)
    counted = TaskFactory(
        account=account,
        owner=agent,
        due_at=now,
        due_after=now - DAY,
        due_clock=time(9, 30),
    )
    before = [state(task) for task in (fixed, counted)]
    to = now + 3 * DAY

    change = run("tasks.move", [fixed, counted], **NOW_DUE | {"due_at": to.isoformat()})

    assert whys(change) == [("done", "")] * 2
    assert set(Task.objects.values_list("due_at", "due_after", "escalated")) == {(to, None, 0)}
    take_back(change)
    assert [state(task) for task in (fixed, counted)] == before
    assert [each["due_at"] for each in told("tasks.rescheduled")][2:] == [
        each["due_at"] for each in before
    ]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ({"minutes": 60}, datetime(2026, 6, 9, 10, 30, tzinfo=UTC)),
        ({"clock": "14:00:00"}, datetime(2026, 6, 10, 13, 0, tzinfo=UTC)),
    ],
)
def test_many_are_moved_in_working_time(run, account, agent, due, expected):
    task = TaskFactory(account=account, owner=agent)

    run("tasks.move", [task], **NOW_DUE | due)

    task.refresh_from_db()
    assert task.due_at == expected


def test_a_moment_that_has_passed_is_refused(run, account, agent, now):
    task = TaskFactory(account=account, owner=agent)

    change = run("tasks.move", [task], **NOW_DUE | {"due_at": now.isoformat()})

    assert whys(change) == [("failed", "Choose a moment that lies ahead.")]


def test_what_is_closed_or_due_then_is_left(run, account, agent, now):
    to = now + DAY
    due = TaskFactory(account=account, owner=agent, due_at=to)
    done = TaskFactory(account=account, owner=agent, state="cancelled", closed_at=now)
    change = run("tasks.move", [due, done], **NOW_DUE | {"due_at": to.isoformat()})
    assert [outcome for outcome, _why in whys(change)] == ["skipped", "skipped"]
    change = run("tasks.cancel", [done], why="They moved")
    assert whys(change) == [("skipped", "Mainstay has cancelled this task. Nothing is left to do.")]


def test_the_preview_knows_which_are_due_then_already(manager, account, agent, now):
    tasks = [TaskFactory(account=account, owner=agent, due_at=now)]

    def warnings(**due):
        return forecast("tasks.move", tasks, manager, **NOW_DUE | due)

    assert warnings(due_at=now.isoformat()) == ["1 task is due then already."]
    assert warnings(minutes=60) == []
