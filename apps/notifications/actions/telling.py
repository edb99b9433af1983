"""What people follow, and what they are told."""

from django.db import transaction
from django.db.models import Q

from apps.history import sight
from apps.history.models import Event
from apps.notifications import queries, rules
from apps.notifications.models import Letter, Notification, Watch


@transaction.atomic
def watch(timeline, *, by, at):
    """Follow a timeline; who does already goes on."""
    Watch.objects.bulk_create([Watch(user=by, timeline=timeline, since=at)], ignore_conflicts=True)


@transaction.atomic
def unwatch(timeline, *, by):
    """Stop following a timeline, and those that are shown as one with it."""
    Watch.objects.filter(user=by, timeline__in=sight.together(timeline.pk)).delete()


@transaction.atomic
def tell(event, *, at):
    """Notify everybody whom an event concerns, and let those it mentions follow its timeline.

    Nobody is told what they did themselves, what they may not see, or one thing twice: of a
    call that also moved the stage, its first entry tells. Safe to call twice.

    Args:
        event: of a kind that is news.
        at: now.
    """
    audience = queries.audience(event)
    known = _told_of_the_same_act(event)
    news = [
        (person, why)
        for person, why in audience
        if why == Notification.Why.MENTIONED or person.pk not in known
    ]
    _notify(event, news, at=at)
    # Here and not with the note: the room that writes notes lies below this one.
    Watch.objects.bulk_create(
        [
            Watch(user=person, timeline_id=event.timeline_id, since=at)
            for person, why in audience
            if why == Notification.Why.MENTIONED
        ],
        ignore_conflicts=True,
    )


def _notify(event, news, *, at):
    """Write what people are told, and what of it is mailed to them when they want mail."""
    channels = queries.channels_of([person.pk for person, _why in news])
    Notification.objects.bulk_create(
        [
            Notification(
                user=person,
                event=event,
                why=why,
                created_at=at,
                # What does not ring is there to be read, and not counted.
                read_at=None if channels[person.pk, why].rings else at,
            )
            for person, why in news
        ],
        ignore_conflicts=True,
    )
    mailed = {person.pk: person for person, why in news if channels[person.pk, why].is_mailed}
    if not mailed:
        return
    quiet = queries.quiet_of(mailed)
    rows = Notification.objects.filter(event=event, user__in=mailed)
    Letter.objects.bulk_create(
        [
            Letter(
                user=mailed[row.user_id],
                notification=row,
                next_at=rules.after_quiet(
                    quiet[row.user_id], mailed[row.user_id].time_zone, row.created_at
                ),
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def _told_of_the_same_act(event):
    """Return the ids of those who heard of another entry that the same act wrote.

    The worker does the same with several rows at once, such as two late tasks of one customer:
    each of them is told.
    """
    others = Event.objects.on(event.timeline_id).filter(
        recorded_at=event.recorded_at, actor=event.actor_id
    )
    another = Q(subject_label=event.subject_label) & ~Q(subject_id=event.subject_id)
    told = Notification.objects.filter(event__in=others.exclude(pk=event.pk).exclude(another))
    return set(told.values_list("user", flat=True))


@transaction.atomic
def mark_read(notification, *, at):
    """Remember that somebody has opened a notification; the first time counts."""
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=at)


@transaction.atomic
def mark_all_read(*, by, upto, at):
    """Mark everything read that somebody had before them.

    Args:
        by: the person.
        upto: id of the newest notification that they saw; later ones stay unread.
        at: now.
    """
    Notification.objects.unread().filter(user=by, pk__lte=upto).update(read_at=at)
