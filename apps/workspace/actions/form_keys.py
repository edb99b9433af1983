"""Making forms count once."""

import uuid
from datetime import timedelta

from django.db import connection

from apps.workspace.models import FormKey

# A browser does not resend a form after so long.
KEPT = timedelta(days=7)


def claim(key, *, by, purpose, at):
    """Take a form key inside the caller's transaction, or say what its first use made.

    A second request with the same key waits here until the first one's transaction ends.

    Args:
        key: the form's UUID.
        by: who sent the form; a key of somebody else or of another form is not honoured.
        purpose: name of the form.
        at: now.

    Returns:
        None when the key is new and now ours; otherwise the earlier result (an id as text).

    Raises:
        ValueError: when the key was used by somebody else or for another form.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workspace_formkey (key, user_id, purpose, result, created_at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT (key) DO NOTHING",
            [key, by.pk, purpose, at],
        )
        if cursor.rowcount:
            return None
    earlier = FormKey.objects.get(key=key)
    if (earlier.user_id, earlier.purpose) != (by.pk, purpose):
        raise ValueError("This form key belongs to another form.")
    return earlier.result


def settle(key, *, result):
    """Remember what a form made, in the transaction that made it."""
    FormKey.objects.filter(key=key).update(result=str(result))


def forget_old_keys(*, at):
    """Delete form keys that no browser will send again; returns how many."""
    return FormKey.objects.filter(created_at__lt=at - KEPT).delete()[0]


def new_key():
    """Return a key for a form that is about to be shown."""
    return uuid.uuid4()
