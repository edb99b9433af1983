"""The customer list: rows, chips, counts and neighbours of one question."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.core.cache import caches
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.custom import PREFIX
from apps.accounts.models import Account
from apps.core.pages import Page, keyset
from apps.core.templatetags.mainstay import svg
from apps.desk.queries import rows, search
from apps.desk.queries.columns import chosen

SIZE = 25  # about what fits a screen; more is one key away
# Counting stops here: nobody acts on the difference between 10,001 and 100,000.
COUNTED = 10_000
TOTAL_KEPT = 10  # seconds
COUNT_KEPT = 30


@dataclass(frozen=True)
class Chip:
    """One answer that narrows the list, and the list without it."""

    label: str
    value: str
    url: str

    @property
    def remove(self):
        """What its link does, in words."""
        return _("Remove filter: %(label)s %(value)s") % {"label": self.label, "value": self.value}

    @property
    def html(self):
        """The chip as markup."""
        return _chip(self.label, self.value, self.url, self.remove)


@dataclass(frozen=True)
class Head:
    """One head of the table."""

    label: str
    classes: str
    url: str = ""
    sorted: str = ""
    icon: str = "sort"

    @property
    def html(self):
        """The head as markup: a template would take three times as long."""
        return _head(str(self.label), self.classes, self.url, self.sorted, self.icon)


# The same lists are asked again and again, with the same words above them.
@lru_cache(maxsize=1024)
def _chip(label, value, url, remove):
    return format_html(
        '<span class="chip filter">{} <b>{}</b><a href="{}" aria-label="{}">{}</a></span>',
        *(label, value, url, remove, svg("x")),
    )


@lru_cache(maxsize=1024)
def _head(label, classes, url, way, icon):
    words = format_html('<a href="{}">{}{}</a>', url, label, svg(icon)) if url else label
    sort = format_html(' aria-sort="{}"', way) if way else ""
    return format_html(
        '<th role="columnheader" scope="col" class="{}"{}>{}</th>', classes, sort, words
    )


@dataclass(frozen=True)
class Listing:
    """What the list page shows."""

    rows: list
    body: SafeString
    shown: str
    total: str
    chips: list
    columns: list
    newer: str | None
    older: str | None
    url: str


def matching(form, *, user, at):
    """Return all customers that the question of a valid filter form fits, the words as well.

    Args:
        form: a bound, valid CustomerFilter.
        user: who looks.
        at: now.
    """
    found = form.filter(Account.objects.visible_to(user), at)
    words = form.cleaned_data["q"]
    return search.look(words).narrow(found) if words else found


def in_order(form, *, user, at):
    """Return the ids of all customers that a question fits, in the list's order.

    Args:
        form: a bound, valid CustomerFilter.
        user: who looks.
        at: now.
    """
    if form.order is None:
        found = form.filter(Account.objects.visible_to(user), at)
        return search.look(form.cleaned_data["q"]).in_order(found)
    found = matching(form, user=user, at=at)
    key, descending = form.order
    sign = "-" if descending else ""
    ordered = found.with_sort_keys().order_by(f"{sign}{key}", f"{sign}pk")
    return ordered.values_list("pk", flat=True).iterator(chunk_size=10_000)


def count_of(form, *, user, at):
    """Say how many customers a question fits; the figure may be half a minute old.

    Args:
        form: a bound, valid CustomerFilter.
        user: who looks.
        at: now.
    """
    pairs = sorted(form.pairs("sort"))
    # Two people who see the same customers share a figure, unless it is about themselves.
    whose = user.pk if ("owner", "me") in pairs else ""
    key = repr((pairs, user.hidden_teams, whose, timezone.localdate(at)))
    digest = hashlib.sha256(key.encode()).hexdigest()
    return caches["process"].get_or_set(
        f"customers-like-{digest}", lambda: _count(matching(form, user=user, at=at)), COUNT_KEPT
    )


def chips(form, url=""):
    """Return a chip for every answer of a valid filter form; a file needs only their words."""
    return _Links(form, url).chips()


def listing(form, *, user, at, cursor, url, columns=(), has_ticks=False):
    """Read the page of the customer list that a valid filter form asks for.

    Args:
        form: a bound, valid CustomerFilter.
        user: who looks.
        at: now.
        cursor: which page.
        url: path of the list, for links.
        columns: keys of the columns to show; none means the usual ones.
        has_ticks: whether this person may change many at once.
    """
    columns = chosen(columns)
    key, descending = form.order or ("", False)
    found = form.filter(rows.values(columns, key).in_sight_of(user), at)
    hits = search.look(form.cleaned_data["q"]) if form.cleaned_data["q"] else None

    def matched():
        # Built only when it is asked: a figure is often known, or on the page.
        accounts = form.filter(Account.objects.visible_to(user), at)
        return accounts if hits is None or not key else hits.narrow(accounts)

    if not key and not hits.is_cut and len(hits.ids) <= SIZE:
        page = Page(_in_order(found, hits.ids))
        shown = str(len(page.rows))
    elif not key:
        ranked, shown = _ranked(hits, matched, form, user)
        page = _by_relevance(ranked, found, cursor)
    else:
        found = found if hits is None else hits.narrow(found)
        page = keyset(found, key=key, descending=descending, cursor=cursor, size=SIZE)
        shown = _figure(page, matched, form, user) if form.is_narrowed else _total(user)
    link = _Links(form, url)
    dressed = rows.dress(page.rows, columns, at=at, url=url, has_ticks=has_ticks)
    return Listing(
        rows=dressed,
        body=format_html_join("", "{}", ((row.html,) for row in dressed)),
        shown=shown,
        total=_total(user) if form.is_narrowed else shown,
        chips=link.chips(),
        columns=[link.head(column) for column in columns],
        newer=link.at(page.newer),
        older=link.at(page.older),
        url=url,
    )


def _ranked(hits, matched, form, user):
    """Return the ids of what a search finds, best first, and their figure.

    Where nothing else is asked, nobody reads beyond the best; else the words are one question
    of several, and all that fit are there.
    """
    if not form.pairs("q"):
        best = hits.best(matched()) if user.hidden_teams else hits.ids
        # Where most of the best are out of sight, those after them count.
        if not hits.is_cut or len(best) > SIZE or not user.hidden_teams:
            return best, f"{len(best):,}+" if hits.is_cut else f"{len(best):,}"
    ranked = hits.in_order(matched(), most=COUNTED + 1)
    return ranked, _capped(len(ranked))


def _by_relevance(ranked, found, cursor):
    """Page through search hits, best first; the cursor is the first account of the page."""
    start = ranked.index(int(cursor)) if _is_one_of(cursor, ranked) else 0
    newer = ranked[max(0, start - SIZE)] if start else None
    older = ranked[start + SIZE] if len(ranked) > start + SIZE else None
    return Page(_in_order(found, ranked[start : start + SIZE]), newer, older)


def _in_order(found, ids):
    return sorted(search.among(found, ids), key=lambda row: ids.index(row.pk))


def _is_one_of(cursor, ranked):
    return cursor.isdecimal() and len(cursor) < 19 and int(cursor) in ranked


def _total(user):
    """Count all customers that a person may see; the figure may be some seconds old."""
    key = "customers-but-" + "-".join(map(str, user.hidden_teams))
    return caches["process"].get_or_set(
        key, lambda: _count(Account.objects.visible_to(user)), TOTAL_KEPT
    )


def _figure(page, matched, form, user):
    """Count the customers of a question; a page that is all of it has counted them already."""
    if form.custom and page.newer is None and page.older is None:
        return str(len(page.rows))
    return _many(matched, form, user)


def _many(matched, form, user):
    """Count the customers of a question; a figure of many may be some seconds old."""
    key = f"customers-of-{user.pk}-{urlencode(form.pairs('sort'))}"
    known = caches["process"].get(key)
    if known is None:
        known = _count(matched())
        # The index of custom fields leaves much to look at; few are counted as seldom as many.
        if len(known) > len("999") or form.custom:
            caches["process"].set(key, known, TOTAL_KEPT)
    return known


def _count(accounts):
    """Count up to a limit; an exact count of everything would read everything."""
    counted = accounts.order_by().values("pk")[: COUNTED + 1]
    return _capped(counted.count())


def _capped(count):
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


class _Links:
    """Builds links to the same list, asked a little differently."""

    def __init__(self, form, url):
        self.form, self.url = form, url
        # Encoded once: a page has a dozen links that differ in one pair.
        self.asked = [(pair, urlencode([pair])) for pair in form.pairs()]
        self.layout = [urlencode([pair]) for pair in form.layout]

    def _to(self, *pairs, without=()):
        """The same question without some pairs, or names, and with others."""
        kept = [text for pair, text in self.asked if pair not in without and pair[0] not in without]
        # A bare address opens the default view, which is not what was asked for.
        query = "&".join([*kept, *[urlencode([pair]) for pair in pairs], *self.layout])
        return f"{self.url}?{query or 'view=all'}"

    def at(self, cursor):
        """The same question at another place."""
        return None if cursor is None else self._to(("at", cursor))

    def chips(self):
        """A chip for every answer."""
        return [
            Chip(
                str(self.form.fields[name].label),
                self._word(name, value),
                self._to(without=[(name, value)]),
            )
            for (name, value), _text in self.asked
            if name != "sort"
        ]

    def _word(self, name, value):
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        if value in choices:
            return str(choices[value])
        if name in {"owner", "team"}:
            named = {"me": _("me"), "none": _("nobody") if name == "owner" else _("no team")}
            return named.get(value) or str(self.form.cleaned_data[name])
        if name == "picked":
            return self.form.cleaned_data[name].name
        return self.form.fields[name].word(value) if name.startswith(PREFIX) else value

    def head(self, column):
        """A column's head; where the list can be sorted by it, a link to that list."""
        if not column.sort:
            return Head(column.label, column.classes)
        sort = column.sort
        current = self.form.cleaned_data["sort"] or ("" if self.form.order is None else "name")
        # Names read upwards first; money and dates are more use from the other end.
        other = f"-{sort}" if (current == sort if sort != "mrr" else current != "-mrr") else sort
        url = self._to(("sort", other), without=["sort"])
        if current.lstrip("-") != sort:
            return Head(column.label, column.classes, url)
        way, icon = ("descending", "down") if current.startswith("-") else ("ascending", "up")
        return Head(column.label, column.classes, url, way, icon)
