"""Hearing what happens with customers, for the tasks that were put off."""

from django.utils import timezone

from apps.history import kinds
from apps.history.subscriptions import subscribe
from apps.tasks.actions import snoozing


def wake_for(event):
    """Wake the tasks of a customer with whom we had contact."""
    snoozing.hear(event, at=timezone.now())


subscribe("tasks.wake", [name for name in kinds.names() if kinds.get(name).is_touch], wake_for)
