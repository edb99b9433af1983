"""Doing tasks, and giving them up."""

from django.db import transaction

from apps.tasks.actions.common import (
    check_open,
    check_yours,
    clear_snooze,
    drop_handoff,
    give,
    hold,
    tell,
    words_of,
    write,
)
from apps.tasks.actions.refusals import (
    NobodysTask,
    NotYours,
    OutcomeMissing,
    ReopenTooLate,
)
from apps.tasks.models import Task
from apps.tasks.rules import GRACE

State = Task.State


@transaction.atomic
def start(task, *, by, at):
    """Say that one is at it; what was put off is there again. Safe to call twice.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        NobodysTask: nobody has it yet.
        NotYours: it is somebody else's.
    """
    task = hold(task)
    check_open(task)
    if task.owner_id is None:
        raise NobodysTask(task)
    if task.owner_id != by.pk:
        raise NotYours(task)
    if task.state == State.IN_PROGRESS:
        return task
    task.state = State.IN_PROGRESS
    clear_snooze(task)
    return write(task)


@transaction.atomic
def complete(task, *, by, at, outcome=""):
    """Mark a task done. Safe to call twice.

    Whoever completes what waits in their queue has taken it.

    Args:
        task: which.
        by: who did it, or None for Mainstay itself.
        at: now.
        outcome: what came of it; personal kinds need it.

    Raises:
        AlreadyClosed: somebody else has completed it, or it was cancelled.
        NotYours: it is somebody else's.
        OutcomeMissing: nobody said what came of it.
    """
    task, outcome = hold(task), outcome.strip()
    if task.state == State.DONE and task.closed_by == by:
        return task
    check_open(task)
    check_yours(task, by)
    if task.needs_outcome and not outcome:
        raise OutcomeMissing(task)
    return finish(task, by=by, at=at, outcome=outcome)


def finish(task, *, by, at, outcome):
    """Mark an open task that is held done, and say so."""
    if task.owner is None and by is not None:
        give(task, by, at=at)
    _close(task, State.DONE, outcome, by=by, at=at)
    tell("tasks.completed", task, by=by, at=at, what=task.kind, outcome=outcome)
    return task


@transaction.atomic
def cancel(task, *, by, at, why):
    """Say that a task need not be done any more, and why. Safe to call twice.

    Raises:
        AlreadyClosed: somebody else has cancelled it, or it was completed.
        NotYours: it is somebody else's.
        WhyMissing: no reason was given.
    """
    task = hold(task)
    if task.state == State.CANCELLED and task.closed_by == by:
        return task
    check_open(task)
    check_yours(task, by)
    return give_up(task, by=by, at=at, why=words_of(task, why))


def give_up(task, *, by, at, why):
    """Mark an open task that is held cancelled, and say so."""
    _close(task, State.CANCELLED, why, by=by, at=at)
    tell("tasks.cancelled", task, by=by, at=at, why=why)
    return task


def _close(task, state, outcome, *, by, at):
    task.state, task.outcome = state, outcome
    task.closed_at, task.closed_by = at, by
    clear_snooze(task)
    drop_handoff(task, at=at)
    write(task)


@transaction.atomic
def reopen(task, *, by, at):
    """Take back a moment later that a task was completed or cancelled. Safe to call twice.

    Raises:
        ReopenTooLate: somebody else closed it, or longer ago.
    """
    task = hold(task)
    if task.is_open:
        return task
    if task.closed_by != by or at - task.closed_at > GRACE:
        raise ReopenTooLate(task)
    return open_again(task, by=by, at=at)


def open_again(task, *, by, at):
    """Let a closed task that is held be open, and say so."""
    was = task.state
    task.state, task.outcome = State.OPEN, ""
    task.closed_at = task.closed_by = None
    write(task)
    tell("tasks.reopened", task, by=by, at=at, was=str(was))
    return task
