"""Doing tasks, and giving them up."""

from datetime import timedelta

import pytest

from apps.tasks import actions
from tests.factories.tasks import HandoffFactory, TaskFactory

MINUTE = timedelta(minutes=1)


def test_a_task_is_done_once_and_says_so_once(task, agent, now, told):
    actions.complete(task, by=agent, at=now)
    done = actions.complete(task, by=agent, at=now + MINUTE)

    assert (done.state, done.closed_at, done.closed_by) == ("done", now, agent)
    assert [each["what"] for each in told("tasks.completed")] == ["check"]


def test_what_is_done_in_person_needs_an_outcome(account, agent, now):
    task = TaskFactory(account=account, owner=agent, kind="call")

    with pytest.raises(actions.OutcomeMissing, match="Write what came of it"):
        actions.complete(task, by=agent, at=now, outcome="  ")

    done = actions.complete(task, by=agent, at=now, outcome=" They stay. ")
    assert done.outcome == "They stay."


def test_a_colleagues_task_is_theirs(task, colleague, now):
    with pytest.raises(actions.NotYours, match="This task is Ada Lovett’s"):
        actions.complete(task, by=colleague, at=now)


def test_a_manager_may_complete_anybodys_task_and_so_may_mainstay(task, manager, now, account):
    assert actions.complete(task, by=manager, at=now).closed_by == manager
    other = TaskFactory(account=account, kind="check")
    assert actions.complete(other, by=None, at=now).closed_by is None


def test_whoever_completes_what_waits_has_taken_it(account, queue, agent, now):
    task = TaskFactory(account=account, owner=None, queue=queue, kind="check")

    assert actions.complete(task, by=agent, at=now).owner == agent


def test_mainstay_completes_what_waits_without_taking_it(account, queue, now):
    task = TaskFactory(account=account, owner=None, queue=queue, kind="check")

    assert actions.complete(task, by=None, at=now).owner is None


def test_what_waits_for_another_team_is_not_for_everybody(account, outsider, queue, now):
    task = TaskFactory(account=account, owner=None, queue=queue, kind="check")

    with pytest.raises(actions.NotYours, match="waits in “Follow-ups”"):
        actions.complete(task, by=outsider, at=now)


def test_a_closed_task_says_who_closed_it(task, agent, manager, now, account):
    actions.complete(task, by=agent, at=now)
    with pytest.raises(actions.AlreadyClosed, match="Ada Lovett has completed"):
        actions.complete(task, by=manager, at=now)

    other = TaskFactory(account=account, owner=agent)
    actions.cancel(other, by=None, at=now, why="They left.")
    with pytest.raises(actions.AlreadyClosed, match="Mainstay has cancelled"):
        actions.complete(other, by=agent, at=now, outcome="Done.")


def test_a_task_is_cancelled_once_and_says_why(task, agent, now, told):
    with pytest.raises(actions.WhyMissing):
        actions.cancel(task, by=agent, at=now, why=" ")
    actions.cancel(task, by=agent, at=now, why="They left.")
    cancelled = actions.cancel(task, by=agent, at=now, why="They left.")

    assert (cancelled.state, cancelled.outcome) == ("cancelled", "They left.")
    assert [each["why"] for each in told("tasks.cancelled")] == ["They left."]


def test_closing_ends_being_put_off_and_what_was_asked_of_a_colleague(task, agent, now):
    handoff = HandoffFactory(task=task)
    actions.snooze(task, until=now + MINUTE, reason="Lunch", by=agent, at=now)

    done = actions.complete(task, by=agent, at=now)

    handoff.refresh_from_db()
    assert (done.snoozed_until, handoff.answer, handoff.answered_at) == (None, "withdrawn", now)


@pytest.mark.parametrize("close", ["complete", "cancel"])
def test_closing_can_be_taken_back_for_ten_minutes(close, task, agent, now, told):
    words = {"why": "A slip."} if close == "cancel" else {}
    getattr(actions, close)(task, by=agent, at=now, **words)

    actions.reopen(task, by=agent, at=now + 10 * MINUTE)
    again = actions.reopen(task, by=agent, at=now + 11 * MINUTE)

    assert (again.state, again.outcome, again.closed_at) == ("open", "", None)
    assert [each["was"] for each in told("tasks.reopened")] == ["cancelled" if words else "done"]


def test_closing_can_be_taken_back_by_nobody_else_and_not_later(task, agent, manager, now):
    actions.complete(task, by=agent, at=now)

    for by, at in [(manager, now), (agent, now + 11 * MINUTE)]:
        with pytest.raises(actions.ReopenTooLate):
            actions.reopen(task, by=by, at=at)


def test_somebody_begins_their_own_task(task, agent, manager, now):
    actions.snooze(task, until=now + MINUTE, reason="Lunch", by=agent, at=now)
    assert actions.start(task, by=agent, at=now).state == "in_progress"

    begun = actions.start(task, by=agent, at=now)

    assert (begun.state, begun.snoozed_until, begun.version) == ("in_progress", None, 3)
    with pytest.raises(actions.NotYours):
        actions.start(task, by=manager, at=now)


def test_nobody_begins_what_nobody_has(account, queue, agent, now):
    task = TaskFactory(account=account, owner=None, queue=queue)

    with pytest.raises(actions.NobodysTask, match="Take it first"):
        actions.start(task, by=agent, at=now)
