"""The database dies while the worker tells people of their tasks: nothing twice, nothing lost."""

import json
import os
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from config.embedded_pg.server import Cluster
from tests.processes.restarted import ASLEEP, LATE, OWNERS
from tests.processes.tools import ROOT, alive, descendants, eventually, plain_environment, python

pytestmark = pytest.mark.processes

SAID = "SELECT count(*) FROM tasks_escalation"
LEFT = f"""
SELECT (SELECT {LATE} - count(*) FROM tasks_escalation)
    + (SELECT count(*) FROM tasks_task WHERE snoozed_until IS NOT NULL)
    + (SELECT count(*) FROM history_delivery WHERE state = 'pending')
    + (SELECT {OWNERS} - count(*) FROM notifications_letter WHERE digest_on IS NOT NULL)
"""  # noqa: S608  ours


@pytest.fixture
def workspace(tmp_path):
    """The environment of a workspace of its own, in which much is due."""
    place = tmp_path / "var"
    env = plain_environment(VAR_DIR=str(place), SECRET_KEY="x" * 50, PLAIN_HTTP="1")
    cluster = Cluster(place / "pg")
    cluster.ensure()  # held, so that it is there between two processes
    try:
        run("prepare", env)
        yield cluster, env
    finally:
        cluster.release()
        if os.geteuid() == 0:
            shutil.rmtree(cluster.data.parent)


def run(what, env):
    command = [sys.executable, "-m", "tests.processes.restarted", what]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE)
    return done.stdout


def ask(cluster, question):
    """Return a number, or None while there is no database to ask."""
    try:
        with psycopg.connect(host=str(cluster.socket_dir), user="app", dbname="app") as connection:
            return connection.execute(question).fetchone()[0]
    except psycopg.OperationalError:
        return None


def kill_database(cluster):
    """Kill the server as a crash does; whoever keeps it starts it again."""
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive([pid]), within=10)
    eventually(lambda: ask(cluster, "SELECT 1"), within=60, why="The server did not come back.")


def test_a_database_that_dies_in_the_middle_makes_nothing_happen_twice_or_never(
    workspace, tmp_path
):
    cluster, env = workspace
    with (tmp_path / "mail").open("wb") as mail:
        worker = python(ROOT / "manage.py", "worker", env=env, stdout=mail, stderr=mail)
    try:
        begun = eventually(lambda: ask(cluster, SAID), within=90, why="The worker told nobody.")
        assert begun < LATE, "It was too quick for a fault in the middle."
        kill_database(cluster)
        before = ask(cluster, SAID)
        eventually(lambda: ask(cluster, SAID) != before or not ask(cluster, LEFT), within=90)
        kill_database(cluster)
        eventually(lambda: ask(cluster, LEFT) == 0, within=180, why="Something was lost.")
    finally:
        for pid in alive([*descendants(worker.pid), worker.pid]):
            os.kill(pid, signal.SIGKILL)
        worker.wait()

    found = json.loads(run("look", env))
    for kind, count in (("escalated", LATE), ("woken", ASLEEP)):
        assert len(found[kind]) == len(set(found[kind])) == count
    assert (found["levels"], found["together"], found["asleep"]) == (LATE, 0, 0)
    notices = [tuple(each) for each in found["notices"]]
    assert len(notices) == len(set(notices)) == LATE + ASLEEP
    assert len(found["digests"]) == len(set(found["digests"])) == OWNERS
