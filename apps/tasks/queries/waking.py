"""Which of the tasks that were put off are there again."""

from django.db.models import OuterRef, Subquery

from apps.accounts.telling import joined_timelines
from apps.history.models import Event
from apps.tasks.models import Task


def due(at, *, limit):
    """Return the ids of tasks whose moment has come, the first ones first."""
    rows = Task.objects.filter(snoozed_until__lte=at)
    return list(rows.order_by("snoozed_until").values_list("pk", flat=True)[:limit])


def by(event):
    """Return the ids of the customer's tasks that were put off before an event happened."""
    asleep = Task.objects.filter(snoozed_until__isnull=False)
    said = Event.objects.filter(
        kind="tasks.snoozed",
        timeline=OuterRef("account__timeline"),
        subject_label=Task._meta.label_lower,
        subject_id=OuterRef("pk"),
    )
    rows = asleep.filter(account__timeline__in=list(joined_timelines(event.timeline_id)))
    rows = rows.annotate(put_off_at=Subquery(said.order_by("-id").values("happened_at")[:1]))
    # The worker may hear late of what happened before somebody put the task off.
    return [
        pk
        for pk, put_off_at in rows.order_by("pk").values_list("pk", "put_off_at")
        if put_off_at is None or put_off_at < event.happened_at
    ]
