"""What the actions of this room share: how they hold a task, refuse, write and tell."""

import logging

from django.db import InterfaceError, OperationalError

from apps.history import actions as history
from apps.tasks.actions.refusals import AlreadyClosed, NotYours, WhyMissing
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import people, working
from apps.tasks.rules import due_moment, said

WHOLE = ("account__timeline", "account__merged_into__team", "account__team", "owner", "closed_by")

log = logging.getLogger(__name__)


def one_by_one(pks, act, *, at):
    """Do something with many rows, each in its own transaction; one that fails stops no other.

    Args:
        pks: ids of the rows.
        act: called with an id and the moment; returns whether it did anything.
        at: now.

    Returns:
        With how many it did.
    """
    count = 0
    for pk in pks:
        try:
            count += act(pk, at=at)
        except (OperationalError, InterfaceError):
            raise  # the database is away, not one row wrong
        except Exception:
            log.exception("%s failed for %s.", act.__name__, pk)
    return count


def hold(task, **how):
    """Take a task's row, so that two at once are one after the other; return it as it is now.

    Args:
        task: which, or its id.
        **how: such as `skip_locked`.

    Returns:
        The task, or None when it is skipped.
    """
    # Taken alone and read afterwards: what a row that had to be waited for is joined with would
    # be as it was before the wait, so that a new owner would seem to be nobody.
    rows = Task.objects.select_for_update(no_key=True, **how).filter(pk=getattr(task, "pk", task))
    found = rows.only("pk").first()
    return found and read(found.pk)


def hold_many(pks):
    """Take the rows of some tasks, and return them as they are now, by their timelines.

    All rows first, then timelines in their order: whoever waits for one of several tasks, or for
    one of several timelines, does not keep what another one waits for.
    """
    rows = Task.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    held = [task.pk for task in rows.only("pk")]
    whole = Task.objects.select_related(*WHOLE, "queue__team").filter(pk__in=held)
    return list(whole.order_by("account__timeline", "pk"))


def read(pk):
    """Return a task that is held with everything that an action looks at."""
    return Task.objects.select_related(*WHOLE, "queue__team").get(pk=pk)


def check_open(task):
    """Refuse what was completed or cancelled.

    Raises:
        AlreadyClosed: it was.
    """
    if not task.is_open:
        raise AlreadyClosed(task)


def is_for(task, by):
    """Say whether somebody may do something with a task.

    Its owner may, who assigns tasks, and Mainstay itself; while nobody has it, also those who
    take tasks from its queue.
    """
    if by is None or task.owner_id == by.pk or by.has_perm("tasks.assign"):
        return True
    return task.owner_id is None and people.takes_from(by, task.queue)


def check_yours(task, by):
    """Refuse a person whose task this is not.

    Raises:
        NotYours: it is not.
    """
    if not is_for(task, by):
        raise NotYours(task)


def words_of(task, text):
    """Return a reason without space around it.

    Raises:
        WhyMissing: nothing is left.
    """
    text = text.strip()
    if not text:
        raise WhyMissing(task)
    return text


def put_due(task, due, *, at):
    """Set a task's moment in the working time of whoever has it; a new one can be missed anew.

    Args:
        task: with its owner or queue.
        due: how the moment is said.
        at: now.

    Returns:
        Whether the moment is another one.
    """
    former = task.due_at
    task.due_after, task.due_minutes, task.due_clock = due.after, due.minutes, due.clock
    # A moment itself needs nobody's working time, so that is not asked for.
    hours = due.at is None and working.hours_for(task.owner, task.queue)
    task.due_at = due_moment(due, hours)
    if task.due_at != former and task.due_at > at:
        task.escalated = 0
    return task.due_at != former


def give(task, owner, *, at):
    """Let a task be somebody's, or nobody's; whoever is next has not begun it yet."""
    if owner is not None:
        task.found_nobody = False
    task.owner = owner
    task.state = Task.State.OPEN
    put_due(task, said(task), at=at)


def clear_snooze(task):
    """Let a task be there again."""
    task.snoozed_until, task.snoozed_by, task.snooze_reason = None, None, ""


def drop_handoff(task, *, at):
    """Take back what was asked of a colleague: the task goes another way."""
    Handoff.objects.filter(task=task, answer=Handoff.Answer.PENDING).update(
        answer=Handoff.Answer.WITHDRAWN, answered_at=at
    )


def write(task):
    """Save a task that is held."""
    task.version += 1
    task.save()
    return task


def tell(kind, task, *, by, at, **more):
    """Write what happened into the history of the record that the task was made for."""
    return history.record(
        kind,
        timeline=task.account.timeline,
        by=by,
        at=at,
        subject=task,
        title=task.what,
        owner=str(task.owner or ""),
        owner_id=task.owner_id,
        **more,
    )
