"""Customers who left: whether anybody may offer them something, and when to ask again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce

from apps.accounts import family
from apps.accounts.models import Account
from apps.saves.models import SaveCase, WinBack

# So many are named on Today; and counted, since nobody works off more in a day.
SHOWN = COUNTED = 5

WORDS = ("blocker", "what_changed", "still_uncertain", "path_to_value")

# What is to be done about a customer who is gone: one row or none, as a part of a statement
# that has the parameter `account`. Records that were merged into it count as theirs.
CURRENT = f"""
    SELECT win_back.id AS pk, not_before, blocker, what_changed, still_uncertain, path_to_value,
        next_on, ended, changed_at, coalesce(nullif(somebody.name, ''), somebody.email) AS changer,
        call.id AS "case",
        (coalesce(call.asked_to_cancel_at, call.opened_at) AT TIME ZONE part.time_zone)::date
            AS asked_on
    FROM saves_winback AS win_back
    JOIN accounts_account AS part ON part.id = win_back.account_id
    LEFT JOIN saves_savecase AS call ON call.id = win_back.case_id
    LEFT JOIN users_user AS somebody ON somebody.id = win_back.changed_by_id
    WHERE win_back.account_id IN ({family.RECORDS}) AND win_back.ended IN ('', 'rested')
    ORDER BY win_back.not_before DESC, win_back.id DESC LIMIT 1
"""  # noqa: S608  ours
# The same as one value, for a statement that reads more than this: JSON, or NULL.
AS_JSON = f"(SELECT row_to_json(line) FROM ({CURRENT}) AS line)"  # noqa: S608


@dataclass(frozen=True)
class Barred:
    """Until when nobody makes a customer an offer, and since when they want to be let go."""

    until: date
    asked_on: date | None  # none when they left without a call
    left_on: date


@dataclass(frozen=True)
class Standing:
    """What the customer page says of somebody who leaves or left."""

    is_gone: bool
    barred: Barred | None
    is_planned: bool
    is_rested: bool
    is_due: bool
    lines: list  # pairs of a field's name and what it says
    not_before: date | None
    next_on: date | None
    changed_at: datetime | None
    changer: str
    case: int | None


@dataclass(frozen=True)
class Due:
    """Somebody who may be asked again."""

    pk: int
    name: str
    mrr: Decimal
    currency: str
    on: date
    is_planned: bool  # somebody chose the day
    path_to_value: str
    blocker: str

    @property
    def words(self):
        """What to come with: the way back, or else why they left."""
        return next(iter((self.path_to_value or self.blocker).splitlines()), "")


@dataclass(frozen=True)
class DueList:
    """The first of them, and how many there are."""

    rows: list
    count: int
    is_more: bool  # than were counted

    @property
    def figure(self):
        """The count as a page shows it."""
        return f"{self.count}+" if self.is_more else str(self.count)


def current(account):
    """Read what is to be done about one customer, as `AS_JSON` gives it; None for nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {AS_JSON}", {"account": account.pk})
        return cursor.fetchone()[0]


def barred(account, found, *, at):
    """Say until when nobody makes a customer an offer; None when somebody may.

    Args:
        account: the customer.
        found: what `AS_JSON` gave for them.
        at: now.
    """
    if not found or account.churned_on is None:
        return None
    until = date.fromisoformat(found["not_before"])
    if account.today(at) >= until:
        return None
    asked_on = found["asked_on"] and date.fromisoformat(found["asked_on"])
    return Barred(until, asked_on, account.churned_on)


def barred_until(account, on):
    """Return the day before which nobody makes a customer an offer, or None.

    Args:
        account: the customer.
        on: the day that is asked about, in their zone.
    """
    if account.churned_on is None:
        return None
    found = current(account)
    until = found and date.fromisoformat(found["not_before"])
    return until if until and on < until else None


def standing(account, found, *, at):
    """Say where a customer stands who leaves or left; None for all others.

    Args:
        account: the customer.
        found: what `AS_JSON` gave for them.
        at: now.
    """
    if account.churned_on is None:
        return None
    today, row = account.today(at), found or {}
    not_before, next_on = (_date(row.get(name)) for name in ("not_before", "next_on"))
    is_rested = row.get("ended") == WinBack.Ended.RESTED
    changed_at = row.get("changed_at")
    return Standing(
        is_gone=account.churned_on <= today,
        barred=barred(account, found, at=at),
        is_planned=found is not None,
        is_rested=is_rested,
        is_due=found is not None and not is_rested and (next_on or not_before) <= today,
        lines=[(name, row.get(name, "")) for name in WORDS],
        not_before=not_before,
        next_on=next_on,
        changed_at=changed_at and datetime.fromisoformat(changed_at),
        changer=row.get("changer") or "",
        case=row.get("case"),
    )


def _date(text):
    return text and date.fromisoformat(text)


def records(account):
    """A customer's record, and those that were merged into it."""
    return Account.objects.filter(Q(pk=account.pk) | Q(merged_into=account.pk))


def current_of(account):
    """Win-backs that say what to do about a customer now: one, or one for each merged record."""
    rows = WinBack.objects.filter(account__in=records(account), ended__in=WinBack.CURRENT)
    return rows.order_by("-not_before", "-pk")


def last_leaving(account, *, but=None):
    """Return the call on which a customer left, unless they stayed on one after it.

    Args:
        account: the customer.
        but: a call that does not count.
    """
    calls = SaveCase.objects.filter(account__in=records(account), outcome__in=["stayed", "left"])
    calls = calls.exclude(pk=but.pk) if but else calls
    last = calls.select_related("reason").order_by("-opened_at", "-pk").first()
    return last if last and last.outcome == "left" else None


def due(user, at, *, teams=()):
    """Return customers who left and may be asked again, those whose day came last on top.

    Args:
        user: whose customers; with teams, who asks.
        at: now.
        teams: all customers of these instead.
    """
    column = "team_id" if teams else "owner_id"
    with connection.cursor() as cursor:
        cursor.execute(DUE[column], parameters(user, at, teams=teams))
        return _due_list([Due(*row) for row in cursor])


def due_from(rows):
    """Make the same of the rows of `DUE`, as JSON has them."""
    return _due_list(
        [
            Due(**row | {"mrr": Decimal(str(row["mrr"])), "on": date.fromisoformat(row["on"])})
            for row in rows
        ]
    )


def _due_list(rows):
    # A customer's merged records may have one each.
    rows = list({row.pk: row for row in reversed(rows)}.values())[::-1]
    return DueList(rows[:SHOWN], min(len(rows), COUNTED), len(rows) > COUNTED)


def parameters(user, at, *, teams=()):
    """Return what `DUE` asks for.

    Args:
        user: whose customers; with teams, who asks.
        at: now.
        teams: all customers of these instead.
    """
    return {
        "whose": [team.pk for team in teams] or [user.pk],
        "hidden": list(user.hidden_teams),
        "at": at,
        "latest": at.date() + timedelta(days=1),
    }


# By hand, since Today is opened again and again: the index of what is due is walked from its
# latest day, and each customer looked up, so that it ends with the first few that are asked for.
# No zone is more than a day ahead.
DUE = {
    column: f"""
        SELECT customer.id AS pk, name, mrr, currency, coalesce(next_on, not_before) AS "on",
            next_on IS NOT NULL AS is_planned, path_to_value, blocker
        FROM saves_winback AS win_back
        {family.in_sight("win_back.account_id", "mrr", "currency", "time_zone", "churned_on", column)}
        WHERE win_back.ended = '' AND coalesce(next_on, not_before) <= %(latest)s
            AND coalesce(next_on, not_before)
                <= (%(at)s AT TIME ZONE customer.time_zone)::date
            AND customer.{column} = ANY(%(whose)s) AND customer.churned_on IS NOT NULL
        ORDER BY coalesce(next_on, not_before) DESC, win_back.id DESC
        LIMIT {2 * COUNTED + 1}
    """  # noqa: S608  ours
    for column in ("owner_id", "team_id")
}


def narrow(accounts, at, *, has_come):
    """Narrow customers to those who left and may be asked again, or are still left alone.

    Args:
        accounts: a queryset of customers.
        at: now.
        has_come: whether their day has come.
    """
    # Two questions, since the few merged records would make the one a walk through everybody.
    own = WinBack.objects.filter(account=OuterRef("pk"))
    own = _reached(own, OuterRef("time_zone"), at, has_come)
    theirs = WinBack.objects.filter(account__merged_into__isnull=False)
    theirs = _reached(theirs, F("account__time_zone"), at, has_come)
    theirs = theirs.values("account__merged_into")
    return accounts.filter(Exists(own) | Q(pk__in=theirs), churned_on__isnull=False)


def _reached(rows, zone, at, has_come):
    """Narrow win-backs that are worked on to those whose day has come, or has not."""
    today = Cast(Func(zone, Value(at), function="timezone"), DateField())
    rows = rows.filter(ended="").annotate(on=Coalesce("next_on", "not_before"), today=today)
    return rows.filter(on__lte=F("today")) if has_come else rows.filter(on__gt=F("today"))
