"""Today: who is calling."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from apps.accounts.models import Account
from apps.core.text import digits, fold
from apps.desk.queries import search

CALLERS = 8


@dataclass(frozen=True)
class Caller:
    """A customer who may be on the phone, and the person who matched if there are people."""

    pk: int
    name: str
    reference: str
    mrr: Decimal
    currency: str
    person: str | None
    phone: str
    email: str


def callers(text, *, user):
    """Return the few customers that fit what somebody typed, best first."""
    # A margin for customers of private teams, which the search knows nothing of.
    hits = search.find(text, cap=CALLERS * 4)
    rows = (
        Account.objects.visible_to(user)
        .filter(pk__in=hits)
        .order_by(
            # Whoever was removed names nobody: they come last, and their columns are emptied.
            F("contacts__removed_at").desc(nulls_first=True),
            "-contacts__is_primary",
            "contacts__pk",
        )
        .values_list(
            *("pk", "name", "reference", "mrr", "currency"),
            *("contacts__name", "contacts__phone", "contacts__email", "contacts__search_key"),
            "contacts__removed_at",
        )
    )
    people = defaultdict(list)
    for *row, removed_at in rows:
        people[row[0]].append([*row[:5], None, "", "", ""] if removed_at else row)
    found = [people[pk] for pk in hits if pk in people][:CALLERS]
    words = {fold(word) for word in text.split()} | {digits(text).lstrip("0")}
    words = [word for word in words if len(word) > search.SHORT]
    return [Caller(*_who(rows, words)[:-1]) for rows in found]


def _who(rows, words):
    """The person whose name, address or number was typed, else the first to call."""
    typed = (row for row in rows if any(word in (row[-1] or "") for word in words))
    return next(typed, rows[0])
