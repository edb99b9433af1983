"""Writing many customers at once: staged by COPY, decided and written by a few statements.

A batch goes through three steps, all in one transaction of the caller: `stage_batch()` takes
the rows in, `plan_batch()` decides what would happen to each, `apply_batch()` does it.
A value that is None says nothing: what is there stays, and a new customer gets the default.
"""

from dataclasses import dataclass, field

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import errors, sql

from apps.accounts.actions import batch_custom as custom
from apps.accounts.actions import batch_deciding as deciding
from apps.accounts.actions import batch_writing as writing
from apps.accounts.actions.common import Refused
from apps.history import actions as history


class Overtaken(Refused):
    """Somebody changed the same customers meanwhile; nothing was written."""

    def __init__(self):
        super().__init__(
            _("Somebody changed some of these customers at the same time. Run it once more.")
        )


@dataclass(frozen=True)
class Problem:
    """Why one row can't be written."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Plan:
    """What a batch would do."""

    created: int
    updated: int
    unchanged: int
    churned: int
    problems: list[Problem] = field(default_factory=list)


def stage_batch(rows, *, columns, fields=()):
    """Take rows in, by COPY into a table that only this transaction sees.

    Args:
        rows: tuples of text or None, in the order of the columns; the first is the line.
        columns: names from `batch_deciding.COLUMNS`, beginning with line and reference. References
            are unique within the batch, phones in E.164.
        fields: custom fields among the columns, by their names; their values are JSON.
    """
    staged = deciding.COLUMNS | custom.columns(fields)
    definition = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
        for name, kind in staged.items()
    )
    copy_in = sql.SQL("COPY accounts_batch ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor:
        # The limits of a page are not for a batch; it ends with the transaction.
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
            "SET LOCAL lock_timeout = '30s'; SET LOCAL work_mem = '64MB'"
        )
        cursor.execute("DROP TABLE IF EXISTS pg_temp.accounts_batch")
        create = sql.SQL("CREATE TEMP TABLE accounts_batch ({}) ON COMMIT DROP")
        cursor.execute(create.format(definition))
        with cursor.copy(copy_in) as copy:
            for row in rows:
                copy.write_row(row)
        # The planner must not guess that tables are small that have just grown: with an index
        # on both sides of every join even its worst plan is a quick one.
        cursor.execute("CREATE INDEX ON accounts_batch (reference); ANALYZE accounts_batch")


def plan_batch(*, at, currency, fields=()):
    """Decide for each staged row whether it creates, updates or changes nothing.

    Args:
        at: now; whether a leaving day has come is asked of the customer's own calendar.
        currency: of new customers whose row names none.
        fields: the custom fields that were staged.

    Returns:
        The plan; rows with a problem are in none of its counts.
    """
    values = {"at": at, "currency": currency}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.accounts_plan, pg_temp.accounts_contact_plan")
        cursor.execute(deciding.plan(**custom.parts(fields)), values)
        cursor.execute(
            "CREATE UNIQUE INDEX ON accounts_plan (line);"
            "CREATE INDEX ON accounts_plan (account_id); ANALYZE accounts_plan"
        )
        cursor.execute(deciding.PLAN_CONTACTS)
        cursor.execute(
            "CREATE UNIQUE INDEX ON accounts_contact_plan (line);"
            "CREATE INDEX ON accounts_contact_plan (contact_id); ANALYZE accounts_contact_plan"
        )
        cursor.execute(deciding.MARK_CONTACTS)
        cursor.execute(deciding.PROBLEMS)
        problems = [_problem(*row) for row in cursor.fetchall()]
        cursor.execute(deciding.COUNTS)
        return Plan(*cursor.fetchone(), problems=problems)


def _problem(line, reference, name, started_on, churned_on, is_removed, *kept):
    values = {"reference": reference, "started": started_on, "churned": churned_on}
    values["kept"], values["use"] = kept
    if values["use"] is not None:
        column = "reference"
        text = _("“%(reference)s” was merged into %(kept)s. Write “%(use)s” instead.")
    elif is_removed:
        column = "reference"
        text = _("“%(reference)s” was removed. Ask an admin to restore it, or leave this line out.")
    elif name is None:
        column = "name"
        text = _("“%(reference)s” is not a customer yet, and there is no name for it.")
    elif started_on is None:
        column = "churned_on"
        text = _("There is a leaving day, %(churned)s, but no first day.")
    else:
        column = "churned_on"
        text = _("The leaving day, %(churned)s, is before the first day, %(started)s.")
    return Problem(line, column, text % values)


# Whom a planned batch names that were there before it, and whether it changes them.
NAMED = """
    SELECT account_id, verdict = 'update' AS is_changed FROM accounts_plan
    WHERE verdict IN ('update', 'unchanged')
"""


def verdicts():
    """Yield (line, verdict, reference) of the planned rows, in the order of their lines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, verdict, reference FROM accounts_plan ORDER BY line")
        while rows := cursor.fetchmany(5000):
            yield from rows


def apply_batch(*, by, at, source):
    """Do what was planned: all of it or nothing.

    Rows that change nothing are not touched. History tells of each customer that was added
    or changed; none of it counts as contact with the customer.

    Args:
        by: who brought the rows, or None for Mainstay itself.
        at: now.
        source: where they came from, in words; kept in the history.

    Raises:
        Overtaken: somebody else changed or added one of these customers since the plan.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _apply(cursor, by=by, at=at, source=source)
    except (IntegrityError, OperationalError) as error:
        if isinstance(error.__cause__, _OVERTAKEN):
            raise Overtaken from error
        raise


_OVERTAKEN = (errors.UniqueViolation, errors.LockNotAvailable, errors.DeadlockDetected)


def _apply(cursor, *, by, at, source):
    values = {"at": at, "source": source, "label": source[:60]}
    # Customers, then their contacts, then timelines, each by id: the order of every lock.
    cursor.execute(writing.HOLD)
    cursor.execute(writing.HOLD_CONTACTS)
    # In a statement of its own, which sees what the locks have waited for.
    cursor.execute(writing.STALE)
    if cursor.fetchone()[0]:
        raise Overtaken
    history.hold_many("SELECT timeline_id FROM accounts_plan WHERE verdict = 'update'", {})
    for statement in writing.WRITES:
        cursor.execute(statement, values)
    for kind, fields, rows in writing.EVENTS:
        history.record_many(kind, rows=rows, params=values, fields=fields, by=by, at=at)
