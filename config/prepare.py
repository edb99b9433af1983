"""Get the demo ready to serve: database, demo workspace, static files. Quick when it is ready.

One process for all steps, because starting Django takes longer than most of them.
"""

import hashlib
import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from environs import EnvError

OLDEST = 15


class NotReady(Exception):
    """Something that the person who starts Mainstay can put right; the message says how."""


def main():
    """Run the steps; what a person can put right ends in one sentence."""
    try:
        size = wanted_size()
        django.setup()
        check_database()
        migrate()
        load_demo(size)
        collect_static()
    except (NotReady, ImproperlyConfigured, EnvError) as reason:
        sys.exit(str(reason))


def wanted_size():
    """Return how many customers the demo workspace shall have."""
    size = os.environ.get("SIZE") or "2000"
    if not size.isdecimal() or not int(size):
        raise NotReady(f"SIZE={size} is not a number of customers: leave it out, or say SIZE=2000.")
    return int(size)


def check_database():
    """Refuse a server that does not answer or is too old."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise NotReady(
            f"The database in DATABASE_URL does not answer ({_first_line(error)}): start it, "
            "correct the address, or unset DATABASE_URL to use the embedded PostgreSQL."
        ) from None
    version = connection.pg_version // 10_000
    if version < OLDEST:
        raise NotReady(
            f"Mainstay needs PostgreSQL {OLDEST} or newer and this server is {version}: "
            "upgrade it, or unset DATABASE_URL to use the embedded one."
        )


def migrate():
    """Bring the tables up to date, if they are not."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    _say("Preparing the database ...")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise NotReady(
            f"The database could not be prepared ({_first_line(error)}): "
            "its user must own the database and may create extensions in it."
        ) from error


def load_demo(size):
    """Load the demo workspace into an empty database."""
    from apps.accounts.models import Account  # noqa: PLC0415 - only after Django's start
    from apps.desk.demo.load import load  # noqa: PLC0415

    if Account.objects.exists():
        return
    _say("Loading the demo workspace ...")
    load(size, now=timezone.now(), progress=lambda done: _show(done, size))


def _show(done, size):
    if done % 10_000 == 0:
        _say(f"{done:,} of {size:,} customers ...")


def collect_static():
    """Copy the static files with their hashed names, if any has changed since."""
    if settings.DEBUG:  # served from where they are
        return
    stamp, state = settings.VAR_DIR / "static.stamp", _static_state()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == state:
        return
    _say("Collecting static files ...")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _static_state():
    """Sum up the static files: ours by size and time, those of packages by the lock."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        found = path.stat()
        digest.update(f"{path.name}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(":.")


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
