"""Finding others for the work of somebody who has left, or must not see the customer any more."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.tasks.actions import routing
from apps.tasks.actions.common import drop_handoff, give, hold, one_by_one, write
from apps.tasks.actions.giving import tell_assigned
from apps.tasks.actions.handing import settle
from apps.tasks.models import Handoff
from apps.tasks.queries import leaving, people


def find_others(*, at, limit=100):
    """Give what people have left behind to others, and end what was asked of those who have left.

    Those are the open tasks of who works here no more, and of who must not see the customer any
    more, also those that wait for such people. Each goes to its queue; where it came from none, or
    from one whose people must not see the customer, to a queue of the customer's private team, or
    to whoever leads or manages that team; and otherwise it waits in the fallback. One transaction
    for each; one that somebody has in hand is left for the next run.

    Args:
        at: now.
        limit: how many tasks of each kind, and how many hand-offs, in one run.

    Returns:
        How many went elsewhere.
    """
    left = [*leaving.tasks(limit=limit), *leaving.hidden(limit=limit)]
    given = one_by_one(left, _give_away, at=at)
    return given + one_by_one(leaving.asked(limit=limit), _end, at=at)


@transaction.atomic
def _give_away(pk, *, at):
    task = hold(pk, skip_locked=True)
    why = _why_away(task) if task and task.is_open else ""
    if not why:
        return False
    former = task.owner
    _find_another(task, at=at)
    drop_handoff(task, at=at)
    write(task)
    tell_assigned(task, former, by=None, at=at, why=why)
    return True


def _why_away(task):
    """Return why a task can't stay with its owner or where it waits; "" when it can."""
    if task.owner is None:
        if task.queue.is_fallback or people.may_wait_in(task.queue, task.account):
            return ""
        words = _("Nobody who takes from %(queue)s sees this customer any more.")
        return words % {"queue": task.queue}
    if not task.owner.is_active:
        return _("%(name)s does not work here any more.") % {"name": task.owner}
    if not people.who_see(task.account).filter(pk=task.owner_id).exists():
        return _("%(name)s does not see this customer any more.") % {"name": task.owner}
    return ""


def _find_another(task, *, at):
    if queue := leaving.queue_for(task):
        routing.place(task, queue, at=at)
    elif head := leaving.head_for(task):
        task.queue = None  # from where nobody who sees the customer could take it again
        give(task, head, at=at)
    else:
        routing.lose(task)
        give(task, None, at=at)


@transaction.atomic
def _end(pk, *, at):
    handoff = Handoff.objects.select_related("sender", "receiver").get(pk=pk)
    handoff.task = hold(handoff.task_id, skip_locked=True)
    handoff.refresh_from_db(fields=["answer"])
    if handoff.task is None or handoff.answer != Handoff.Answer.PENDING:
        return False
    settle(handoff, Handoff.Answer.WITHDRAWN, by=None, at=at)
    return True
