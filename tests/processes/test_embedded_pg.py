"""The private PostgreSQL with real processes: shared, killed, forked, started by many at once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config import databases
from config.embedded_pg.server import Cluster
from tests.processes.tools import ROOT, alive, eventually, plain_environment, processes

pytestmark = pytest.mark.processes

# Uses the cluster until its standard input is closed, and says where its socket is.
HOLD = """
import sys
from config.embedded_pg.server import Cluster
cluster = Cluster(sys.argv[1], "test")
cluster.ensure()
print(cluster.socket_dir, flush=True)
sys.stdin.read()
"""


def hold(home, program=HOLD, **options):
    """Start a process that uses the cluster."""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
        cwd=ROOT,
        env=plain_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def ready(holder):
    """Wait until a holder is connected, and return the directory of the socket."""
    line = holder.stdout.readline().strip()
    assert line, "The holder did not get a server."
    return line


def let_go(holder):
    """Let a holder end by itself."""
    holder.communicate()
    assert holder.returncode == 0


def ask(socket_dir, question="SELECT 1"):
    with psycopg.connect(host=socket_dir, user="app", dbname="app") as connection:
        return connection.execute(question).fetchone()[0]


def answers(place):
    try:
        return ask(place) == 1
    except psycopg.OperationalError:
        return False


def servers(cluster):
    """Return the process ids of the cluster's keeper and postmaster."""
    # The keeper has the data directory in its orders, the postmaster after -D. Whom that forks
    # is called as it is, for a moment.
    rows = {pid: row for pid, row in processes().items() if str(cluster.data) in row.command}
    commands = {pid: row.command for pid, row in rows.items()}
    return sorted(pid for pid, row in rows.items() if commands.get(row.parent) != row.command)


@contextmanager
def removed_afterwards(cluster):
    try:
        yield cluster
    finally:
        cluster.release()
        eventually(lambda: not servers(cluster), within=20, why="The server was left behind.")
        if os.geteuid() == 0:
            shutil.rmtree(cluster.data.parent)
        shutil.rmtree(cluster.home)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A place whose path has spaces and is longer than a socket's may be."""
    directory = tmp_path_factory.mktemp("embedded") / "with some spaces" / ("long" * 30)
    with removed_afterwards(Cluster(directory, "test")):
        yield directory


@pytest.fixture
def cluster(home):
    """The cluster as another process would see it: looked at, not held."""
    return Cluster(home, "test")


def test_many_first_starts_at_once_make_one_server_that_the_last_one_stops(home, cluster):
    holders = [hold(home) for _ in range(4)]

    places = {ready(holder) for holder in holders}

    assert places == {str(cluster.socket_dir)}
    assert ask(*places) == 1
    assert len(servers(cluster)) == 2
    for holder in holders[:3]:
        let_go(holder)
    assert ask(*places) == 1
    let_go(holders[3])
    assert servers(cluster) == []


def test_killed_users_leave_no_server_behind(home, cluster):
    first, second = hold(home), hold(home)
    place = ready(first)
    ready(second)

    first.kill()
    first.communicate()
    assert ask(place) == 1

    second.kill()
    second.communicate()
    eventually(lambda: servers(cluster) == [], within=10)


def test_a_killed_server_is_started_again(home, cluster):
    holder = hold(home)
    place = ready(holder)
    keeper, postmaster = servers(cluster)

    os.kill(postmaster, signal.SIGKILL)
    eventually(lambda: alive([postmaster]) == [], within=5)
    eventually(lambda: answers(place), within=30)
    assert keeper in servers(cluster)
    let_go(holder)


def test_a_killed_keeper_takes_its_server_along_and_the_next_user_gets_a_new_one(home, cluster):
    holder = hold(home)
    ready(holder)
    before = servers(cluster)

    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: alive(before) == [], within=20)
    after = hold(home)

    assert ask(ready(after)) == 1
    let_go(holder)
    assert ask(str(cluster.socket_dir)) == 1
    let_go(after)
    assert servers(cluster) == []


def test_a_forked_child_that_ends_does_not_stop_its_parents_server(home, cluster):
    program = HOLD.replace(
        "sys.stdin.read()",
        "import os\nif os.fork() == 0:\n    sys.exit()\nos.wait()\nprint('waited', flush=True)\n"
        "sys.stdin.read()",
    )
    parent = hold(home, program=program)

    place = ready(parent)
    assert parent.stdout.readline() == "waited\n"
    assert ask(place) == 1
    let_go(parent)
    assert servers(cluster) == []


def test_tests_may_lose_data_in_a_crash_and_people_may_not(home, tmp_path):
    holder = hold(home)
    place = ready(holder)
    assert ask(place, "SHOW fsync") == "off"
    assert ask(place, "SHOW max_connections") == "200"
    let_go(holder)

    with removed_afterwards(Cluster(tmp_path / "plain")) as plain:
        plain.ensure()
        assert ask(str(plain.socket_dir), "SHOW fsync") == "on"
        assert ask(str(plain.socket_dir), "SHOW synchronous_commit") == "on"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_keeps_the_data_beside_the_program():
    with tempfile.TemporaryDirectory() as directory:
        os.chown(directory, 65_534, 65_534)
        home = Path(directory) / "a home"
        try:
            holder = hold(home, user=65_534, group=65_534, extra_groups=[])
        except PermissionError:
            pytest.skip("an ordinary user may not run this Python")

        assert ready(holder).startswith("/tmp/mainstay-pg-65534-")  # noqa: S108
        assert (home / "data" / "PG_VERSION").exists()
        let_go(holder)


def test_two_test_runs_get_different_clusters_and_their_children_the_same(tmp_path, monkeypatch):
    def chosen():
        return databases.default("", var_dir=tmp_path, testing=True)["CLUSTER"]

    monkeypatch.delenv("MAINSTAY_TEST_CLUSTER", raising=False)
    first = chosen()
    assert chosen() == first  # inherited through the environment

    monkeypatch.delenv("MAINSTAY_TEST_CLUSTER")
    assert chosen() != first  # as another run would see it


def test_two_test_runs_on_one_server_use_different_databases(tmp_path, monkeypatch):
    def chosen():
        url = "postgres://somebody@localhost/mainstay"
        return databases.default(url, var_dir=tmp_path, testing=True)["TEST"]["NAME"]

    monkeypatch.delenv("MAINSTAY_TEST_RUN", raising=False)
    first = chosen()
    assert first.startswith("test_mainstay_")
    assert chosen() == first

    monkeypatch.delenv("MAINSTAY_TEST_RUN")
    assert chosen() != first


def test_a_child_process_works_on_the_test_database_only_under_test(tmp_path, monkeypatch):
    monkeypatch.setenv("MAINSTAY_TEST_DATABASE", "test_app_gw7")

    assert databases.default("", var_dir=tmp_path, testing=True)["NAME"] == "test_app_gw7"
    assert databases.default("", var_dir=tmp_path, testing=False)["NAME"] == "app"
