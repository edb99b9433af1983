"""What somebody's absence means for the tasks they have."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from apps.calendars.models import OutOfOffice
from apps.calendars.rules import DAY, moment_of
from apps.tasks.models import Cover, Handoff, Task


def absence_of(event):
    """Return the absence that an event speaks of, with a stand-in, or None when it is gone."""
    rows = OutOfOffice.objects.filter(
        user=event.subject_id,
        starts_on=event.payload["starts_on"],
        ends_on=event.payload["ends_on"],
        stand_in__isnull=False,
    )
    return rows.select_related("user", "stand_in").first()


def begun(at, *, limit):
    """Return the ids of absences with a stand-in that have begun, where what is left waits.

    Args:
        at: now.
        limit: how many at most.
    """
    # A day more on each side, for every zone; people are few.
    near = OutOfOffice.objects.filter(
        ~Exists(Cover.objects.filter(absence=OuterRef("pk"))),
        stand_in__isnull=False,
        starts_on__lte=at.date() + DAY,
        ends_on__gte=at.date() - DAY,
    )
    found = []
    for row in near.select_related("user").order_by("pk"):
        today = at.astimezone(ZoneInfo(row.user.time_zone)).date()
        if row.starts_on <= today <= row.ends_on:
            found.append(row.pk)
    return found[:limit]


def due_while(absence, *, why, at):
    """Return the tasks of somebody that are due before they are back.

    Who is here for another day or more does themselves what is due before they go; what they
    have not done by then is asked for when they have gone. Nobody is asked twice.

    Args:
        absence: of whom.
        why: what their stand-in is told.
        at: now.
    """
    first, after = (
        moment_of(absence.user.time_zone, datetime.combine(day, time()))
        for day in (absence.starts_on, absence.ends_on + DAY)
    )
    rows = Task.objects.open().there().filter(owner=absence.user, due_at__lt=after)
    if first > at + DAY:
        rows = rows.filter(due_at__gte=first)
    asked = Handoff.objects.filter(task=OuterRef("pk"), receiver=absence.stand_in, why=why)
    return rows.filter(~Exists(asked)).soonest_first()


def offered(event, why):
    """Return what somebody asked of their stand-in for an absence, unanswered so far.

    By timelines, in the order in which they are taken.
    """
    rows = Handoff.objects.filter(sender=event.subject_id, why=why, answer=Handoff.Answer.PENDING)
    return rows.select_related("sender").order_by("task__account__timeline", "id")


def days(event):
    """Return the first and the last day of the absence that an event speaks of."""
    return [date.fromisoformat(event.payload[name]) for name in ("starts_on", "ends_on")]
