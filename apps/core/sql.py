"""Words of SQL that Django has none for."""

from django.db import migrations

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
