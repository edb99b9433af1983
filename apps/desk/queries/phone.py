"""Who has the number that a phone system opened a page with."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from apps.accounts.models import BlockedIdentity, IdentityKind, Stage
from apps.saves.models import Outcome

# More than there are keys for; the rest is a search away.
MOST = 9


@dataclass(frozen=True)
class Caller:
    """Somebody who may be on the phone: a person at a customer, or a customer alone."""

    number: str
    account: int
    name: str
    reference: str
    plan: str
    stage: str
    mrr: Decimal
    currency: str
    contact: int | None
    person: str | None
    title: str | None
    called_at: datetime | None
    outcome: str | None

    @property
    def stage_words(self):
        """Where the relationship stands, in words."""
        return Stage(self.stage).label

    @property
    def ended(self):
        """How the last call ended, in words."""
        return Outcome(self.outcome).label if self.outcome else ""


# People who are there, and customers who are recognised by the number without a person. The
# trigram index finds the people; their number alone has none. A record that was merged into
# another stands for it, and whoever called last is on top.
_CALLERS = """
WITH hits AS MATERIALIZED (
    SELECT phone AS number, account_id, id AS contact_id
    FROM accounts_contact
    WHERE ({likes}) AND phone = ANY(%(numbers)s) AND removed_at IS NULL
    UNION
    SELECT normalised, mark.account_id, person.id
    FROM accounts_identity AS mark
    LEFT JOIN accounts_contact AS person
        ON person.id = mark.contact_id AND person.removed_at IS NULL
    WHERE kind = 'phone' AND normalised = ANY(%(numbers)s)
)
SELECT DISTINCT ON (number, account.id, contact_id)
    number, account.id, account.name, account.reference, account.plan, account.stage,
    account.mrr, account.currency, contact_id, person.name, person.title, opened_at, outcome
FROM hits
JOIN accounts_account AS part ON part.id = hits.account_id
JOIN accounts_account AS account ON account.id = coalesce(part.merged_into_id, part.id)
LEFT JOIN accounts_contact AS person ON person.id = contact_id
LEFT JOIN LATERAL (
    SELECT opened_at, outcome FROM saves_savecase
    WHERE account_id IN (
        SELECT account.id UNION ALL
        SELECT id FROM accounts_account WHERE merged_into_id = account.id
    )
    ORDER BY opened_at DESC, id DESC LIMIT 1
) AS call ON true
WHERE account.removed_at IS NULL
    AND (account.team_id IS NULL OR account.team_id <> ALL(%(hidden)s))
"""


def callers(numbers, *, user):
    """Return those who may call from a number, of customers that this person may see.

    Args:
        numbers: what the number may be, the likeliest first; the first that anybody has counts.
        user: who asks.

    Returns:
        A list of `Caller`, whoever called last on top; empty for an unknown number.
    """
    values = {"numbers": numbers, "hidden": list(user.hidden_teams)}
    values |= {f"like{n}": f"%{number}%" for n, number in enumerate(numbers)}
    likes = " OR ".join(f"search_key LIKE %(like{n})s" for n in range(len(numbers)))
    with connection.cursor() as cursor:
        cursor.execute(_CALLERS.format(likes=likes), values)
        found = [Caller(*row) for row in cursor]
    first = next((number for number in numbers if any(c.number == number for c in found)), None)
    found = [caller for caller in found if caller.number == first]
    people = {caller.account for caller in found if caller.contact}
    found = [caller for caller in found if caller.contact or caller.account not in people]
    return sorted(found, key=_last_first)


def _last_first(caller):
    called = -caller.called_at.timestamp() if caller.called_at else 0.0
    return called, caller.name, caller.person or "", caller.contact or 0


def is_shared(numbers):
    """Say whether many people share a number, so that it never tells who calls."""
    blocked = BlockedIdentity.objects.filter(kind=IdentityKind.PHONE)
    return blocked.filter(normalised__in=numbers).exists()
