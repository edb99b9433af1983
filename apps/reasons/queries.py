"""Reading the reasons."""

from django.db.models import Q

from apps.history.models import Event
from apps.reasons.models import Category, Prompt, Reason

# A list of reasons changes a few times a year; more is not worth a second page.
SHOWN_EVENTS = 200


def category_at(position):
    """Return the current category that a key picks, or None."""
    return Category.objects.current().filter(position=position).first()


def is_category_used(name, position):
    """Say whether a category of this name or with this key was ever there."""
    return Category.objects.filter(Q(name__iexact=name) | Q(position=position)).exists()


def is_prompt_used(name):
    """Say whether a prompt of this name was ever there."""
    return Prompt.objects.filter(name__iexact=name).exists()


def prompts():
    """Return the prompts in use, in their order."""
    return Prompt.objects.filter(retired_at=None).order_by("position", "name", "id")


def latest_events(thing):
    """Return what happened to a category, a reason, a competitor or a prompt, newest first."""
    timeline = thing.category.timeline_id if isinstance(thing, Reason) else thing.timeline_id
    events = Event.objects.filter(timeline=timeline).for_list().newest_first()
    if isinstance(thing, Reason):  # its category's history holds more than this one
        events = events.filter(subject_label=thing._meta.label_lower, subject_id=thing.pk)
    return events[:SHOWN_EVENTS]
