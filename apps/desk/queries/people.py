"""Whom and what the list can be narrowed to."""

from dataclasses import dataclass

from django.db import connection

from apps.users.models import Team, User

INDUSTRIES = 40

_HOP = """
WITH RECURSIVE hop(industry) AS (
    (SELECT industry FROM accounts_account WHERE industry > '' ORDER BY industry LIMIT 1)
    UNION ALL
    SELECT (SELECT a.industry FROM accounts_account a
            WHERE a.industry > hop.industry ORDER BY a.industry LIMIT 1)
    FROM hop WHERE hop.industry IS NOT NULL
)
SELECT industry FROM hop WHERE industry IS NOT NULL LIMIT %s
"""


@dataclass(frozen=True)
class Choices:
    """Answers that come from rows."""

    owners: list
    teams: list
    industries: list


def choices(asked):
    """Return owners, teams and industries to choose from; `asked` holds the current ones."""
    return Choices(
        owners=list(User.objects.filter(is_active=True).order_by("name", "pk")),
        teams=list(Team.objects.order_by("name", "pk")),
        industries=_industries(asked.get("industry", "")),
    )


def _industries(current):
    """The industries in use, found by hopping over the index instead of reading all rows."""
    with connection.cursor() as cursor:
        cursor.execute(_HOP, [INDUSTRIES])
        found = [row[0] for row in cursor.fetchall()]
    return found if not current or current in found else [current, *found]
