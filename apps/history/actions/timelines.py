"""The timelines themselves, and when each was touched last."""

from django.db import transaction
from django.db.models import Max

from apps.history import kinds
from apps.history.models import Event, Timeline


def new_timeline():
    """Create the timeline of a thing that is being created."""
    return Timeline.objects.create()


@transaction.atomic
def reckon_touch(timeline, others):
    """Set the last touch of a timeline that is shown together with others, or is so no more.

    Args:
        timeline: whose last touch it is.
        others: ids of the timelines shown with it.
    """
    Timeline.objects.select_for_update().get(pk=timeline.pk)
    touches = [name for name in kinds.names() if kinds.get(name).is_touch]
    own = Event.objects.on(timeline).of_kinds(touches).aggregate(at=Max("happened_at"))
    theirs = Timeline.objects.filter(pk__in=others).aggregate(at=Max("last_touch_at"))
    timeline.last_touch_at = max(filter(None, [own["at"], theirs["at"]]), default=None)
    timeline.save(update_fields=["last_touch_at"])
