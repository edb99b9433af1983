"""What somebody who does not work here any more has left behind."""

from django.db.models import Exists, OuterRef, Q

from apps.tasks.models import Handoff, Queue, Task
from apps.users.models import User


def tasks(*, limit):
    """Return the ids of open tasks whose owner has left, and which can go somewhere else."""
    # The people first, of whom there are few: the ticker asks this every few seconds.
    theirs = Task.objects.open().filter(owner=OuterRef("pk"))
    people = User.objects.filter(Exists(theirs), is_active=False).values_list("pk", flat=True)
    somewhere = Q(queue__isnull=False) | Exists(Queue.objects.filter(is_fallback=True))
    rows = Task.objects.open().filter(somewhere, owner__in=list(people))
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:limit])


def asked(*, limit):
    """Return the ids of hand-offs that wait for an answer of somebody who has left."""
    rows = Handoff.objects.filter(answer=Handoff.Answer.PENDING, receiver__is_active=False)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])
