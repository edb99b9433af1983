"""How somebody wants to be told."""

from django.db import transaction

from apps.notifications import rules
from apps.notifications.models import Preference, Rhythm


@transaction.atomic
def choose(*, by, at, channels, quiet, digest_at):
    """Remember how somebody wants to be told, from now on; safe to call twice.

    Args:
        by: the person; nobody chooses for another one.
        at: now.
        channels: `Channels` by kind of thing, a key of `Notification.Why`.
        quiet: `Quiet`, when no mail is wanted, or None.
        digest_at: time of day of the digest, or None for none.
    """
    Preference.objects.bulk_create(
        [
            Preference(user=by, why=why, rings=each.rings, is_mailed=each.is_mailed)
            for why, each in channels.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "why"],
        update_fields=["rings", "is_mailed"],
    )
    Rhythm.objects.update_or_create(
        user=by,
        defaults={
            "quiet_from": quiet and quiet.start,
            "quiet_until": quiet and quiet.end,
            "digest_at": digest_at,
            "next_digest_at": digest_at and rules.next_at(digest_at, by.time_zone, at),
        },
    )


@transaction.atomic
def move_digest(user_id, *, at):
    """Say anew when somebody's next digest is, since their clocks show another time.

    One that is due by now comes all the same. Safe to call twice.

    Args:
        user_id: whose.
        at: now.
    """
    rows = Rhythm.objects.filter(user=user_id, next_digest_at__gt=at).select_related("user")
    for row in rows.select_for_update(of=["self"]):
        row.next_digest_at = rules.next_at(row.digest_at, row.user.time_zone, at)
        row.save(update_fields=["next_digest_at"])
