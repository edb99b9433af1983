"""Letting moments said in working time follow the calendars."""

from django.db import transaction

from apps.tasks.actions.common import hold, hold_many, one_by_one, put_due, write
from apps.tasks.actions.moving import tell_moved
from apps.tasks.models import Recount
from apps.tasks.queries import recounting
from apps.tasks.rules import said

# So many tasks move while somebody waits for a calendar to be saved.
AT_ONCE = 200


def ask(event, *, at):
    """Have all moments looked at since working time changed; the same event asks once."""
    Recount.objects.get_or_create(cause=f"event:{event.pk}", defaults={"asked_at": at})


def recount(*, at, limit=500):
    """Look at some tasks, and move those that are due at another moment now.

    One transaction for each that moves. Two workers at once, or one that was killed on the way,
    look twice at the same tasks, which changes nothing.

    Args:
        at: now.
        limit: at how many tasks in one run.

    Returns:
        How many moved.
    """
    row = recounting.waiting()
    if row is None:
        return 0
    moved, reached = recounting.batch(row.reached, limit=limit)
    count = one_by_one(moved, _move, at=at)
    same = Recount.objects.filter(pk=row.pk, reached=row.reached, done_at=None)
    same.update(**({"done_at": at} if reached is None else {"reached": reached}))
    return count


@transaction.atomic
def _move(pk, *, at):
    return _moved(hold(pk), at=at)


def _moved(task, *, at):
    before = task.due_at
    if not task.is_open or not put_due(task, said(task), at=at):
        return False
    write(task)
    tell_moved(task, before, by=None, at=at, because="calendar")
    return True


@transaction.atomic
def follow(whose, *, at):
    """Move what is due at another moment, in the transaction in which a calendar is saved.

    Of very many tasks these are the ones that are due first: `ask` has the worker look at all.

    Args:
        whose: `Whose` working time is another one.
        at: now.
    """
    found, _is_whole = recounting.moves(whose)
    for task in hold_many([each.task.pk for each in found[:AT_ONCE]]):
        _moved(task, at=at)
