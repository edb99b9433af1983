"""Seeing what a piece of code writes to the database."""

import re
from contextlib import contextmanager

from django.db import connection

WRITING = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|merge\s+into|copy)"
    r'\s+(?:only\s+)?"?(?!set\b|skip\b|nowait\b|of\b)(\w+)',
    re.IGNORECASE,
)

# Keeping somebody signed in, and counting wrong passwords, happens on any request.
ALLOWED = {"django_session", "usersessions_usersession", "core_cache"}

COUNTERS = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"


@contextmanager
def watch_writes():
    """Give a set that holds, afterwards, the tables that the block tried to write.

    Two witnesses: the statements, of which one that matched no row counts too, and the
    server's own counters of the transaction, which also see COPY and triggers. Both keep what
    was rolled back. Runs inside a transaction, as every test does.
    """
    written = set()

    def witness(execute, sql, params, many, context):
        text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
        written.update(name.lower() for name in WRITING.findall(text))
        return execute(sql, params, many, context)

    before = _counters()
    with connection.execute_wrapper(witness):
        yield written
    after = _counters()
    written.update(name for name, count in after.items() if count != before.get(name, 0))
    written.difference_update(ALLOWED)


def _counters():
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return dict(cursor.fetchall())
