"""What the actions of this room share: how they refuse, lock and tell."""

from apps.accounts.models import Account
from apps.history import actions as history


class Refused(ValueError):
    """Nothing was written; the text tells the person what to do."""


def lock(account):
    """Take the customer's row and return it as it is now.

    Every action here starts with this, so that two at once are one after the other.
    """
    rows = Account.objects.select_for_update(of=("self",))
    return rows.select_related("timeline", "owner", "team").get(pk=account.pk)


def tell(kind, account, *, by, at, happened_at=None, **payload):
    """Write an event about a customer; payload fields that are None are left out."""
    return history.record(
        kind,
        timeline=account.timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        subject=account,
        **{name: value for name, value in payload.items() if value is not None},
    )
