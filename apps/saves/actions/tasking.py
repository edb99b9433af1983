"""The task of a commitment: made with it, and one with it from then on."""

from apps.core.errors import Gone
from apps.saves import rules
from apps.tasks import actions as tasks
from apps.tasks.actions import following
from apps.tasks.models import Task
from apps.tasks.queries.working import hours_for


def give(commitment, *, by, at, queue=None):
    """Make the task of a commitment, and let its owner be whoever gets it.

    A stand-in gets it when the owner is away on the day. While it waits in a queue for somebody,
    the commitment stays with its owner. A commitment whose owner can't take tasks
    of the customer, or whose customer is gone, has none as long as that is so.

    Args:
        commitment: an open one that was made in this transaction, or is held with its customer.
        by: who made it.
        at: when.
        queue: of the team that keeps it; None for the owner.
    """
    account = commitment.account.merged_into or commitment.account
    try:
        task = tasks.create(
            account=account,
            what=commitment.text,
            kind=Task.Kind.OTHER,
            origin=Task.Origin.COMMITMENT,
            cause=f"commitment:{commitment.pk}",
            owner=None if queue else commitment.owner,
            queue=queue,
            due_at=moment(
                commitment, commitment.due_on, None if queue else commitment.owner, queue, at=at
            ),
            by=by,
            at=at,
        )
    except (Gone, tasks.CannotTake):
        return
    commitment.task, commitment.owner = task, task.owner or commitment.owner
    commitment.reckoned_at = task.due_at
    commitment.save(update_fields=["task", "owner", "reckoned_at"])


def moment(commitment, due_on, doer, queue, *, at):
    """Return when a commitment's task is due on a day, in the working time of whoever has it."""
    hours = hours_for(doer, queue)
    return rules.due_moment(hours, commitment.owner.time_zone, due_on, at)


def complete(commitment, *, by, at):
    """Let the task be done, since its commitment was kept or made good."""
    if commitment.task:
        following.complete(commitment.task, by=by, at=at, outcome=commitment.evidence)


def cancel(commitment, *, by, at):
    """Let the task be cancelled, since its commitment need not be kept."""
    if commitment.task:
        following.cancel(commitment.task, by=by, at=at, why=commitment.evidence)


def reopen(commitment, *, by, at):
    """Let the task be open again, since its commitment is."""
    if commitment.task:
        following.reopen(commitment.task, by=by, at=at)


def is_with(commitment, owner, queue):
    """Say whether the task is with somebody already, or waits in a queue.

    Args:
        commitment: one that is held.
        owner: the person, if one is meant.
        queue: the queue, if one is meant.
    """
    task = commitment.task
    if task is None or not task.is_open:
        return True
    if queue:
        return (task.owner, task.queue) == (None, queue)
    return owner in {None, task.owner}


def arrive(commitment, queue, due_on, *, by, at, why):
    """Let the task be whose a queue finds, or wait there, due on a day.

    Args:
        commitment: one with an open task.
        queue: where it arrives.
        due_on: the day.
        by: who says so.
        at: now.
        why: the reason.

    Returns:
        Who has it, or None while it waits.

    Raises:
        QueueOfOthers: the customer's team is private, and the queue is another team's.
    """
    task = commitment.task
    due_at = moment(commitment, due_on, None, queue, at=at)
    following.arrive(task, queue=queue, due_at=due_at, by=by, at=at, why=why)
    _note(commitment, due_at)
    return task.owner


def move(commitment, owner, *, by, at, why):
    """Let the task have the day of its commitment, and its owner where one was named.

    Args:
        commitment: as it is now.
        owner: who does it from now on; None for who does, or the queue where it waits.
        by: who changed it.
        at: now.
        why: the reason.

    Raises:
        Away: the owner is out of office on the day.
        CannotTake: the owner must not see the customer, or does not work here.
    """
    task = commitment.task
    if task is None:
        return
    doer = owner or task.owner
    due_at = moment(commitment, commitment.due_on, doer, task.queue, at=at)
    following.move(task, due_at=due_at, by=by, at=at)
    if doer:
        following.belong(task, to=doer, by=by, at=at, why=why)
    _note(commitment, due_at)


def follow_calendar(commitment, due_at, *, at):
    """Let the task be due at the moment that the calendar of whoever has it gives the day now."""
    following.move(commitment.task, due_at=due_at, by=None, at=at, because="calendar")
    _note(commitment, due_at)


def _note(commitment, due_at):
    commitment.reckoned_at = due_at
    commitment.save(update_fields=["reckoned_at"])
