"""The customer list: rows, chips, counts and neighbours of one question."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import caches
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from apps.accounts.models import Account
from apps.core.pages import keyset
from apps.desk.queries import rows, search

SIZE = 25  # about what fits a screen; more is one key away
# Counting stops here: nobody acts on the difference between 10,001 and 100,000.
COUNTED = 10_000
TOTAL_KEPT = 10  # seconds


@dataclass(frozen=True)
class Chip:
    """One answer that narrows the list, and the list without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Column:
    """One head of the table."""

    label: str
    classes: str
    url: str = ""
    sorted: str = ""
    icon: str = "sort"


@dataclass(frozen=True)
class Listing:
    """What the list page shows."""

    rows: list
    shown: str
    total: str
    chips: list
    columns: list
    newer: str | None
    older: str | None
    url: str


def listing(form, *, user, at, cursor, url):
    """Read the page of the customer list that a valid filter form asks for.

    Args:
        form: a bound, valid CustomerFilter.
        user: who looks.
        at: now.
        cursor: which page.
        url: path of the list, for links.
    """
    everyone = Account.objects.visible_to(user)
    matching = form.filter(everyone, at)
    if form.order is None:
        page, count = _by_relevance(matching, form.cleaned_data["q"], cursor)
        shown = _capped(count, search.CAP)
    else:
        if form.cleaned_data["q"]:
            matching = matching.filter(pk__in=search.find(form.cleaned_data["q"]))
        column, descending = form.order
        found = rows.values(matching)
        page = keyset(found, key=column, descending=descending, cursor=cursor, size=SIZE)
        page = (page.rows, page.newer, page.older)
        shown = _count(matching) if form.is_narrowed else _total(everyone, user)
    found, newer, older = page
    total = _total(everyone, user) if form.is_narrowed else shown
    link = _Links(form, url)
    return Listing(
        rows=rows.dress(found, at),
        shown=shown,
        total=total,
        chips=link.chips(),
        columns=link.columns(),
        newer=link.at(newer),
        older=link.at(older),
        url=url,
    )


def _by_relevance(accounts, text, cursor):
    """Page through search hits, best first; the cursor is the last account shown."""
    hits = search.find(text)
    visible = set(accounts.filter(pk__in=hits).values_list("pk", flat=True))
    ranked = [pk for pk in hits if pk in visible]
    start = ranked.index(int(cursor)) if _is_one_of(cursor, ranked) else 0
    found = rows.values(accounts.filter(pk__in=ranked[start : start + SIZE]))
    shown = sorted(found, key=lambda row: ranked.index(row.pk))
    newer = ranked[max(0, start - SIZE)] if start else None
    older = ranked[start + SIZE] if len(ranked) > start + SIZE else None
    return (shown, newer, older), len(ranked)


def _is_one_of(cursor, ranked):
    return cursor.isdecimal() and len(cursor) < 19 and int(cursor) in ranked


def _total(everyone, user):
    """Count all customers that a person may see; the figure may be some seconds old."""
    key = "customers-but-" + "-".join(map(str, user.hidden_teams))
    return caches["process"].get_or_set(key, lambda: _count(everyone), TOTAL_KEPT)


def _count(accounts):
    """Count up to a limit; an exact count of everything would read everything."""
    counted = accounts.order_by().values("pk")[: COUNTED + 1]
    return _capped(counted.count(), COUNTED)


def _capped(count, cap):
    return f"{cap:,}+" if count >= cap + (cap == COUNTED) else f"{count:,}"


class _Links:
    """Builds links to the same list, asked a little differently."""

    def __init__(self, form, url):
        self.form, self.url = form, url

    def _to(self, pairs):
        return f"{self.url}?{urlencode(pairs)}" if pairs else self.url

    def at(self, cursor):
        """The same question at another place."""
        return None if cursor is None else self._to([*self.form.pairs(), ("at", cursor)])

    def chips(self):
        """A chip for every answer."""
        return [
            Chip(
                str(self.form.fields[name].label),
                self._word(name, value),
                self._to(self.form.pairs((name, value))),
            )
            for name, value in self.form.pairs("sort")
        ]

    def _word(self, name, value):
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        if value in choices:
            return str(choices[value])
        if name in {"owner", "team"}:
            named = {"me": _("me"), "none": _("nobody") if name == "owner" else _("no team")}
            return named.get(value) or str(self.form.cleaned_data[name])
        return value

    def columns(self):
        """The table's head; a column that can be sorted links to the list sorted by it."""
        return [self._column(*each) for each in COLUMNS]

    def _column(self, label, classes, sort):
        if not sort:
            return Column(label, classes)
        current = self.form.cleaned_data["sort"] or ("" if self.form.order is None else "name")
        # Names read upwards first; money and dates are more use from the other end.
        other = f"-{sort}" if (current == sort if sort != "mrr" else current != "-mrr") else sort
        url = self._to([*self.form.pairs("sort"), ("sort", other)])
        if current.lstrip("-") != sort:
            return Column(label, classes, url)
        down = current.startswith("-")
        return Column(
            label, classes, url, "descending" if down else "ascending", "down" if down else "up"
        )


# Label, classes and sort key of each column.
COLUMNS = [
    (_l("Name"), "", "name"),
    (_l("Stage"), "", ""),
    (_l("Tier"), "", ""),
    (_l("MRR"), "num", "mrr"),
    (_l("Owner"), "opt-1", ""),
    (_l("Renews"), "opt-1", "renews"),
    (_l("Last touch"), "", ""),
]
