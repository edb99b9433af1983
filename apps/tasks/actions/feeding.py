"""The address under which somebody's calendar finds their tasks."""

import secrets

from django.db import transaction

from apps.access.rules import hash_secret
from apps.tasks.models import Feed


@transaction.atomic
def open_feed(*, by, at):
    """Give somebody a new address; the one before ends.

    Args:
        by: whose.
        at: now.

    Returns:
        The secret in it, which nobody can read again.
    """
    secret = secrets.token_urlsafe(32)
    values = {"secret_hash": hash_secret(secret), "made_at": at}
    Feed.objects.update_or_create(user=by, defaults=values)
    return secret


@transaction.atomic
def close_feed(*, by):
    """End somebody's address. Safe to call twice."""
    Feed.objects.filter(user=by).delete()
