"""Today: who is calling, and what this person did last."""

from dataclasses import dataclass

from django.db.models import Prefetch

from apps.accounts.models import Account, Contact
from apps.core.text import digits, fold
from apps.desk.queries import search
from apps.saves.models import SaveCase

CALLERS = 8
LATEST = 8


@dataclass(frozen=True)
class Caller:
    """A customer who may be on the phone, and the person who matched."""

    account: Account
    contact: Contact | None


def callers(text, *, user):
    """Return the few customers that fit what somebody typed, best first."""
    # A margin for customers of private teams, which the search knows nothing of.
    hits = search.find(text, cap=CALLERS * 4)
    people = Contact.objects.order_by("-is_primary", "id")
    rows = (
        Account.objects.visible_to(user)
        .select_related("owner")
        .prefetch_related(Prefetch("contacts", people, to_attr="people"))
        .in_bulk(hits)
    )
    found = [rows[pk] for pk in hits if pk in rows][:CALLERS]
    return [Caller(account, _who(account.people, text)) for account in found]


def _who(people, text):
    """The contact whose name, address or number was typed, else the first to call."""
    words = {fold(word) for word in text.split()} | {digits(text).lstrip("0")}
    for person in people:
        if any(len(word) > search.SHORT and word in person.search_key for word in words):
            return person
    return people[0] if people else None


def latest_calls(user):
    """The last calls that this person logged, of customers they may see."""
    cases = SaveCase.objects.visible_to(user).by_agent(user).for_list().newest_first()
    return list(cases[:LATEST])
