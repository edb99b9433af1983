"""Moving when a task is due, and correcting what it says."""

from datetime import time, timedelta

import pytest

from apps.tasks import actions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_task_is_moved_once_and_says_so_once(task, agent, now, told):
    actions.reschedule(task, due_at=now + DAY, by=agent, at=now)
    moved = actions.reschedule(task, due_at=now + DAY, by=agent, at=now)

    assert (moved.due_at, moved.version) == (now + DAY, 2)
    (payload,) = told("tasks.rescheduled")
    assert payload["before"] == "2026-06-09T09:30:00+00:00"
    assert (payload["due_at"], payload["because"]) == ("2026-06-10T09:30:00+00:00", "")


def test_a_task_is_moved_in_working_time(task, agent, now):
    moved = actions.reschedule(task, due_minutes=90, by=agent, at=now)
    assert (moved.due_at, moved.due_minutes, moved.due_after) == (now + 1.5 * HOUR, 90, now)

    moved = actions.reschedule(task, due_clock=time(9, 30), by=agent, at=now)
    assert (moved.due_at, moved.due_minutes, moved.due_clock) == (
        now + 23 * HOUR,
        None,
        time(9, 30),
    )

    moved = actions.reschedule(task, due_at=now + HOUR, by=agent, at=now)
    assert (moved.due_after, moved.due_clock) == (None, None)


def test_a_task_is_moved_to_one_moment_ahead_by_whose_it_is(task, agent, colleague, now):
    with pytest.raises(actions.DueUnclear):
        actions.reschedule(task, by=agent, at=now)
    with pytest.raises(actions.InThePast):
        actions.reschedule(task, due_at=now, by=agent, at=now)
    with pytest.raises(actions.NotYours):
        actions.reschedule(task, due_at=now + DAY, by=colleague, at=now)


def test_what_a_task_says_is_corrected(task, agent, now, told):
    actions.edit(task, by=agent, at=now, version=1, what="Look again", priority=1, effort=15)
    again = actions.edit(task, by=agent, at=now, version=1, what="Look again", priority=1)

    assert (again.what, again.priority, again.version) == ("Look again", 1, 2)
    (payload,) = told("tasks.changed")
    assert payload["changes"] == {
        "what": ["Look at the invoice", "Look again"],
        "priority": ["Normal", "Urgent"],
    }


def test_a_task_is_not_corrected_over_somebody_elses_words(task, agent, now):
    actions.edit(task, by=agent, at=now, version=1, details="On paper.")

    with pytest.raises(actions.Conflict, match="while you were typing") as refusal:
        actions.edit(task, by=agent, at=now, version=1, what="Look again")
    assert (refusal.value.task.details, refusal.value.task.what) == (
        "On paper.",
        "Look at the invoice",
    )


def test_only_whose_it_is_corrects_it_and_only_what_it_says(task, agent, colleague, now):
    with pytest.raises(actions.NotYours):
        actions.edit(task, by=colleague, at=now, version=1, what="Look again")
    with pytest.raises(TypeError, match="owner"):
        actions.edit(task, by=agent, at=now, version=1, owner=colleague)
