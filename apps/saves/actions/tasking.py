"""The task of a commitment: made with it, and one with it from then on."""

from apps.core.errors import Gone
from apps.saves import rules
from apps.tasks import actions as tasks
from apps.tasks.actions import following
from apps.tasks.models import Task
from apps.tasks.queries.working import hours_for


def give(commitment, *, by, at):
    """Make the task of a commitment, and let its owner be whoever gets it.

    A stand-in gets it when the owner is away on the day. A commitment whose owner can't take tasks
    of the customer, or whose customer is gone, has none as long as that is so.

    Args:
        commitment: an open one that was made in this transaction, or is held with its customer.
        by: who made it.
        at: when.
    """
    account = commitment.account.merged_into or commitment.account
    try:
        task = tasks.create(
            account=account,
            what=commitment.text,
            kind=Task.Kind.OTHER,
            origin=Task.Origin.COMMITMENT,
            cause=f"commitment:{commitment.pk}",
            owner=commitment.owner,
            due_at=moment(commitment, commitment.owner, at=at),
            by=by,
            at=at,
        )
    except (Gone, tasks.CannotTake):
        return
    commitment.task, commitment.owner = task, task.owner or commitment.owner
    commitment.save(update_fields=["task", "owner"])


def moment(commitment, owner, *, at):
    """Return when the task of a commitment is due, in the working time of whoever has it."""
    hours = hours_for(owner, None)
    return rules.due_moment(hours, commitment.owner.time_zone, commitment.due_on, at)


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


def move(commitment, *, by, at, why):
    """Let the task have the owner and the day of its commitment.

    Raises:
        Away: the owner is out of office on the day.
        CannotTake: the owner must not see the customer, or does not work here.
    """
    if commitment.task:
        due_at = moment(commitment, commitment.owner, at=at)
        following.move(commitment.task, due_at=due_at, by=by, at=at)
        following.belong(commitment.task, to=commitment.owner, by=by, at=at, why=why)
