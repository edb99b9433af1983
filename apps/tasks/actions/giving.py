"""Who has a task: taken from a queue, put back, or given by a manager."""

from django.db import transaction

from apps.tasks.actions import routing
from apps.tasks.actions.common import (
    check_open,
    check_yours,
    drop_handoff,
    give,
    hold,
    read,
    tell,
    write,
)
from apps.tasks.actions.refusals import (
    Away,
    CannotTake,
    NobodyThere,
    NoQueue,
    NotYourQueue,
    NotYours,
    QueueOfOthers,
    TakenAlready,
)
from apps.tasks.models import Task
from apps.tasks.queries import people


@transaction.atomic
def claim_next(*, by, at, queue=None):
    """Take what matters most of what waits, and of that what is due first.

    One task goes to one person under any number of clicks: each skips what another one is
    just taking.

    Args:
        by: who takes it.
        at: now.
        queue: from which; None for all queues of the person.

    Returns:
        The task, or None when nothing waits.

    Raises:
        NotYourQueue: the queue is another team's.
    """
    queues = [row.pk for row in people.queues_of(by)]
    if queue is not None:
        if queue.pk not in queues and not by.has_perm("tasks.assign"):
            raise NotYourQueue(queue)
        queues = [queue.pk]
    waiting = Task.objects.waiting().awake(at).filter(queue__in=queues).visible_to(by)
    rows = waiting.select_for_update(of=["self"], no_key=True, skip_locked=True)
    found = rows.order_by("priority", "due_at", "id").only("pk").first()
    return found and _take(read(found.pk), by=by, at=at)


@transaction.atomic
def claim(task, *, by, at):
    """Take a task that waits. Safe to call twice.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        NotYours: it waits in another team's queue.
        TakenAlready: somebody else has it.
    """
    task = hold(task)
    check_open(task)
    if task.owner_id == by.pk:
        return task
    if task.owner_id is not None:
        raise TakenAlready(task)
    check_yours(task, by)
    return _take(task, by=by, at=at)


def _take(task, *, by, at):
    give(task, by, at=at)
    write(task)
    tell("tasks.claimed", task, by=by, at=at, queue=str(task.queue))
    return task


@transaction.atomic
def release(task, *, by, at):
    """Put a task back into its queue, for somebody to take. Safe to call twice.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        NoQueue: it came from none.
        NotYours: it is somebody else's.
        QueueOfOthers: the customer's team is private by now, and the queue is another team's.
    """
    task = hold(task)
    check_open(task)
    if task.owner_id is None:
        return task
    check_yours(task, by)
    if task.queue is None:
        raise NoQueue(task)
    if not people.may_wait_in(task.queue, task.account):
        raise QueueOfOthers(task, task.queue)
    former = task.owner
    give(task, None, at=at)
    drop_handoff(task, at=at)
    write(task)
    tell(
        "tasks.released",
        task,
        by=by,
        at=at,
        queue=str(task.queue),
        former_owner=str(former),
        former_owner_id=former.pk,
    )
    return task


@transaction.atomic
def assign(task, *, by, at, to=None, queue=None, why="", is_quiet=False):
    """Give a task to somebody, or to a queue, at once. Safe to call twice.

    Args:
        task: which.
        by: a manager, or None for Mainstay itself.
        at: now.
        to: who has it from now on.
        queue: where it arrives when nobody is named; where it can be put back otherwise.
        why: for those who read this later.
        is_quiet: whether those whom it concerns hear of it another way.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        Away: the person is out of office on the day it is due.
        CannotTake: the person does not work here any more or must not see the customer.
        NobodyThere: neither person nor queue.
        QueueOfOthers: the customer's team is private, and the queue is another team's.
        NotYours: `by` may not assign what others have.
    """
    task = hold(task)
    check_open(task)
    if to is None and queue is None:
        raise NobodyThere(task)
    if by is not None and not by.has_perm("tasks.assign"):
        raise NotYours(task)
    if task.owner == to and queue in {None, task.queue}:
        return task
    former, before = task.owner, task.queue
    _put(task, to, queue, at=at)
    if (task.owner, task.queue) == (former, before):
        return task
    drop_handoff(task, at=at)
    write(task)
    tell_assigned(task, former, by=by, at=at, why=why.strip(), is_quiet=is_quiet)
    return task


def tell_assigned(task, former, *, by, at, why, is_quiet=False):
    """Say in the history who had a task, and who or which queue has it now."""
    quiet = {"is_quiet": True} if is_quiet else {}
    tell(
        "tasks.assigned",
        task,
        by=by,
        at=at,
        queue=str(task.queue or ""),
        former_owner=str(former or ""),
        former_owner_id=former and former.pk,
        due_at=task.due_at.isoformat(),
        why=why,
        **quiet,
    )


def _put(task, to, queue, *, at):
    if to is None:
        routing.place(task, queue, at=at)
        return
    check_can_take(task, to, at=at)
    task.queue = queue or task.queue
    if task.owner != to:
        give(task, to, at=at)


def check_can_take(task, person, *, at):
    """Refuse somebody who can't take a task.

    Raises:
        Away: they are out of office on the day it is due.
        CannotTake: they do not work here any more or must not see the customer.
    """
    if not people.who_see(task.account).filter(pk=person.pk).exists():
        raise CannotTake(task, person)
    if absence := people.away_at([person], max(task.due_at, at)).get(person.pk):
        raise Away(task, absence)
