"""A commitment as a line of a list that asks for an answer."""

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.core.addresses import address
from apps.core.templatetags.mainstay import day, svg
from apps.saves import rules

# What a line needs. A day that is over or broken asks for an answer for a while.
LINE = """
    SELECT said.id AS pk, said.account_id AS record, said.text, said.due_on, said.state,
        said.is_visible, said.version, said.settled_at, said.settled_by_id, said.made_good_at,
        said.made_good_by_id, owner.id AS owner_id, owner.time_zone AS zone,
        coalesce(nullif(owner.name, ''), owner.email) AS owner {more}
    FROM {source} AS said
    JOIN users_user AS owner ON owner.id = said.owner_id
"""
IS_OPEN = "said.state = 'open'"
TO_MEND = "said.state = 'broken' AND said.made_good_at IS NULL AND said.due_on >= %(mend)s"


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


def line_of(*, at, user, zone, due_on, pk, state, **row):
    """Make a line of what `LINE` gives.

    Args:
        at: now.
        user: who reads, or None.
        zone: of the owner, in whose days it is due.
        due_on: its day.
        pk: its id.
        state: what became of it.
        **row: the other columns.
    """
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
