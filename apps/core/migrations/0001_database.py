"""Prepare the database: extensions, text folding, and the table that shared counters live in."""

from django.core.management import call_command
from django.db import migrations

FOLD = """
CREATE FUNCTION fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) COLLATE "C" $$;
"""


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(
            [
                "CREATE EXTENSION IF NOT EXISTS pg_trgm",
                "CREATE EXTENSION IF NOT EXISTS unaccent",
                "CREATE EXTENSION IF NOT EXISTS btree_gin",
            ],
            migrations.RunSQL.noop,
        ),
        # unaccent() is only STABLE, because its dictionary could change; ours does not, and
        # generated columns need an IMMUTABLE function.
        migrations.RunSQL(FOLD, "DROP FUNCTION fold(text)"),
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
    ]
