"""What becomes of a task when that for which it was made changes.

The room that asked for a task holds it (`hold`) and lets it follow. Whose task it is was no
question there: whoever may say that a commitment was kept may say so of a colleague's.
"""

from apps.tasks.actions import routing
from apps.tasks.actions.closing import finish, give_up, open_again
from apps.tasks.actions.common import drop_handoff, give, hold, hold_many, put_due, write
from apps.tasks.actions.giving import check_can_take, tell_assigned
from apps.tasks.actions.moving import tell_moved
from apps.tasks.rules import Due

__all__ = ["arrive", "belong", "cancel", "complete", "hold", "hold_many", "move", "reopen"]


def complete(task, *, by, at, outcome):
    """Let a task that is held be done, if it is open."""
    if task.is_open:
        finish(task, by=by, at=at, outcome=outcome)


def cancel(task, *, by, at, why):
    """Let a task that is held be cancelled, if it is open."""
    if task.is_open:
        give_up(task, by=by, at=at, why=why)


def reopen(task, *, by, at):
    """Let a task that is held be open again."""
    if not task.is_open:
        open_again(task, by=by, at=at)


def move(task, *, due_at, by, at, because=""):
    """Let an open task that is held be due at another moment, `because` of a "calendar" or not."""
    before = task.due_at
    if task.is_open and put_due(task, Due(at=due_at), at=at):
        write(task)
        tell_moved(task, before, by=by, at=at, because=because)


def belong(task, *, to, by, at, why):
    """Let an open task that is held be somebody's.

    Raises:
        Away: they are out of office on the day it is due.
        CannotTake: they do not work here any more or must not see the customer.
    """
    if not task.is_open or task.owner == to:
        return
    check_can_take(task, to, at=at)
    former = task.owner
    give(task, to, at=at)
    drop_handoff(task, at=at)
    write(task)
    tell_assigned(task, former, by=by, at=at, why=why)


def arrive(task, *, queue, due_at, by, at, why):
    """Let an open task that is held be whose a queue finds, or wait there, due at a moment.

    Raises:
        QueueOfOthers: the customer's team is private, and the queue is another team's.
    """
    if not task.is_open:
        return
    former = task.owner
    put_due(task, Due(at=due_at), at=at)
    routing.place(task, queue, at=at)
    drop_handoff(task, at=at)
    write(task)
    tell_assigned(task, former, by=by, at=at, why=why)
