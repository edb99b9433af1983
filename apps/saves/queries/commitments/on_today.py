"""What somebody, or a team, has to keep by now."""

from dataclasses import dataclass

from django.db import connection

from apps.accounts import family
from apps.core.addresses import address
from apps.saves.queries.commitments.lines import IS_OPEN, LINE, TO_MEND, line_of, parameters

DUE, COUNTED = 6, 49  # on Today


@dataclass(frozen=True)
class Due:
    """What somebody, or a team, has to keep."""

    lines: list
    count: int
    late: int

    @property
    def more(self):
        """How many are not among the lines, at least."""
        return self.count - len(self.lines)

    @property
    def can_show_more(self):
        """Whether there are more that a page would show."""
        return len(self.lines) < min(self.count, COUNTED)

    @property
    def figure(self):
        """The count as a page shows it."""
        return figure(self.count)

    @property
    def late_figure(self):
        """How many are late, likewise."""
        return figure(self.late)


def figure(count):
    """Say a count of what is due; nobody acts on the difference between 50 and 100."""
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def due(user, at, *, team=None, show_all=False):
    """Return what somebody has to keep, soonest first, and what they still can make good.

    Args:
        user: who reads; of customers they may not see nothing is shown.
        at: now.
        team: whose members' commitments to show instead of the reader's own.
        show_all: leaves out nothing that is counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            (_DUE_OF_TEAM if team else DUE_OF_ONE)[show_all],
            {
                **parameters(user, at),
                "team": team and team.pk,
                "at": at,
                "hidden": user.hidden_teams,
            },
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return due_from(rows, at=at, user=user)


def due_from(rows, *, at, user):
    """Make what somebody has to keep of the rows of `DUE_OF_ONE`, as dictionaries.

    Args:
        rows: as the driver gave them, or as JSON.
        at: now.
        user: who reads.
    """
    count, late = (rows[0]["total"], rows[0]["late"]) if rows else (0, 0)
    return Due([_owed(**row, at=at, user=user) for row in rows], count, late)


# The soonest few of either kind, by the index that has them in order.
_FIRST = f"""
    SELECT said.*, customer.id AS customer_id, customer.name AS customer
    FROM saves_commitment AS said {family.in_sight("said.account_id")}
    WHERE {{whose}} AND {{asks}} ORDER BY due_on, said.id LIMIT {COUNTED + 1}
"""  # noqa: S608  ours
_DUE = f"""
    SELECT line.*, count(*) OVER () AS total,
        count(*) FILTER (
            WHERE line.due_on < (%(at)s::timestamptz AT TIME ZONE line.zone)::date
        ) OVER () AS late
    FROM (
        {LINE.format(more=", customer_id, customer", source="(({open}) UNION ALL ({to_mend}))")}
    ) AS line
    ORDER BY due_on, pk LIMIT {{shown}}
"""  # noqa: S608  ours


def _due(whose):
    """The statement, by whether all that are counted are wanted."""
    asked = {"open": IS_OPEN, "to_mend": TO_MEND}
    parts = {name: _FIRST.format(whose=whose, asks=asks) for name, asks in asked.items()}
    return {is_all: _DUE.format(**parts, shown=COUNTED if is_all else DUE) for is_all in (0, 1)}


# Parts of a statement that has the parameters `at`, `hidden` and those of `parameters()`.
DUE_OF_ONE = _due("said.owner_id = %(reader)s")
_DUE_OF_TEAM = _due("said.owner_id IN (SELECT id FROM users_user WHERE team_id = %(team)s)")


def _owed(customer_id, customer, total, late, **line):
    found = line_of(**line)
    found.customer, found.back = customer, "today"
    found.customer_url = address("desk:customer", customer_id)
    return found


def overdue(at, *, limit):
    """Return ids of open commitments whose day has ended where their owner lives.

    Those of customers who were removed wait until they are back.

    Args:
        at: now.
        limit: how many at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"at": at, "limit": limit})
        return [row[0] for row in cursor]


# One look into the partial index for each person, however many are open: the inner LIMIT keeps
# the planner from reading all of them.
_OVERDUE = """
SELECT first.id
FROM (
    SELECT id, (%(at)s::timestamptz AT TIME ZONE time_zone)::date AS today FROM users_user
) AS owner
CROSS JOIN LATERAL (
    SELECT said.id
    FROM saves_commitment AS said
    JOIN accounts_account AS record ON record.id = said.account_id
    LEFT JOIN accounts_account AS kept ON kept.id = record.merged_into_id
    WHERE said.owner_id = owner.id AND said.state = 'open' AND said.due_on < owner.today
        AND record.removed_at IS NULL AND kept.removed_at IS NULL
    ORDER BY said.due_on
    LIMIT %(limit)s
) AS first
LIMIT %(limit)s
"""
