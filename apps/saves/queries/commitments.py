"""What was said we would do: of a customer, and of those who have to do it."""

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.accounts import family
from apps.calendars import queries as calendars
from apps.calendars.rules import MONDAY_TO_FRIDAY, NoWorkingTime, working_days_ahead
from apps.core.addresses import address
from apps.core.pages import keyset
from apps.core.templatetags.mainstay import day, svg
from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import Commitment

SHOWN = 6  # on the customer page
DUE, COUNTED = 6, 49  # on Today
SIZE = 50  # on a page of all of them

# What a line needs. A day that is over or broken asks for an answer for a while.
_LINE = """
    SELECT said.id AS pk, said.account_id AS record, said.text, said.due_on, said.state,
        said.is_visible, said.version, said.settled_at, said.settled_by_id, said.made_good_at,
        said.made_good_by_id, owner.id AS owner_id, owner.time_zone AS zone,
        coalesce(nullif(owner.name, ''), owner.email) AS owner {more}
    FROM {source} AS said
    JOIN users_user AS owner ON owner.id = said.owner_id
"""
_IS_OPEN = "said.state = 'open'"
_TO_MEND = "said.state = 'broken' AND said.made_good_at IS NULL AND said.due_on >= %(mend)s"

# Of a customer, with what the reader settled a moment ago and can take back. Parts of a
# statement that has the parameters `account` and those of `parameters()`.
LINES = f"""
    {_LINE.format(source="saves_commitment", more="")}
    WHERE said.account_id IN ({family.RECORDS}) AND (
        {_IS_OPEN} OR {_TO_MEND}
        OR said.settled_by_id = %(reader)s AND said.settled_at > %(undo)s
        OR said.made_good_by_id = %(reader)s AND said.made_good_at > %(undo)s
    )
    ORDER BY due_on, pk LIMIT {SHOWN}
"""
COUNTS = f"""
    SELECT state, count(*) AS count FROM saves_commitment
    WHERE account_id IN ({family.RECORDS}) GROUP BY state
"""  # noqa: S608  ours


def parameters(user, at):
    """Return what `LINES` needs beside the customer.

    Args:
        user: who reads, or None.
        at: now.
    """
    return {
        "mend": at.date() - timedelta(days=rules.MEND_FOR),
        "undo": at - rules.UNDO_FOR,
        "reader": user and user.pk,
    }


@dataclass(slots=True)
class Line:
    """A commitment in a list that asks for an answer."""

    pk: int
    text: str
    url: str
    version: int
    state: str
    due_on: date
    told: str  # who has to keep it, by when, and whether the customer knows
    icon: str
    is_late: bool
    may_undo: bool
    is_answered: bool
    customer: str = ""
    customer_url: str = ""
    back: str = ""  # the page that it stands on, if not the customer's

    @property
    def said(self):
        """What it is, and what is known of it."""
        return _said(self.url, self.text, self.customer_url, self.customer, self.told)

    @property
    def answer(self):
        """What leads to the form, for one that asks for an answer."""
        words = _("Make good") if self.is_late else _("Mark kept")
        return _answer(f"{self.url}keep/{self.back and f'?back={self.back}'}", words, self.text)

    @property
    def badge(self):
        """What is wrong with it."""
        if self.state == "broken":
            return _badge(_("Broken"))
        return _badge(_("Late")) if self.is_late else ""


@dataclass(frozen=True)
class Standing:
    """How we keep our word with one customer."""

    lines: list
    total: int
    words: str  # 3 kept, 1 broken
    more: int  # open ones that are not among the lines

    @property
    def is_empty(self):
        """Whether nobody ever said anything."""
        return not self.total


@dataclass(frozen=True)
class Due:
    """What somebody, or a team, has to keep."""

    lines: list
    count: int
    late: int

    @property
    def more(self):
        """How many are not among the lines, at least."""
        return self.count - len(self.lines)

    @property
    def can_show_more(self):
        """Whether there are more that a page would show."""
        return len(self.lines) < min(self.count, COUNTED)

    @property
    def figure(self):
        """The count as a page shows it."""
        return figure(self.count)

    @property
    def late_figure(self):
        """How many are late, likewise."""
        return figure(self.late)


def figure(count):
    """Say a count of what is due; nobody acts on the difference between 50 and 100."""
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def standing(counts, lines, *, at, user):
    """Say how we keep our word with a customer.

    Args:
        counts: the rows of `COUNTS`, as dictionaries.
        lines: those of `LINES`.
        at: now.
        user: who reads, or None.
    """
    count = {row["state"]: row["count"] for row in counts}
    said = {
        "kept": _("%(count)s kept"),
        "broken": _("%(count)s broken"),
        "waived": _("%(count)s waived"),
    }
    shown = [_line(**row, at=at, user=user) for row in lines]
    return Standing(
        lines=shown,
        total=sum(count.values()),
        words=", ".join(
            words % {"count": count[state]} for state, words in said.items() if count.get(state)
        ),
        more=count.get("open", 0) - sum(line.state == "open" for line in shown),
    )


def due(user, at, *, team=None, show_all=False):
    """Return what somebody has to keep, soonest first, and what they still can make good.

    Args:
        user: who reads; of customers they may not see nothing is shown.
        at: now.
        team: whose members' commitments to show instead of the reader's own.
        show_all: leaves out nothing that is counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            (_DUE_OF_TEAM if team else DUE_OF_ONE)[show_all],
            {
                **parameters(user, at),
                "team": team and team.pk,
                "at": at,
                "hidden": user.hidden_teams,
            },
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return due_from(rows, at=at, user=user)


def due_from(rows, *, at, user):
    """Make what somebody has to keep of the rows of `DUE_OF_ONE`, as dictionaries.

    Args:
        rows: as the driver gave them, or as JSON.
        at: now.
        user: who reads.
    """
    count, late = (rows[0]["total"], rows[0]["late"]) if rows else (0, 0)
    return Due([_owed(**row, at=at, user=user) for row in rows], count, late)


# The soonest few of either kind, by the index that has them in order.
_FIRST = f"""
    SELECT said.*, customer.id AS customer_id, customer.name AS customer
    FROM saves_commitment AS said {family.in_sight("said.account_id")}
    WHERE {{whose}} AND {{asks}} ORDER BY due_on, said.id LIMIT {COUNTED + 1}
"""  # noqa: S608  ours
_DUE = f"""
    SELECT line.*, count(*) OVER () AS total,
        count(*) FILTER (
            WHERE line.due_on < (%(at)s::timestamptz AT TIME ZONE line.zone)::date
        ) OVER () AS late
    FROM (
        {_LINE.format(more=", customer_id, customer", source="(({open}) UNION ALL ({to_mend}))")}
    ) AS line
    ORDER BY due_on, pk LIMIT {{shown}}
"""  # noqa: S608  ours


def _due(whose):
    """The statement, by whether all that are counted are wanted."""
    asked = {"open": _IS_OPEN, "to_mend": _TO_MEND}
    parts = {name: _FIRST.format(whose=whose, asks=asks) for name, asks in asked.items()}
    return {is_all: _DUE.format(**parts, shown=COUNTED if is_all else DUE) for is_all in (0, 1)}


# Parts of a statement that has the parameters `at`, `hidden` and those of `parameters()`.
DUE_OF_ONE = _due("said.owner_id = %(reader)s")
_DUE_OF_TEAM = _due("said.owner_id IN (SELECT id FROM users_user WHERE team_id = %(team)s)")


def _owed(customer_id, customer, total, late, **line):
    found = _line(**line)
    found.customer, found.back = customer, "today"
    found.customer_url = address("desk:customer", customer_id)
    return found


def _line(*, at, user, zone, due_on, pk, state, **row):
    due_on = _read(due_on, date)
    said_at = _read(row["made_good_at"] or row["settled_at"], datetime)
    said_by = row["made_good_by_id"] or row["settled_by_id"]
    mine = user is not None and said_by == user.pk
    is_over = rules.is_over(due_on, zone, at)
    is_answered = state in {"kept", "waived"} or bool(row["made_good_at"])
    owner = _("you") if user is not None and row["owner_id"] == user.pk else row["owner"]
    due = (_("Was due %(day)s.") if is_over else _("Due %(day)s.")) % {"day": day(due_on, "in")}
    ended = _ended(state) if is_answered else ""
    return Line(
        pk=pk,
        text=row["text"],
        url=address("saves:commitment", pk),
        version=row["version"],
        state=state,
        due_on=due_on,
        told=_told(row, owner, ended or due),
        icon=_icon(is_answered, is_over, rules.is_over(due_on, zone, at + timedelta(days=1))),
        is_late=is_over and not is_answered,
        may_undo=mine and at < said_at + rules.UNDO_FOR,
        is_answered=is_answered,
    )


def _ended(state):
    if state == "waived":
        return _("Waived.")
    return _("Kept.") if state == "kept" else _("Made good.")


def _told(row, owner, when):
    told = [_("From %(owner)s.") % {"owner": owner}, when]
    return " ".join(told if row["is_visible"] else [*told, _("The customer does not know.")])


# A page that is opened again says the same of most lines.
@functools.lru_cache(maxsize=1024)
def _said(url, text, customer_url, customer, told):
    whose = format_html('<a href="{}">{}</a>. ', customer_url, customer) if customer else ""
    return format_html(
        '<a class="plain strong" href="{}">{}</a> <small class="own-line">{}{}</small>',
        url,
        text,
        whose,
        told,
    )


@functools.lru_cache(maxsize=1024)
def _answer(url, words, text):
    return format_html(
        '<a class="link small" href="{}" hx-get="{}" hx-swap="outerHTML">{}'
        '<span class="sr">: {}</span></a>',
        url,
        url,
        words,
        text,
    )


@functools.cache
def _badge(words):
    return format_html('<span class="badge bad">{}</span>', words)


def _icon(is_answered, is_over, is_soon):
    if is_answered:
        return svg("check-circle", "tone good")
    if is_over:
        return svg("alert-circle", "tone bad")
    return svg("clock", "tone warn") if is_soon else svg("circle", "tone")


def _read(value, kind):
    """A day or moment as PostgreSQL's JSON or its driver gives it."""
    return kind.fromisoformat(value) if isinstance(value, str) else value


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


def is_over(commitment, at):
    """Say whether the day of a commitment has ended where its owner is."""
    return rules.is_over(commitment.due_on, commitment.owner.time_zone, at)


def story_of(commitment):
    """Return what happened to one commitment, oldest first."""
    events = Event.objects.on(commitment.account.timeline_id).for_list()
    about = events.filter(subject_label="saves.commitment", subject_id=commitment.pk)
    return about.order_by("id")


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


def overdue(at, *, limit):
    """Return ids of open commitments whose day has ended where their owner lives.

    Those of customers who were removed wait until they are back.

    Args:
        at: now.
        limit: how many at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"at": at, "limit": limit})
        return [row[0] for row in cursor]


# One look into the partial index for each person, however many are open: the inner LIMIT keeps
# the planner from reading all of them.
_OVERDUE = """
SELECT first.id
FROM (
    SELECT id, (%(at)s::timestamptz AT TIME ZONE time_zone)::date AS today FROM users_user
) AS owner
CROSS JOIN LATERAL (
    SELECT said.id
    FROM saves_commitment AS said
    JOIN accounts_account AS record ON record.id = said.account_id
    LEFT JOIN accounts_account AS kept ON kept.id = record.merged_into_id
    WHERE said.owner_id = owner.id AND said.state = 'open' AND said.due_on < owner.today
        AND record.removed_at IS NULL AND kept.removed_at IS NULL
    ORDER BY said.due_on
    LIMIT %(limit)s
) AS first
LIMIT %(limit)s
"""


def suggested_due(owner, today):
    """Return the day that a new commitment suggests: some working days ahead, by its owner's calendar.

    Without a calendar, and with one in which nobody ever works, Monday to Friday counts.
    """
    hours = calendars.hours_of(owner) or MONDAY_TO_FRIDAY
    try:
        return working_days_ahead(hours, today, rules.DUE_AFTER)
    except NoWorkingTime:
        return working_days_ahead(MONDAY_TO_FRIDAY, today, rules.DUE_AFTER)
