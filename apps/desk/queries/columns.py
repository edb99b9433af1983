"""The columns that a list of customers can have.

A cell is made in plain Python from plain values: a template takes four times as long, and a
list has two hundred cells.
"""

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from apps.accounts import custom, rules
from apps.accounts.custom import PREFIX
from apps.accounts.models import FieldKind, Stage, Status, Tier
from apps.core.templatetags.mainstay import ago, day, hue, initials, money, svg
from apps.saves.queries import watches

# Tone and icon of the badge.
BY_STATUS = {
    Status.LEAVING: ("warn", "exit"),
    Status.CHURNED: ("", "x-circle"),
    Status.PROSPECT: ("", "flag"),
}
BY_STAGE = {
    Stage.WANDERING_EYE: ("warn", "eye"),
    Stage.TEST_DRIVE: ("bad", "alert"),
    Stage.ONBOARDING: ("info", "playbook"),
}
PLAIN = ("", "check")


class UnknownColumn(LookupError):
    """There is no column with this key."""


@dataclass(frozen=True)
class Look:
    """When somebody looks at the list, and at which address it stands."""

    at: datetime.datetime
    url: str


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        key: its name in addresses and saved views.
        label: its head.
        cell: makes what stands in a row's cell, from the row's values and the look.
        needs: the values that it says.
        classes: of the head and the cells.
        cell_classes: of the cells alone; `c-…` say where they go on a phone.
        sort: the key of its sort, if the list can be sorted by it.
        text: makes what a file says instead of the cell: no markup, dates as 2026-06-09, moments
            in the reader's zone as 2026-06-09 10:30, amounts as bare numbers.
        is_money: in the customer's currency, which a file says in a column of its own.
        is_moment: it counts minutes, so it is made anew each time; a file names the zone in the head.
    """

    key: str
    label: str
    cell: Callable
    needs: tuple
    classes: str = ""
    cell_classes: str = "c-hide"
    sort: str = ""
    text: Callable | None = None
    is_money: bool = False
    is_moment: bool = False

    def __hash__(self):
        # Of all fields, each label would be translated for each row that is looked up.
        return hash(self.key)

    def say(self, row, look):
        """Return what stands in a file, as plain text."""
        return str((self.text or self.cell)(row, look))


def available():
    """Return every column there is by its key, in the order in which they are offered."""
    return COLUMNS | {field.name: _custom(field) for field in custom.definitions()}


@functools.lru_cache(maxsize=256)
def _custom(field):
    """Make the column of a custom field: not to be sorted by, since no index has its order."""
    is_figure = field.kind in {FieldKind.NUMBER, FieldKind.MONEY}
    return Column(
        field.name,
        field.label,
        lambda row, _look: field.html(row.custom.get(field.key), row.currency),
        ("custom", "currency"),
        classes="num" if is_figure else "opt-1",
        cell_classes="num c-hide" if is_figure else "c-hide opt-1",
        text=lambda row, _look: field.plain(row.custom.get(field.key)),
        is_money=field.kind == FieldKind.MONEY,
    )


def chosen(keys=()):
    """Return the columns with these keys; the name is always there, and first.

    Args:
        keys: as somebody chose them; none means the usual ones.

    Raises:
        UnknownColumn: a key is none of a column.
    """
    there = available() if any(key.startswith(PREFIX) for key in keys) else COLUMNS
    if unknown := [key for key in keys if key not in there]:
        raise UnknownColumn(unknown[0])
    return tuple(there[key] for key in dict.fromkeys(("name", *(keys or USUAL))))


def _name(row, look):
    return format_html(
        '<span class="who-line">'
        '<span class="avatar org not-phone a{}" aria-hidden="true">{}</span>'
        '<span><a class="name" href="{}">{}</a><small>{}</small></span></span>',
        hue(row.pk),
        initials(row.name),
        f"{look.url}{row.pk}/",
        row.name,
        row.face or row.reference,
    )


# A list says the same few badges and owners again and again.
@functools.lru_cache(maxsize=256)
def _badge(tone, icon, word):
    return format_html('<span class="badge {}">{}{}</span>', tone, svg(icon), word)


def _status_of(row, look):
    today = look.at.astimezone(ZoneInfo(row.time_zone)).date()
    return Status(rules.status(row.started_on, row.churned_on, today))


def _stage(row, look):
    """What the dates say when that matters more, else the stage."""
    status, stage = _status_of(row, look), Stage(row.stage)
    if status in BY_STATUS:
        return _badge(*BY_STATUS[status], str(status.label))
    return _badge(*BY_STAGE.get(stage, PLAIN), str(stage.label))


def _status(row, look):
    status = _status_of(row, look)
    return _badge(*BY_STATUS.get(status, PLAIN), str(status.label))


def _watch(row, look):
    if not row.watch:
        return ""
    rung, at = row.watch.split()
    return _badge(*watches.LOOKS[rung], watches.words(rung, int(at)))


def _watch_text(row, _look):
    rung, at = (row.watch or " 0").split(" ")
    return watches.words(rung, int(at)) if rung else ""


def _owner(row, look):
    if not row.owner_id:
        return format_html('<span class="muted">{}</span>', _("Nobody"))
    return _person(row.owner_id, row.owner_name)


@functools.lru_cache(maxsize=1024)
def _person(pk, name):
    return format_html(
        '<span class="who-line"><span class="avatar sm a{}" aria-hidden="true">{}</span>'
        '<span class="opt-2">{}</span></span>',
        hue(pk),
        initials(name),
        name.split()[0],
    )


def _date_text(name):
    """Make the text of a date that may be missing."""
    return lambda row, _look: getattr(row, name) or ""


def _touch_text(row, _look):
    touched = row.touched_at
    return f"{timezone.localtime(touched):%Y-%m-%d %H:%M}" if touched else ""


DATES = ("started_on", "churned_on", "time_zone")
OPTIONAL = {"classes": "opt-1", "cell_classes": "c-hide opt-1"}
OPTIONAL_DAY = {"classes": "opt-1", "cell_classes": "c-hide opt-1 nowrap"}

COLUMNS = {
    column.key: column
    for column in [
        Column(
            "name",
            _l("Name"),
            _name,
            ("pk", "name", "reference", "face"),
            cell_classes="c-name",
            sort="name",
            text=lambda row, _look: row.name,
        ),
        Column(
            "stage",
            _l("Stage"),
            _stage,
            ("stage", *DATES),
            cell_classes="c-meta",
            text=lambda row, _look: Stage(row.stage).label,
        ),
        Column("tier", _l("Tier"), lambda row, _look: Tier(row.tier).label, ("tier",)),
        Column(
            "mrr",
            _l("MRR"),
            lambda row, _look: money(row.mrr, row.currency),
            ("mrr", "currency"),
            classes="num",
            cell_classes="num c-end",
            sort="mrr",
            text=lambda row, _look: row.mrr,
            is_money=True,
        ),
        Column(
            "owner",
            _l("Owner"),
            _owner,
            ("owner_id", "owner_name"),
            text=lambda row, _look: row.owner_name or "",
            **OPTIONAL,
        ),
        Column(
            "renews",
            _l("Renews"),
            lambda row, _look: day(row.renews_on),
            ("renews_on",),
            sort="renews",
            text=_date_text("renews_on"),
            **OPTIONAL_DAY,
        ),
        Column(
            "touch",
            _l("Last touch"),
            lambda row, _look: ago(row.touched_at),
            ("touched_at",),
            cell_classes="c-meta-end nowrap",
            text=_touch_text,
            is_moment=True,
        ),
        Column(
            "status",
            _l("Status"),
            _status,
            DATES,
            cell_classes="c-meta",
            text=lambda row, look: _status_of(row, look).label,
        ),
        Column(
            "watch",
            _l("Last save"),
            _watch,
            ("watch",),
            cell_classes="c-meta",
            text=_watch_text,
        ),
        Column(
            "team",
            _l("Team"),
            lambda row, _look: row.team_name or _("No team"),
            ("team_name",),
            text=lambda row, _look: row.team_name or "",
            **OPTIONAL,
        ),
        Column(
            "reference", _l("Number"), lambda row, _look: row.reference, ("reference",), **OPTIONAL
        ),
        Column(
            "currency",
            _l("Currency"),
            lambda row, _look: row.currency,
            ("currency",),
            **OPTIONAL,
        ),
        Column("plan", _l("Plan"), lambda row, _look: row.plan, ("plan",), **OPTIONAL),
        Column(
            "industry", _l("Industry"), lambda row, _look: row.industry, ("industry",), **OPTIONAL
        ),
        Column(
            "started",
            _l("Customer since"),
            lambda row, _look: day(row.started_on),
            ("started_on",),
            sort="started",
            text=_date_text("started_on"),
            **OPTIONAL_DAY,
        ),
        Column(
            "churned",
            _l("Last day"),
            lambda row, _look: day(row.churned_on),
            ("churned_on",),
            text=_date_text("churned_on"),
            **OPTIONAL_DAY,
        ),
    ]
}
USUAL = ("stage", "tier", "mrr", "owner", "renews", "touch")
