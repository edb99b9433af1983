"""Hearing what happens, for those who want to know."""

from django.utils import timezone

from apps.history import kinds, subscriptions
from apps.notifications import actions


def hear(event):
    """Tell people of an event; history calls this once for each, or again after a crash."""
    actions.tell(event, at=timezone.now())


def move_digest(event):
    """Let somebody's digest come at its time on the clocks of their new zone."""
    actions.move_digest(event.subject_id, at=timezone.now())


subscriptions.subscribe("notifications.digest", ["access.time_zone_changed"], move_digest)
# Whoever is given five hundred customers at once is not told five hundred times.
subscriptions.subscribe("notifications.tell", kinds.news(), hear, hears_sets=False)
