"""Commitments and their tasks."""

from django.db.models import F, Q

from apps.core.sql import planned
from apps.saves.models import Commitment
from apps.tasks.models import Queue, Task
from apps.tasks.queries import escalation
from apps.tasks.queries.people import SEEING, WORKING
from apps.tasks.rules import escalation as telling


def taskless(*, limit):
    """Return ids of open commitments that have no task and can have one, the first said first.

    Those of customers who were removed wait until they are back, and those of people who can't
    take tasks of the customer until somebody else keeps them.

    Args:
        limit: how many at most.
    """
    rows = Commitment.objects.open().filter(
        _sees("account__merged_into") | Q(account__merged_into=None) & _sees("account"),
        task=None,
        account__removed_at=None,
        account__merged_into__removed_at=None,
        owner__is_active=True,
        owner__member__role__in=WORKING,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _sees(account):
    """Whether the owner may see a customer, as `who_see` says it of one."""
    team = f"{account}__team"
    own = Q(**{team: F("owner__team")}) | Q(**{f"{team}__lead": F("owner")})
    own |= Q(**{f"{team}__manager": F("owner")})
    return Q(**{f"{account}__isnull": False}) & (
        Q(**{team: None})
        | Q(**{f"{team}__is_private": False})
        | own
        | Q(owner__member__role__in=SEEING)
    )


def says_late(commitment_id, *, at):
    """Say whether the owner of a commitment hears of its task that it is late.

    Args:
        commitment_id: of the commitment.
        at: when its day was over.
    """
    task = Task.objects.open().awake(at).filter(commitment=commitment_id).first()
    plan = task and telling.choose(escalation.plans(), task.kind, task.priority)
    return bool(plan) and any(step.number == 1 for step in plan.steps)


def behind(task_ids):
    """Return the commitments for which tasks were made, by the task's id.

    Each is its id and whether the customer knows of it.
    """
    with planned() as cursor:
        cursor.execute(_BEHIND, {"tasks": list(task_ids)})
        return {task: row for task, *row in cursor}


_BEHIND = """
    SELECT task_id, id, is_visible FROM saves_commitment WHERE task_id = ANY(%(tasks)s::bigint[])
"""


def queues(team=None):
    """Return the queues that can take a commitment to a customer, by what a form posts.

    Args:
        team: the customer's; what is a private team's business stays with it.
    """
    found = Queue.objects.filter(is_fallback=False).order_by("name")
    if team is not None and team.is_private:
        found = found.filter(team=team)
    return {f"queue-{queue.pk}": queue for queue in found.select_related("team")}
