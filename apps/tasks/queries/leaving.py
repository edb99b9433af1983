"""What lies with somebody who can't do it any more: they have left, or must not see the customer."""

from django.db.models import Exists, F, OuterRef, Q

from apps.tasks.models import Handoff, Queue, Task
from apps.tasks.queries import people
from apps.users.models import Team, User

_HAS_FALLBACK = Exists(Queue.objects.filter(is_fallback=True))


def tasks(*, limit):
    """Return the ids of open tasks whose owner has left, and which can go somewhere else."""
    # The people first, of whom there are few: the ticker asks this every few seconds.
    theirs = Task.objects.open().filter(owner=OuterRef("pk"))
    gone = User.objects.filter(Exists(theirs), is_active=False).values_list("pk", flat=True)
    somewhere = Q(queue__isnull=False) | _HAS_FALLBACK
    rows = Task.objects.open().filter(somewhere, owner__in=list(gone))
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:limit])


def hidden(*, limit):
    """Return the ids of open tasks whose owner must not see the customer, likewise.

    The customer came to a private team, their team was made private, or the owner left it. And
    of tasks that wait in the queue of a team that must not, but for the fallback.
    """
    private = list(Team.objects.filter(is_private=True).values_list("pk", flat=True))
    if not private:
        return []
    own = Task.objects.open().filter(account__merged_into=None)
    parts = Task.objects.open()
    found = _hidden(own, "account__team", private)
    found = found.union(_hidden(parts, "account__merged_into__team", private), all=True)
    return list(found.values_list("pk", flat=True)[:limit])


def _hidden(rows, team, private):
    sees = Q(owner__team=F(team)) | Q(owner__member__role__in=people.SEEING)
    sees |= Q(owner=F(f"{team}__lead")) | Q(owner=F(f"{team}__manager"))
    heads = Q(**{f"{team}__lead__in": people.workers()})
    heads |= Q(**{f"{team}__manager__in": people.workers()})
    somewhere = Exists(Queue.objects.filter(team=OuterRef(team))) | _HAS_FALLBACK | heads
    elsewhere = ~Q(queue__team=F(team)) & Q(queue__is_fallback=False)
    rows = rows.filter(Q(owner__isnull=False) | elsewhere, **{f"{team}__in": private})
    return rows.exclude(sees).filter(somewhere)


def asked(*, limit):
    """Return the ids of hand-offs that wait for an answer of somebody who has left."""
    rows = Handoff.objects.filter(answer=Handoff.Answer.PENDING, receiver__is_active=False)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


def queue_for(task):
    """Return where a task can wait: in its own queue, or in one of its customer's private team."""
    if task.queue and people.may_wait_in(task.queue, task.account):
        return task.queue
    return Queue.objects.filter(team=_private_team(task)).order_by("pk").first()


def head_for(task):
    """Return who leads or else manages the private team of a task's customer, if anybody does."""
    team = _private_team(task)
    heads = people.workers().in_bulk([team.lead_id, team.manager_id]) if team else {}
    return team and (heads.get(team.lead_id) or heads.get(team.manager_id))


def _private_team(task):
    team = (task.account.merged_into or task.account).team
    return team if team and team.is_private else None
