"""Keeps one PostgreSQL server: starts it, revives it, and stops it when nobody uses it.

Run by path in a bare interpreter, so nothing but the standard library is imported. It outlives the
process that started it, and it is alone in its session, so that Ctrl-C does not reach it.
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.1
MOST_FAILURES = 40  # a killed server's children can hold its memory for a few seconds


def main(orders):
    """Hold the server until nobody uses it or somebody asks for the end."""
    home = Path(orders["home"])
    mine = _open(home / "keeper")
    if not _try_lock(mine):
        return 0  # another keeper is at work
    asked = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: asked.append(number))

    server, started, failures = _start(orders), time.monotonic(), 0
    while True:
        time.sleep(LOOK_SECONDS)
        if server.poll() is not None:
            lived = time.monotonic() - started
            failures = 0 if lived > 10 else failures + 1
            if failures > MOST_FAILURES or asked:
                return 1
            if failures > 1:
                time.sleep(0.25)
            server, started = _start(orders), time.monotonic()
        with _left_alone(home) as is_alone:
            if is_alone or asked:
                _stop(server)
                return 0


def _start(orders):
    options = [
        part for name, value in orders["settings"].items() for part in ("-c", f"{name}={value}")
    ]
    log = os.open(orders["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            [orders["program"], "-D", orders["data"], *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
            **orders["credentials"],
        )
    finally:
        os.close(log)


def _stop(server):
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)  # "fast": sessions are ended, data is written
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # "immediate": the next start recovers
        server.wait(10)


def end_with_parent(number=signal.SIGINT):
    """Ask Linux to send this process a signal should its parent be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


@contextmanager
def _left_alone(home):
    """Yield whether nobody holds the server; while true, nobody can begin to."""
    mutex, holders = _open(home / "mutex"), _open(home / "holders")
    try:
        yield _try_lock(mutex) and _try_lock(holders)
    finally:
        os.close(holders)
        os.close(mutex)


def _open(path):
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
