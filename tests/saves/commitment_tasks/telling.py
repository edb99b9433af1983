"""What history and the bell tell of commitments and their tasks."""

from apps.history.models import Event
from apps.notifications.models import Notification


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def notified():
    rows = Notification.objects.order_by("pk").select_related("user", "event")
    return [(row.user.name, row.event.kind) for row in rows]
