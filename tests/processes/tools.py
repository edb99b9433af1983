"""Looking at real processes: who is whose child, who is alive."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def eventually(check, *, within, why="It did not happen."):
    """Return the first true answer of `check`, and fail when none comes in time."""
    deadline = time.monotonic() + within
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{why} (waited {within} s)")
        time.sleep(0.05)  # other processes are at work, there is nothing to wait on
    return answer


def python(*arguments, env, **options):
    """Start a Python of ours in a session of its own, as a terminal or systemd would."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    )


def plain_environment(**more):
    """Return an environment without the traces of this test run, as in somebody's terminal."""
    ours = ("PYTEST_", "MAINSTAY_", "DATABASE_URL", "COV_", "COVERAGE_", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


class Row:
    """One process as the kernel describes it."""

    def __init__(self, pid):
        self.pid = pid
        # The name may hold spaces and parentheses; the fields after it may not.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        self.state, self.parent, self.group = fields[0], int(fields[1]), int(fields[2])
        self.command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def processes():
    """Return everything that is alive, by process id; a zombie is not."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            row = Row(int(directory.name))
        except OSError:  # it ended while we looked
            continue
        if row.state not in "ZX":
            found[row.pid] = row
    return found


def children(pid, command=""):
    """Return the living children of a process, oldest first."""
    rows = processes().values()
    return sorted(row.pid for row in rows if row.parent == pid and command in row.command)


def descendants(pid):
    """Return the living children of a process, their children, and so on."""
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def alive(pids):
    """Return which of these are alive."""
    return sorted(set(pids) & set(processes()))
