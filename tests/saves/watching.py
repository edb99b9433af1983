"""What watches and their history say."""

from django.template.loader import render_to_string

from apps.history.models import Event
from apps.saves.models import Watch


def stands(case):
    """The rung and the day of a case's watch."""
    return Watch.objects.values_list("rung", "day").get(case=case)


def told():
    """What history says of watches: rung, what it was, and the day."""
    events = Event.objects.filter(kind="saves.watch_changed").order_by("id")
    return [(e.payload["rung"], e.payload["was"], e.payload["day"]) for e in events]


def sentence(case):
    """How the newest event of a case's watch reads."""
    event = Event.objects.filter(kind="saves.watch_changed", subject_id=case.pk).latest("id")
    return render_to_string("saves/history/watch_changed.html", {"event": event})
