"""What was removed and can be brought back."""

from apps.accounts.models import Account, Contact
from apps.accounts.rules import RESTORE_FOR
from apps.core.pages import keyset
from apps.history.models import Event

SIZE = 25


def latest(kind, *, at, cursor=""):
    """Read a page of what was removed in the last thirty days, newest first.

    Args:
        kind: customers or contacts.
        at: now.
        cursor: which page.

    Returns:
        The page; customers have the reason as `why`.
    """
    rows = (
        Account.objects.all() if kind == "customers" else Contact.objects.select_related("account")
    )
    rows = rows.select_related("removed_by").filter(removed_at__gt=at - RESTORE_FOR)
    if kind == "contacts":
        rows = rows.filter(account__in=Account.objects.live())  # else the customer comes first
    page = keyset(rows, key="removed_at", descending=True, cursor=cursor, size=SIZE)
    if kind == "customers":
        _say_why(page.rows)
    return page


def _say_why(accounts):
    events = Event.objects.on(*[each.timeline_id for each in accounts])
    events = events.of_kinds(["accounts.removed"]).order_by("id")
    reasons = {event.timeline_id: event.payload["reason"] for event in events}
    for account in accounts:
        account.why = reasons.get(account.timeline_id, "")
