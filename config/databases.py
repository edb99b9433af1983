"""Which database this process talks to: yours, the embedded one, a test's, or none."""

import fcntl
import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SLOTS = 16  # test runs at once on one machine; each has a cluster of its own
_held = []  # open lock files: closing them would give the slot away


def default(url, *, var_dir, testing, without=False):
    """Return Django's settings for the default database.

    Args:
        url: DATABASE_URL, or "" for the embedded PostgreSQL.
        var_dir: where the embedded PostgreSQL keeps its files.
        testing: whether a test run, or a process that one started, is asking.
        without: no database at all, for checks that need none.
    """
    if without:
        return {"ENGINE": "django.db.backends.dummy"}
    if url:
        database = _parse(url)
        if testing:  # two runs on one server may not meet
            database["TEST"] = {"NAME": f"test_{database['NAME']}_{_run_token()}"}
    else:
        database = {
            "ENGINE": "config.embedded_pg",
            "NAME": "app",
            "CLUSTER": _test_cluster(var_dir / "pgtest") if testing else var_dir / "pg",
            "PROFILE": "test" if testing else "plain",
        }
    if testing:  # a process that a test started works on that test's database
        database["NAME"] = os.environ.get("MAINSTAY_TEST_DATABASE", database["NAME"])
    return database


def _parse(url):
    try:
        database = dj_database_url.parse(url)
    except ValueError:
        database = {}
    if database.get("ENGINE") != "django.db.backends.postgresql" or not database["NAME"]:
        raise ImproperlyConfigured(  # without the value, which holds a password
            "DATABASE_URL must name a PostgreSQL database, "
            "such as postgres://user:password@localhost:5432/mainstay."
        )
    return database


def _run_token():
    """Name this test run; its workers and child processes inherit the name."""
    return os.environ.setdefault("MAINSTAY_TEST_RUN", secrets.token_hex(3))


def _test_cluster(root):
    """Take a cluster that no other test run uses; child processes inherit the choice."""
    if chosen := os.environ.get("MAINSTAY_TEST_CLUSTER"):
        return Path(chosen)
    for number in range(SLOTS):
        home = root / str(number)
        home.mkdir(parents=True, exist_ok=True)
        file = os.open(home / "slot", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            continue
        _held.append(file)
        os.environ["MAINSTAY_TEST_CLUSTER"] = str(home)
        return home
    raise RuntimeError(f"{SLOTS} test runs are at work already: wait for one to end.")
