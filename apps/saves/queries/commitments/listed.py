"""Everything that was ever said to a customer, and customers by what was said to them."""

from dataclasses import dataclass

from django.db.models import Count
from django.db.models.expressions import RawSQL

from apps.accounts import family
from apps.core.pages import keyset
from apps.saves.models import Commitment

SIZE = 50  # on a page


@dataclass(frozen=True)
class Chip:
    """One state, and how many there are in it."""

    key: str
    label: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class Ledger:
    """Everything that was ever said to a customer."""

    page: object
    chips: list
    show: str
    total: int


def ledger(account, *, show="", cursor=""):
    """Read a page of a customer's commitments, the latest day on top.

    Args:
        account: that this person may see.
        show: a state, or "" for all of them.
        cursor: which page.
    """
    rows = Commitment.objects.filter(account__in=family.of(account).pks)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    show = show if show in Commitment.State.values else ""
    found = rows.filter(state=show) if show else rows
    return Ledger(
        page=keyset(
            found.select_related("owner", "settled_by", "made_good_by"),
            key="due_on",
            cursor=cursor,
            size=SIZE,
            descending=True,
        ),
        chips=[
            Chip(state.value, str(state.label), counts[state], state == show)
            for state in Commitment.State
            if state in counts
        ],
        show=show,
        total=sum(counts.values()),
    )


def narrow(accounts, standing):
    """Narrow a queryset of accounts to those to whom we committed.

    Args:
        accounts: the queryset.
        standing: `open`, `broken`, or `unmended` for broken and not made good.
    """
    state = "open" if standing == "open" else "broken"
    also = "AND made_good_at IS NULL" if standing == "unmended" else ""
    ids = _COMMITTED.format(also=also)
    return accounts.filter(pk__in=RawSQL(ids, (state, state)))  # noqa: S611  ours


# Of records that were merged it counts for the one that was kept.
_COMMITTED = """
    SELECT account_id FROM saves_commitment WHERE state = %s {also}
    UNION ALL
    SELECT merged_into_id FROM accounts_account
    WHERE merged_into_id IS NOT NULL
        AND id IN (SELECT account_id FROM saves_commitment WHERE state = %s {also})
"""
