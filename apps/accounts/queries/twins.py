"""Records that may be the same customer as another one, best first, with the reason in words."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.templatetags.accounts import phone
from apps.core.text import fold

CANDIDATES = 10
FOUND = 20
# So many pairs stand on the page of the whole workspace.
PAIRS = 50
# How alike a name must be, from 0 to 1, for two to be the same customer.
ALIKE = 0.6
# How much a reason says.
WEIGHTS = {"email": 4, "phone": 3, "name": 2, "domain": 1}

# Their people's addresses and numbers that are the marks of others; and their marks that others'
# people have. Both ways start from this customer's few rows and look into an index.
_SHARED = r"""
WITH mine AS MATERIALIZED (
    SELECT fold(email) AS email, phone FROM accounts_contact
    WHERE account_id = %(pk)s AND removed_at IS NULL
), keys AS MATERIALIZED (
    SELECT 'email' AS kind, email AS value FROM mine WHERE email <> ''
    UNION SELECT 'phone', phone FROM mine WHERE phone <> ''
    UNION SELECT 'domain', split_part(email, '@', 2) FROM mine WHERE email <> ''
), marks AS MATERIALIZED (
    SELECT kind, normalised AS value FROM accounts_identity
    WHERE account_id = %(pk)s AND kind IN ('email', 'phone')
)
SELECT i.account_id, i.kind, i.value
FROM keys JOIN accounts_identity i ON i.kind = keys.kind AND i.normalised = keys.value
WHERE i.account_id <> %(pk)s
UNION
SELECT c.account_id, marks.kind, marks.value
FROM marks JOIN accounts_contact c
    ON c.search_key LIKE '%%' || replace(replace(marks.value, '\', '\\'), '_', '\_') || '%%'
WHERE c.account_id <> %(pk)s AND c.removed_at IS NULL
    AND marks.value IN (fold(c.email), c.phone)
"""

_ALIKE = """
SELECT id, word_similarity(%(name)s, search_key) AS score
FROM accounts_account
WHERE %(name)s <%% search_key AND id <> %(pk)s
ORDER BY score DESC, id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that may be the same customer, and why."""

    account: Account
    reasons: list[str]


def candidates(account, *, user):
    """Find records that may be the same customer as this one.

    Args:
        account: a customer.
        user: who asks; customers out of their sight are left out.

    Returns:
        Up to ten `Twin`s, best first.
    """
    why = defaultdict(dict)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SHARED, {"pk": account.pk})
        for pk, kind, value in cursor:
            why[pk].setdefault(kind, reason(kind, value))
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [ALIKE])
        values = {"pk": account.pk, "name": fold(account.name), "limit": FOUND}
        cursor.execute(_ALIKE, values)
        for pk, _score in cursor:
            why[pk]["name"] = _("Name alike")
    return _rank(why, user=user)[:CANDIDATES]


def reason(kind, value):
    """Say what two records share."""
    words = {
        "email": _("Same e-mail %(value)s"),
        "phone": _("Same phone %(value)s"),
        "domain": _("Same web domain %(value)s"),
    }
    return words[kind] % {"value": phone(value) if kind == "phone" else value}


def _rank(why, *, user):
    rows = Account.objects.visible_to(user).filter(pk__in=why).select_related("owner")
    found = sorted(
        rows, key=lambda row: (-sum(WEIGHTS[kind] for kind in why[row.pk]), row.name_key, row.pk)
    )
    order = sorted(WEIGHTS, key=WEIGHTS.get, reverse=True)
    return [
        Twin(row, [why[row.pk][kind] for kind in order if kind in why[row.pk]]) for row in found
    ]


def search(text, account, *, user):
    """Find other customers by a part of their name or reference.

    Args:
        text: as typed.
        account: the customer that is left out.
        user: who asks.
    """
    wanted = fold(text).split()
    if not wanted:
        return []
    rows = Account.objects.visible_to(user).exclude(pk=account.pk).select_related("owner")
    for word in wanted:
        rows = rows.filter(search_key__contains=word)
    return [Twin(row, []) for row in rows.order_by("name_key", "pk")[:FOUND]]
