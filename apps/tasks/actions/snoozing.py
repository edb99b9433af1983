"""Putting tasks off, and letting them come back."""

from django.db import transaction

from apps.tasks.actions.common import (
    check_open,
    check_yours,
    clear_snooze,
    hold,
    hold_many,
    one_by_one,
    tell,
    words_of,
    write,
)
from apps.tasks.actions.refusals import InThePast
from apps.tasks.models import Task
from apps.tasks.queries import waking


@transaction.atomic
def snooze(task, *, until, reason, by, at):
    """Put a task off until a moment; when it is due stays as it is. Safe to call twice.

    Args:
        task: which.
        until: when it is there again.
        reason: why.
        by: who puts it off.
        at: now.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        InThePast: the moment has passed.
        NotYours: it is somebody else's.
        WhyMissing: no reason was given.
    """
    task = hold(task)
    check_open(task)
    check_yours(task, by)
    reason = words_of(task, reason)
    if until <= at:
        raise InThePast(task)
    if (task.snoozed_until, task.snooze_reason) == (until, reason):
        return task
    task.state = Task.State.OPEN
    task.snoozed_until, task.snoozed_by, task.snooze_reason = until, by, reason
    write(task)
    tell("tasks.snoozed", task, by=by, at=at, until=until.isoformat(), reason=reason)
    return task


@transaction.atomic
def wake(task, *, at, by=None, because=""):
    """Let a task be there again. Safe to call twice.

    Args:
        task: which.
        at: now.
        by: who wakes it, or None for Mainstay itself.
        because: "moment" or "customer", as the history tells it; empty when somebody did it.

    Raises:
        NotYours: it is somebody else's.
    """
    task = hold(task)
    if task.snoozed_until is None:
        return task
    check_yours(task, by)
    return _wake(task, at=at, by=by, because=because)


def _wake(task, *, at, by, because):
    was = {"until": task.snoozed_until.isoformat(), "reason": task.snooze_reason}
    clear_snooze(task)
    write(task)
    tell("tasks.woken", task, by=by, at=at, because=because, **was)
    return task


def wake_due(*, at, limit=100):
    """Wake the tasks whose moment has come.

    One transaction for each; one that somebody has in hand is left for the next run.

    Args:
        at: now.
        limit: how many in one run.

    Returns:
        How many woke up.
    """
    return one_by_one(waking.due(at, limit=limit), _wake_one, at=at)


@transaction.atomic
def _wake_one(pk, *, at):
    task = hold(pk, skip_locked=True)
    if task is None or task.snoozed_until is None or task.snoozed_until > at:
        return False
    _wake(task, at=at, by=None, because="moment")
    return True


@transaction.atomic
def hear(event, *, at):
    """Wake the customer's tasks that were put off before something came in about them.

    Args:
        event: what happened with the customer.
        at: now.
    """
    for task in hold_many(waking.by(event)):
        wake(task, at=at, because="customer")
