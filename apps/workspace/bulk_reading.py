"""Reading a change to many rows: what it would do, and what it did."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _l

from apps.core.pages import keyset
from apps.workspace import bulk_kinds
from apps.workspace.models import BulkChange

SAMPLE = 10
SIZE = 50
# The tabs of the results: key, label, and the rows that it shows. Trouble comes first.
TABS = [
    ("failed", _l("Failed"), {"outcome": "failed"}),
    ("skipped", _l("Skipped"), {"outcome": "skipped"}),
    ("done", _l("Changed"), {"outcome": "done"}),
]
TABS_UNDONE = [
    ("spared", _l("Left as it is"), {"undo": "spared"}),
    ("restored", _l("Restored"), {"undo": "restored"}),
    *TABS[:2],
]


@dataclass(frozen=True)
class Forecast:
    """What a confirmed change would do."""

    sample: list
    more: int  # rows beyond the sample
    warnings: list
    changes: int  # rows that would be changed, as far as can be told


@dataclass(frozen=True)
class Tab:
    """One group of results."""

    key: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Results:
    """The rows of one group, with the other groups beside it."""

    tabs: list
    show: str
    rows: list
    newer: str | None
    older: str | None


def forecast(change):
    """Say what a previewed change would do; before its arguments are chosen, to whom."""
    rows = change.rows.order_by("pk")
    sample = list(rows.values_list("label", flat=True)[:SAMPLE])
    pairs = []
    if change.arguments:
        ids = rows.order_by().values("subject_id")
        kind = bulk_kinds.get(change.kind)
        pairs = kind.forecast(ids, by=change.by, **change.arguments)
    return Forecast(
        sample=sample,
        more=change.total - len(sample),
        warnings=[text % {"count": f"{count:,}"} for count, text in pairs if count],
        changes=change.total - sum(count for count, _text in pairs),
    )


def results(change, *, show, cursor, url, back):
    """Read one group of the rows that a change went through.

    Args:
        change: one that is through, or undone.
        show: key of the group; an unknown one gives the first that has rows.
        cursor: which page.
        url: of the change's page.
        back: the question of the list that it was asked from, kept in links.
    """
    groups = TABS_UNDONE if change.state == BulkChange.State.UNDONE else TABS
    counts = {key: getattr(change, key) for key, _label, _rows in groups}
    if show not in counts:
        show = next((key for key in counts if counts[key]), groups[-1][0])
    link = _Link(url, back)
    page = keyset(
        change.rows.filter(**{key: rows for key, _label, rows in groups}[show]),
        key="id",
        cursor=cursor,
        size=SIZE,
    )
    return Results(
        tabs=[
            Tab(key, label, counts[key], link(show=key))
            for key, label, _rows in groups
            if counts[key] or key == show
        ],
        show=show,
        rows=page.rows,
        newer=page.newer and link(show=show, at=page.newer),
        older=page.older and link(show=show, at=page.older),
    )


class _Link:
    """Builds links to the same results."""

    def __init__(self, url, back):
        self.url, self.back = url, [("back", back)] if back else []

    def __call__(self, **asked):
        return f"{self.url}?{urlencode([*asked.items(), *self.back])}"


def minutes_left(change, at):
    """Return how many whole minutes a change can still be undone, at least 1; None if not."""
    if not change.can_undo(at):
        return None
    return max(1, (change.undo_until - at) // timedelta(minutes=1))


def mine(user, *, kinds, cursor):
    """Return a page of somebody's own changes of some kinds, newest first."""
    changes = BulkChange.objects.confirmed().filter(by=user, kind__in=list(kinds))
    return keyset(changes, key="id", descending=True, cursor=cursor, size=25)
