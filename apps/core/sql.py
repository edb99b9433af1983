"""Words of SQL that Django has none for."""

from django.conf import settings
from django.db import connection, migrations
from django.db.backends.postgresql.base import ServerBindingCursor

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a row that corrects the old one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def append_only(table):
    """Return a migration operation that makes the database refuse UPDATE and DELETE on a table."""
    return migrations.RunSQL(
        [
            _FUNCTION,
            _TRIGGER.format(table=table),
        ],
        f"DROP TRIGGER {table}_append_only ON {table}",
    )


def planned():
    """Return a cursor for statements that are long and always the same.

    The server plans such a statement once for each connection, where planning takes longer than
    answering; so the text must not hold values, and one plan must be right for all of them.
    """
    cursor = connection.cursor()
    if settings.PREPARE_STATEMENTS:
        cursor.cursor = _Planned(connection.connection)
    return cursor


class _Planned(ServerBindingCursor):
    """Lets the server plan what it asks, and nothing else of its connection."""

    def execute(self, query, params=None):
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params)
        finally:
            self.connection.prepare_threshold = None

    # Kept, since the driver forgets what it asked when the server has planned it before.
    def _convert_query(self, query, params=None):
        self._query = super()._convert_query(query, params)
        return self._query


def rows(statement):
    """Make the rows of a statement one value of another: one round trip for both.

    Args:
        statement: a SELECT of ours.
    """
    return f"(SELECT coalesce(json_agg(line), '[]') FROM ({statement}) AS line)"  # noqa: S608
