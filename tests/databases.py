"""The database of a run: emptied after each test that commits, and dropped at the end."""

from functools import cache

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

# What migrating fills, and every test may count on.
KEPT = {"django_content_type", "auth_permission", "django_site"}
FILLED = "SELECT %s::text WHERE EXISTS (SELECT FROM {})"
# Keep rows from being changed, and would keep them from us.
GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@cache
def tables():
    """Return the tables of all models, quoted."""
    models = apps.get_models(include_auto_created=True)
    names = {model._meta.db_table for model in models if model._meta.managed} - KEPT
    return [connection.ops.quote_name(name) for name in sorted(names)]


def empty():
    """Delete every row of the tables that hold any.

    Django's own way truncates all tables and tells every app that it was migrated, which takes
    half a second; most tests fill a few tables with a few rows. Keys between tables are checked
    when all is deleted, so the order does not matter.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(FILLED.format, tables())), tables())
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute(GUARDED)
        guarded = {connection.ops.quote_name(name) for (name,) in cursor.fetchall()}
        for name in filled:
            if name in guarded:
                cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608  ours
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in filled:
            if name in guarded:
                cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly():
    """Empty the tables in our way after every test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty())
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Drop the database at the end although a server's thread may still look at it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)
