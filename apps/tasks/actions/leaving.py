"""Finding others for the work of somebody who does not work here any more."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.tasks.actions import routing
from apps.tasks.actions.common import drop_handoff, give, hold, one_by_one, write
from apps.tasks.actions.giving import tell_assigned
from apps.tasks.actions.handing import settle
from apps.tasks.models import Handoff
from apps.tasks.queries import leaving, people


def find_others(*, at, limit=100):
    """Give the open tasks of those who have left to their queues, and end what was asked of them.

    A task that came from no queue, or from one whose people must not see the customer by now,
    waits in the fallback. One transaction for each; one that
    somebody has in hand is left for the next run.

    Args:
        at: now.
        limit: how many tasks, and how many hand-offs, in one run.

    Returns:
        How many went elsewhere.
    """
    given = one_by_one(leaving.tasks(limit=limit), _give_away, at=at)
    return given + one_by_one(leaving.asked(limit=limit), _end, at=at)


@transaction.atomic
def _give_away(pk, *, at):
    task = hold(pk, skip_locked=True)
    if task is None or not task.is_open or task.owner is None or task.owner.is_active:
        return False
    former = task.owner
    if task.queue is None or not people.may_wait_in(task.queue, task.account):
        routing.lose(task)
        give(task, None, at=at)
    else:
        routing.place(task, task.queue, at=at)
    drop_handoff(task, at=at)
    write(task)
    why = _("%(name)s does not work here any more.") % {"name": former}
    tell_assigned(task, former, by=None, at=at, why=why)
    return True


@transaction.atomic
def _end(pk, *, at):
    handoff = Handoff.objects.select_related("sender", "receiver").get(pk=pk)
    handoff.task = hold(handoff.task_id, skip_locked=True)
    handoff.refresh_from_db(fields=["answer"])
    if handoff.task is None or handoff.answer != Handoff.Answer.PENDING:
        return False
    settle(handoff, Handoff.Answer.WITHDRAWN, by=None, at=at)
    return True
