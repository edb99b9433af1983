"""Who has a form open: kept fresh by the page, forgotten when it is left."""

from datetime import timedelta

from django.db import transaction

from apps.workspace.models import Presence

# A page says every thirty seconds that it is in sight. Whoever missed one beat may only have
# looked elsewhere; whoever missed three is gone.
HERE_FOR, SEEN_FOR = timedelta(seconds=45), timedelta(seconds=90)
SWEPT_AFTER = timedelta(hours=1)
# Whoever leaves a page may have the same form open in another, which says so within one beat.
LEAVES_WITHIN = timedelta(seconds=40)


def _of(subject):
    return Presence.objects.filter(
        subject_label=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("opened_at", "pk")


@transaction.atomic
def seen(user, subject, *, at):
    """Write down that somebody has a thing open for editing; safe to repeat.

    Args:
        user: the person.
        subject: what they edit.
        at: now.
    """
    # One who was away for long opened it anew.
    if not _of(subject).filter(user=user, seen_at__gt=at - SEEN_FOR).update(seen_at=at):
        Presence.objects.update_or_create(
            user=user,
            subject_label=subject._meta.label_lower,
            subject_id=subject.pk,
            defaults={"opened_at": at, "seen_at": at},
        )


def left(user, subject, *, at):
    """Let somebody's presence end soon, unless another page of theirs says again that it is open.

    From now on they count as gone from the page; safe to repeat.

    Args:
        user: the person.
        subject: what they edited.
        at: now.
    """
    lasts = at - SEEN_FOR + LEAVES_WITHIN
    _of(subject).filter(user=user, seen_at__gt=lasts).update(seen_at=lasts)


def others(subject, *, but, at):
    """Return who else has a thing open, who opened it first comes first.

    Args:
        subject: what is edited.
        but: the person who asks.
        at: now.

    Returns:
        Presences with their people; `is_here` says who was seen just now.
    """
    found = _of(subject).filter(seen_at__gt=at - SEEN_FOR).exclude(user=but)
    presences = list(found.select_related("user"))
    for each in presences:
        each.is_here = each.seen_at > at - HERE_FOR
    return presences


def old_presences(*, at):
    """Return presences of which nobody wants to know any more."""
    return Presence.objects.filter(seen_at__lt=at - SWEPT_AFTER)


def forget_old_presences(*, at):
    """Sweep what pages that never said goodbye left behind."""
    return old_presences(at=at).delete()[0]
