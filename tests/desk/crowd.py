"""Thousands of customers, made by the database in a moment."""

from django.db import connection

from apps.accounts.models import Account
from apps.history.models import Timeline
from tests.factories.accounts import AccountFactory

_COPY = """
WITH line AS (
    INSERT INTO history_timeline ({line_columns})
    SELECT {line_columns} FROM history_timeline, generate_series(1, %(count)s)
    WHERE id = %(timeline)s RETURNING id
)
INSERT INTO accounts_account (timeline_id, name, reference, {columns})
SELECT line.id, name || ' ' || line.id, reference || '-' || line.id, {columns}
FROM accounts_account, line WHERE accounts_account.id = %(pk)s
"""


def crowd(count, **more):
    """Make a customer, and so many that differ from it in name and number alone."""
    first = AccountFactory(**more)
    statement = _COPY.format(
        line_columns=_columns(Timeline),
        columns=_columns(Account, "timeline_id", "name", "reference"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"count": count, "timeline": first.timeline_id, "pk": first.pk})
        # The database does so by itself, but for what it can't see yet.
        cursor.execute("ANALYZE accounts_account")
    return first


def _columns(model, *without):
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    return ", ".join(each.column for each in fields if each.column not in {"id", *without})
