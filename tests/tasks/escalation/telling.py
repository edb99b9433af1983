"""Who was told of late tasks, and what history says of it."""

from apps.history.models import Event
from apps.tasks.models import Escalation


def said():
    """Return (level, who, what) of every message, in order."""
    rows = Escalation.objects.order_by("pk").select_related("told")
    return [(row.level, row.told.name, row.does) for row in rows]


def events():
    kinds = Event.objects.filter(kind__startswith="tasks.").order_by("pk")
    return list(kinds.values_list("kind", flat=True))
