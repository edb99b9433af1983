"""Cancelling many tasks at once, and taking that back."""

from datetime import timedelta

from apps.tasks.models import Task
from tests.factories.tasks import TaskFactory
from tests.tasks.team_bulk.changes import forecast, spared, state

DAY = timedelta(days=1)


def test_many_are_cancelled_and_come_back(run, take_back, told, account, agent, admin, now):
    asleep = {"snoozed_until": now + DAY, "snoozed_by": agent, "snooze_reason": "They are away"}
    task = TaskFactory(account=account, owner=agent, **asleep)
    begun = TaskFactory(account=account, owner=agent, state="in_progress")
    before = [state(each) for each in (task, begun)]

    change = run("tasks.cancel", [task, begun], why="They moved")
    assert set(Task.objects.values_list("state", "outcome")) == {("cancelled", "They moved")}

    change = take_back(change, by=admin)
    assert spared(change) == [("restored", "")] * 2
    assert [state(each) for each in (task, begun)] == before
    assert set(Task.objects.values_list("outcome", "closed_at", "closed_by")) == {("", None, None)}
    assert [each["was"] for each in told("tasks.reopened")] == ["cancelled"] * 2


def test_the_preview_knows_which_are_closed(manager, account, agent, now):
    task = TaskFactory(account=account, owner=agent, state="cancelled", closed_at=now)

    assert forecast("tasks.cancel", [task], manager, why="x") == [
        "1 task is done or cancelled already."
    ]
