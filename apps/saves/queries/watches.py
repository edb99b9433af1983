"""Whether saves hold: of one customer, of somebody's calls, and as a figure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from apps.accounts import family
from apps.core.templatetags.mainstay import day as say_day
from apps.core.templatetags.mainstay import svg
from apps.saves import rules
from apps.saves.models import Rung

# Below so many a rate says nothing.
ENOUGH = 20

# Tone and icon of the badge.
LOOKS = {
    Rung.DEFLECTED: ("info", "eye"),
    Rung.VERIFIED_30: ("good", "check"),
    Rung.VERIFIED_90: ("good", "check"),
    Rung.VERIFIED_180: ("good", "check-circle"),
    Rung.TRIED_AGAIN: ("warn", "refresh"),
    Rung.LEFT: ("bad", "exit"),
    Rung.UNKNOWN: ("", "help"),
}
# Why nobody knows, by the keys of `rules.Step.why`.
WHYS = {
    "silent": _l("Nothing was heard of them since the call."),
    "gone_before": _l("The record says that they left before the call."),
}
# On which rungs a save is still watched.
OPEN = (Rung.DEFLECTED, Rung.VERIFIED_30, Rung.VERIFIED_90, Rung.UNKNOWN)

# The last save of a customer, as one value of a statement that has the parameter `account`.
# Records that were merged into it count as theirs.
AS_JSON = f"""(
    SELECT json_build_array(case_id, rung, day, why, saved_on) FROM saves_watch
    WHERE account_id IN ({family.RECORDS}) AND is_last
    ORDER BY saved_on DESC, id DESC LIMIT 1
)"""  # noqa: S608  ours
# The same for each row of a list of accounts: its rung and the day, "left 44".
OF_ROW = """
    SELECT watch.rung || ' ' || watch.day FROM saves_watch AS watch
    WHERE watch.account_id = "accounts_account"."id" AND watch.is_last
    ORDER BY watch.saved_on DESC, watch.id DESC LIMIT 1
"""
# Whether it stands on one of some rungs, as text: a list asks it with every page.
ON_RUNGS = """
    "accounts_account"."id" IN (
        SELECT account_id FROM saves_watch WHERE is_last AND rung = ANY(%s)
    )
"""
# Customers with a watch whose day has come. No zone is on a later date than the day after
# the one in Greenwich: that condition is the index's.
DUE = """
    SELECT root.id
    FROM saves_watch AS watch
    JOIN accounts_account AS own ON own.id = watch.account_id
    JOIN accounts_account AS root ON root.id = COALESCE(own.merged_into_id, own.id)
    WHERE watch.next_on <= (%(at)s::timestamptz AT TIME ZONE 'UTC')::date + 1
        AND watch.next_on <= (%(at)s::timestamptz AT TIME ZONE root.time_zone)::date
"""


def narrow(accounts, rungs):
    """Narrow a queryset of accounts to those whose last save stands on one of some rungs.

    Args:
        accounts: the queryset.
        rungs: values of `Rung`.
    """
    return accounts.filter(RawSQL(ON_RUNGS, [list(rungs)], output_field=BooleanField()))  # noqa: S611  ours


def is_due(at):
    """Say whether the day of any watch has come."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({DUE})", {"at": at})
        return cursor.fetchone()[0]


def words(rung, day=0):
    """Say where a save stands, as a badge does.

    Args:
        rung: one of `Rung`.
        day: on which they tried again or left.
    """
    if rung == Rung.TRIED_AGAIN:
        return _("Tried again, day %(day)d") % {"day": day}
    if rung == Rung.LEFT:
        return _("Left, day %(day)d") % {"day": day}
    return str(Rung(rung).label)


# --- The customer page ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One rung as the customer page shows it: what it looks like, its name, and since when."""

    state: str  # reached, ahead, unsure or ended
    icon: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The last save of a customer, rung by rung."""

    url: str
    tone: str
    icon: str
    words: str
    why: str
    is_open: bool  # whether it is watched still
    steps: list


_MARKS = {"reached": "check", "ahead": "circle", "unsure": "help"}


def ladder(row, *, today):
    """Make what the customer page says of the last save, or None without one.

    Args:
        row: what `AS_JSON` gave.
        today: in the customer's zone.
    """
    if row is None:
        return None
    case, rung, day, why, saved_on = row
    saved_on = date.fromisoformat(saved_on)
    tone, icon = LOOKS[rung]
    return Ladder(
        url=reverse("saves:detail", args=[case]),
        tone=tone,
        icon=svg(icon),
        words=words(rung, day),
        why=str(WHYS[why]) if why else "",
        is_open=rung in OPEN,
        steps=_steps(rung, day, saved_on, today),
    )


def _steps(rung, ended, saved_on, today):
    steps = [_step("reached", _("Saved"), say_day(saved_on))]
    over = rung in {Rung.LEFT, Rung.TRIED_AGAIN}
    for days in rules.RUNGS:
        on = saved_on + timedelta(days=days)
        if over and days >= ended:
            break
        name = _("%(count)d days") % {"count": days}
        if not over and on > today:
            steps.append(_step("ahead", name, _("on %(day)s") % {"day": say_day(on, "in")}))
        elif rung == Rung.UNKNOWN:
            steps.append(_step("unsure", name, _("not known")))
        else:
            steps.append(_step("reached", name, say_day(on)))
    if over:
        steps.append(_end(rung, ended, saved_on + timedelta(days=ended)))
    return steps


def _step(state, name, note):
    return Step(state, svg(_MARKS[state]), name, note)


def _end(rung, day, on):
    _tone, icon = LOOKS[rung]
    return Step("ended", svg(icon), words(rung, day), say_day(on))


# --- Today ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watched:
    """One save that is watched."""

    url: str
    name: str
    tone: str
    icon: str
    words: str
    saved_on: date
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many saves stand on a rung."""

    rung: str
    tone: str
    icon: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class OnWatch:
    """Somebody's saves of the last half year: the newest that are watched, and where all stand."""

    saves: list
    counts: list
    watched: int  # how many are not over

    @property
    def query(self):
        """What the customer list is asked for all that are watched, whoever looks after them."""
        return urlencode([("watch", str(rung)) for rung in OPEN])
