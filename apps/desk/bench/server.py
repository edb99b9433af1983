"""The production server on a port of its own, and the data that it serves."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from apps.desk.bench.browser import Browser

READY_SECONDS = 60


class NotReady(Exception):
    """The data or the server could not be had; what failed has said why."""


def prepare(size):
    """Migrate, load the demo workspace if there are no customers, and collect static files."""
    environment = os.environ | {"SIZE": str(size)}
    command = [sys.executable, "-m", "config.prepare"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False)
    if done.returncode:
        raise NotReady("The workspace could not be prepared: the reason is above.")
    vacuum()  # as autovacuum leaves tables that have been in use


def vacuum(*, full=False):
    """Leave the tables tidy.

    Args:
        full: also take back the room of what an import wrote and did not keep.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute(f"VACUUM ({'FULL, ' if full else ''}ANALYZE)")
        cursor.execute("RESET statement_timeout; RESET lock_timeout")


def move_to(name):
    """Run this command again with a directory of its own, and so with a database of its own.

    Args:
        name: of the directory, inside the one for files; does nothing when we are there.
    """
    if settings.VAR_DIR.name != name:
        home = settings.VAR_DIR / name
        home.mkdir(parents=True, exist_ok=True)
        os.environ["VAR_DIR"] = str(home)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - the same again


@contextmanager
def serve(program):
    """Run the server while the body runs; gives its port.

    Args:
        program: the module that makes the WSGI application.
    """
    # Asked to end, we end the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    port = _free_port()
    # The stopwatch sits beside the server: no proxy, no encryption.
    ours = {"HOST": Browser.HOST, "ALLOWED_HOSTS": Browser.HOST, "PLAIN_HTTP": "1"}
    environment = os.environ | ours | {"PORT": str(port)}
    options = ["-c", str(settings.BASE_DIR / "config" / "gunicorn.py"), program]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind((Browser.HOST, 0))
        return probe.getsockname()[1]


def _wait(process, port):
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            Browser(port).get("/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise NotReady("The web server did not start: its reason is above.")
