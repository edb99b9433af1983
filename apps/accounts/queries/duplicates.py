"""Pairs of records that may be one customer, over the whole workspace, the likeliest first."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.queries.twins import ALIKE, PAIRS, WEIGHTS, reason

# What people of one have that is the mark of the other; and neighbours by name that are alike.
# To ask the trigram index for each of a hundred thousand names would take hours; whoever is typed
# in twice mostly stands beside themselves in the alphabet, and the others are found on their own
# pages. Both halves read each table once.
_PAIRS = f"""
WITH shared AS MATERIALIZED (
    SELECT mark.account_id AS here, person.account_id AS there, mark.kind, mark.normalised AS value
    FROM accounts_contact AS person
    JOIN accounts_identity AS mark ON mark.normalised = fold(person.email)
    WHERE mark.kind = 'email' AND person.email <> '' AND person.removed_at IS NULL
        AND mark.account_id <> person.account_id
    UNION ALL
    SELECT mark.account_id, person.account_id, mark.kind, mark.normalised
    FROM accounts_contact AS person
    JOIN accounts_identity AS mark ON mark.normalised = person.phone
    WHERE mark.kind = 'phone' AND person.phone <> '' AND person.removed_at IS NULL
        AND mark.account_id <> person.account_id
), neighbours AS MATERIALIZED (
    SELECT before AS here, id AS there FROM (
        SELECT id, name_key, lag(id) OVER names AS before, lag(name_key) OVER names AS name_before
        FROM accounts_account WHERE merged_into_id IS NULL AND removed_at IS NULL
            AND (team_id IS NULL OR team_id <> ALL(%(hidden)s))
        WINDOW names AS (ORDER BY name_key, id)
    ) AS named
    WHERE CASE WHEN left(name_key, 4) = left(name_before, 4)
        THEN similarity(name_key, name_before) >= {ALIKE} END
    ORDER BY similarity(name_key, name_before) DESC, id LIMIT {PAIRS}
), found AS (
    SELECT least(here, there) AS one, greatest(here, there) AS other,
        min(value) FILTER (WHERE kind = 'email') AS email,
        min(value) FILTER (WHERE kind = 'phone') AS phone
    FROM (
        SELECT here, there, kind, value FROM shared
        UNION ALL SELECT here, there, 'name', NULL FROM neighbours
    ) AS each
    GROUP BY 1, 2
), weighed AS (
    SELECT one, other, email, phone, similarity(a.name_key, b.name_key) AS score
    FROM found JOIN accounts_account AS a ON a.id = one JOIN accounts_account AS b ON b.id = other
    WHERE a.merged_into_id IS NULL AND a.removed_at IS NULL
        AND b.merged_into_id IS NULL AND b.removed_at IS NULL
        AND (a.team_id IS NULL OR a.team_id <> ALL(%(hidden)s))
        AND (b.team_id IS NULL OR b.team_id <> ALL(%(hidden)s))
)
SELECT one, other, email, phone, score >= {ALIKE} FROM weighed
ORDER BY CASE WHEN email IS NOT NULL THEN {WEIGHTS["email"]} ELSE 0 END
    + CASE WHEN phone IS NOT NULL THEN {WEIGHTS["phone"]} ELSE 0 END
    + CASE WHEN score >= {ALIKE} THEN {WEIGHTS["name"]} ELSE 0 END DESC, score DESC, one, other
LIMIT {PAIRS}
"""  # noqa: S608  ours


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one customer, the older first, and why."""

    one: Account
    other: Account
    reasons: list[str]


def pairs(user):
    """Find pairs of customers that may be one: fifty at most, the likeliest first.

    Args:
        user: who asks; pairs of which they may not see both are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"hidden": list(user.hidden_teams)})
        found = cursor.fetchall()
    pks = {pk for row in found for pk in row[:2]}
    accounts = Account.objects.select_related("owner").in_bulk(pks)
    return [
        Pair(accounts[one], accounts[other], _reasons(email, phone, is_alike=is_alike))
        for one, other, email, phone, is_alike in found
    ]


def _reasons(email, phone, *, is_alike):
    words = [reason(kind, value) for kind, value in (("email", email), ("phone", phone)) if value]
    return [*words, _("Name alike")] if is_alike else words
