"""Moving when a task is due, and correcting what it says."""

from django.db import transaction

from apps.tasks.actions.common import check_open, check_yours, hold, put_due, tell, write
from apps.tasks.actions.refusals import Conflict, DueUnclear, InThePast
from apps.tasks.rules import Due

EDITED = ("what", "details", "kind", "priority", "effort")


@transaction.atomic
def reschedule(task, *, by, at, due_at=None, due_minutes=None, due_clock=None):
    """Say anew when a task is due. Safe to call twice with a moment.

    Args:
        task: which.
        by: who says so.
        at: now.
        due_at: the moment itself.
        due_minutes: or so much working time from now on.
        due_clock: or a time of day on the next working day.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        DueUnclear: no moment was said, or more than one.
        InThePast: the moment has passed.
        NotYours: it is somebody else's.
    """
    task = hold(task)
    check_open(task)
    check_yours(task, by)
    due = Due(due_at, due_minutes, due_clock, None if due_at else at)
    if not due.is_clear:
        raise DueUnclear(task)
    if due_at is not None and due_at <= at:
        raise InThePast(task)
    before = task.due_at
    if put_due(task, due, at=at):
        write(task)
        tell_moved(task, before, by=by, at=at, because="")
    return task


def tell_moved(task, before, *, by, at, because):
    """Say in the history when a task was due, and when it is due now."""
    tell(
        "tasks.rescheduled",
        task,
        by=by,
        at=at,
        before=before.isoformat(),
        due_at=task.due_at.isoformat(),
        because=because,
    )


@transaction.atomic
def edit(task, *, by, at, version, **fields):
    """Correct what a task says; safe to call twice.

    Args:
        task: which.
        by: who corrects it.
        at: now.
        version: the one that the page showed.
        **fields: what, details, kind, priority, effort; those that are named.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        Conflict: somebody changed it after the page was shown.
        NotYours: it is somebody else's.
    """
    if unknown := fields.keys() - set(EDITED):
        raise TypeError(f"{sorted(unknown)} can't be edited.")
    task = hold(task)
    check_open(task)
    check_yours(task, by)
    new = {name: value for name, value in fields.items() if getattr(task, name) != value}
    if not new:
        return task
    if version != task.version:
        raise Conflict(task)
    changes = {}
    for name, value in new.items():
        before = _shown(task, name)
        setattr(task, name, value)
        changes[name] = [before, _shown(task, name)]
    if new.keys() & {"kind", "priority"}:
        task.seen_due_at = None  # another policy may count for it
    write(task)
    tell("tasks.changed", task, by=by, at=at, changes=changes)
    return task


def _shown(task, name):
    """Return a field as the history shows it."""
    display = getattr(task, f"get_{name}_display", None)
    return str(display() if display else getattr(task, name))
