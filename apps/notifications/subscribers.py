"""Hearing what happens, for those who want to know."""

from django.utils import timezone

from apps.history import kinds, subscriptions
from apps.notifications import actions


def hear(event):
    """Tell people of an event; history calls this once for each, or again after a crash."""
    actions.tell(event, at=timezone.now())


# Whoever is given five hundred customers at once is not told five hundred times.
subscriptions.subscribe("notifications.tell", kinds.news(), hear, hears_sets=False)
