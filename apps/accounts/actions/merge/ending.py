"""What merging and parting end with: both records written, both histories told."""

from apps.accounts.actions.common import tell
from apps.accounts.models import Account
from apps.history import actions as history


def settle(kept, given_up):
    """Write both records, and count every touch with the customer as one of the kept record's."""
    for account in (kept, given_up):
        account.version += 1
        account.save()
    for account in (kept, given_up):
        members = Account.objects.filter(merged_into=account)
        history.reckon_touch(account.timeline, members.values("timeline"))


def tell_both(kind, row, *, by, at, **payload):
    """Write the event into both histories, each naming the other record; the kept one in full."""
    pairs = [(row.kept, row.given_up, True), (row.given_up, row.kept, False)]
    for account, other, is_kept in pairs:
        tell(
            kind,
            account,
            by=by,
            at=at,
            other=other.name,
            reference=other.reference,
            is_kept=is_kept,
            **(payload if is_kept else {}),
        )
