"""What people said about being contacted: statements that are added, never changed."""

from django.db import transaction

from apps.accounts.actions.common import lock_contact, tell
from apps.accounts.models import ContactPermission


@transaction.atomic
def record_permission(contact, *, channel, is_given, source, by, at, said_at=None):
    """Write down that somebody may, or may no longer, be contacted on a channel.

    Safe to call twice: what the newest statement says already is not written again.

    Args:
        contact: who said so.
        channel: phone, email, sms, chat or post.
        is_given: true for yes.
        source: where they said so.
        by: who writes it down, or None for Mainstay itself.
        at: now.
        said_at: when they said so, if earlier than now.

    Returns:
        The statement just written, or the newest one for the channel.
    """
    account, contact = lock_contact(contact)
    earlier = ContactPermission.objects.filter(contact=contact, channel=channel)
    newest = earlier.order_by("-said_at", "-id").first()
    same = earlier.filter(is_given=is_given, source=source)
    if newest is not None and (newest in same or same.filter(said_at=said_at).exists()):
        return newest
    said_at = said_at or at
    statement = ContactPermission.objects.create(
        contact=contact,
        channel=channel,
        is_given=is_given,
        source=source,
        said_at=said_at,
        recorded_by=by,
    )
    tell(
        "accounts.permission_given" if is_given else "accounts.permission_withdrawn",
        account,
        by=by,
        at=at,
        happened_at=said_at,
        name=contact.name,
        medium=str(channel),
        source=source,
    )
    return statement
