"""Keeping entries on top of their timeline."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.history import rules
from apps.history.models import Pin, Timeline


class TooManyPins(ValueError):
    """The top of a timeline is full."""

    def __init__(self):
        super().__init__(
            _("%(most)d entries are pinned already. Unpin one of them first.")
            % {"most": rules.MOST_PINS}
        )


@transaction.atomic
def pin(event, *, by, at):
    """Keep an entry on top of its timeline; one that is there already stays as it is.

    Args:
        event: the entry.
        by: who pins it.
        at: now.

    Raises:
        TooManyPins: when the top is full.
    """
    # Two at once are one after the other, or both would be the last that fits.
    Timeline.objects.select_for_update(no_key=True).get(pk=event.timeline_id)
    pins = Pin.objects.filter(timeline=event.timeline_id)
    earlier = pins.filter(event=event).first()
    if earlier is not None:
        return earlier
    if pins.count() >= rules.MOST_PINS:
        raise TooManyPins
    return Pin.objects.create(
        event=event, timeline_id=event.timeline_id, pinned_by=by, pinned_at=at
    )


@transaction.atomic
def unpin(event):
    """Take an entry down from the top of its timeline; it stays where it happened."""
    Pin.objects.filter(event=event).delete()
