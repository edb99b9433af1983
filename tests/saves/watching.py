"""What watches and their history say."""

from apps.history.models import Event
from apps.saves.models import Watch


def stands(case):
    """The rung and the day of a case's watch."""
    return Watch.objects.values_list("rung", "day").get(case=case)


def told():
    """What history says of watches: rung, what it was, and the day."""
    events = Event.objects.filter(kind="saves.watch_changed").order_by("id")
    return [(e.payload["rung"], e.payload["was"], e.payload["day"]) for e in events]
