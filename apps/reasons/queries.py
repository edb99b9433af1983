"""Reading the reasons."""

from django.db.models import Q

from apps.history.models import Event
from apps.reasons.models import Category, Reason

# A list of reasons changes a few times a year; more is not worth a second page.
SHOWN_EVENTS = 200


def category_at(position):
    """Return the current category that a key picks, or None."""
    return Category.objects.current().filter(position=position).first()


def is_category_used(name, position):
    """Say whether a category of this name or with this key was ever there."""
    return Category.objects.filter(Q(name__iexact=name) | Q(position=position)).exists()


def latest_events(thing):
    """Return what happened to a category, a reason or a competitor, newest first."""
    timeline = thing.category.timeline_id if isinstance(thing, Reason) else thing.timeline_id
    events = Event.objects.filter(timeline=timeline).for_list().newest_first()
    if isinstance(thing, Reason):  # its category's history holds more than this one
        events = events.filter(subject_label=thing._meta.label_lower, subject_id=thing.pk)
    return events[:SHOWN_EVENTS]
