"""Making tasks."""

from django.db import transaction

from apps.accounts.actions.common import hold as hold_accounts
from apps.accounts.actions.common import refuse_gone
from apps.tasks.actions import routing
from apps.tasks.actions.common import give, put_due, tell
from apps.tasks.actions.refusals import DueUnclear, InThePast, NobodyThere
from apps.tasks.models import Task
from apps.tasks.rules import Due


@transaction.atomic
def create(
    *,
    account,
    what,
    by,
    at,
    cause,
    owner=None,
    queue=None,
    due_at=None,
    due_minutes=None,
    due_clock=None,
    origin="hand",
    **words,
):
    """Make a task; the same cause gives the task that is there.

    Whoever is named and away on the day it is due has it done by their stand-in; without one,
    and without a stand-in who can, it waits in the fallback queue.

    Args:
        account: the customer.
        what: is to be done, in a few words.
        by: who makes it, or None for Mainstay itself.
        at: now.
        cause: what asked for it, such as "commitment:42" or the key of a form.
        owner: who does it.
        queue: where it arrives when no owner is named, and may be put back into otherwise.
        due_at: the moment itself.
        due_minutes: or so much working time from now on.
        due_clock: or a time of day on the next working day.
        origin: a `Task.Origin`.
        **words: kind, details, priority, effort in minutes.

    Raises:
        CannotTake: the owner does not work here any more or must not see the customer.
        DueUnclear: no moment was said, or more than one.
        InThePast: somebody chose a moment that has passed.
        MergedAway: the record was merged into another.
        NobodyThere: neither owner nor queue.
        QueueOfOthers: the customer's team is private, and the queue is another team's.
        Removed: the customer was removed.
    """
    (account,) = hold_accounts(account.pk)
    if earlier := Task.objects.filter(cause=cause).first():
        return earlier
    refuse_gone(account)
    due = _due(due_at, due_minutes, due_clock, origin=origin, at=at)
    task = Task(account=account, what=what, cause=cause, origin=origin, made_by=by, made_at=at)
    for name in ("kind", "details", "priority", "effort"):
        setattr(task, name, words.pop(name, getattr(task, name)))
    if words:
        raise TypeError(f"A task has no {', '.join(words)}.")
    task.owner, task.queue = owner, queue
    instead = _put(task, due, at=at)
    task.save()
    more = {"instead_of": str(instead)} if instead else {}
    if origin == Task.Origin.COMMITMENT:
        more["origin"] = str(origin)
    tell(
        "tasks.created",
        task,
        by=by,
        at=at,
        queue=str(task.queue or ""),
        due_at=task.due_at.isoformat(),
        **more,
    )
    return task


def _due(due_at, due_minutes, due_clock, *, origin, at):
    due = Due(due_at, due_minutes, due_clock, None if due_at else at)
    if not due.is_clear:
        raise DueUnclear(None)
    # What another room asks for may be late by the time it comes; what people choose lies ahead.
    if origin == Task.Origin.HAND and due_at is not None and due_at <= at:
        raise InThePast(None)
    return due


def _put(task, due, *, at):
    """Find somebody for a new task; return for whom somebody else does it."""
    if task.owner is None and task.queue is None:
        raise NobodyThere(None)
    put_due(task, due, at=at)
    if task.owner is None:
        routing.place(task, task.queue, at=at)
        return None
    named = task.owner
    owner = routing.stand_in_for(named, task, at=at)
    if owner == named:
        return None
    if owner is None:
        routing.lose(task)
        # Without a fallback it is better to lie with somebody who is away than with nobody.
        owner = None if task.queue else named
    give(task, owner, at=at)
    return named if task.owner != named else None
