"""Two at once: one that waits for the rows of another."""

import threading
import time

from django.db import connection, connections, transaction

BLOCKED = """
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
    )
"""


def follow(first, then):
    """Begin a second act while a first one is not committed yet; return what the second gives.

    The first commits as soon as the second waits for it. What the second raises is raised here.
    """
    given, problems = [], []

    def act():
        try:
            given.append(then())
        except Exception as problem:  # noqa: BLE001  raised below
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=act)
    with transaction.atomic():
        first()
        thread.start()
        _until_blocked(thread)
    thread.join(60)
    if problems:
        raise problems[0]
    return given[0]


def _until_blocked(thread):
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while thread.is_alive() and time.monotonic() < end:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
            thread.join(0.01)
    raise AssertionError("The second one never waited for the first.")
