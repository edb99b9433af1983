"""What `make demo` runs, as a person would run it: started, hurt, and ended."""

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from apps.desk.demo import people
from config import launcher, prepare
from config.embedded_pg.server import Cluster
from tests.processes.tools import (
    alive,
    children,
    descendants,
    eventually,
    plain_environment,
    processes,
    python,
)

pytestmark = pytest.mark.processes

EXAMPLE = "postgres://user:password@localhost:5432/mainstay"


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory):
    """A place for the demo's files; nothing of it is left anywhere afterwards."""
    directory = tmp_path_factory.mktemp("demo") / "with spaces"
    yield directory
    if os.geteuid() == 0:
        shutil.rmtree(Cluster(directory / "pg").data.parent)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def refusal(tmp_path, **settings):
    """Return what the launcher says when it refuses to start: one line, and nothing else."""
    settings = {"PORT": free_port(), "VAR_DIR": str(tmp_path)} | settings
    started = python(
        "-m",
        "config.launcher",
        env=plain_environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    output, errors = started.communicate(timeout=60)
    assert (started.returncode, output) == (1, "")
    (sentence,) = errors.splitlines()
    return sentence


def test_a_port_in_use_is_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        assert refusal(tmp_path, PORT=str(port)) == (
            f"Port {port} of 127.0.0.1 is in use: stop what listens there, "
            f"or choose another one with make demo PORT={port + 1}."
        )


def test_a_database_that_does_not_answer_is_a_sentence_without_the_password(tmp_path):
    url = f"postgres://me:hunter2@127.0.0.1:{free_port()}/mainstay"

    sentence = refusal(tmp_path, DATABASE_URL=url)

    assert sentence.startswith("The database in DATABASE_URL does not answer (")
    assert sentence.endswith("or unset DATABASE_URL to use the embedded PostgreSQL.")
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"DATABASE_URL": "mysql://localhost/mainstay"},
            f"DATABASE_URL must name a PostgreSQL database, such as {EXAMPLE}.",
        ),
        ({"PORT": "http"}, "PORT=http is not a port: choose a number from 1024 to 65535."),
    ],
)
def test_a_setting_that_can_not_be_meant_is_a_sentence(tmp_path, settings, sentence):
    assert refusal(tmp_path, **settings) == sentence


@pytest.mark.django_db
def test_an_old_postgresql_is_a_sentence(monkeypatch):
    prepare.check_database()

    monkeypatch.setattr(prepare, "OLDEST", 99)
    with pytest.raises(prepare.NotReady, match=r"Mainstay needs PostgreSQL 99 or newer and this"):
        prepare.check_database()


def test_the_printed_sign_ins_are_those_of_the_demo():
    staff = {entry.address: f"{entry.name}, {entry.role}" for entry in people.STAFF}

    assert {address: who for who, address in launcher.PEOPLE}.items() <= staff.items()
    assert launcher.PASSWORD == people.PASSWORD


@contextmanager
def demo(var_dir):
    """Start the demo, wait until it has printed its address, and leave nothing behind."""
    port = free_port()
    env = plain_environment(PORT=port, VAR_DIR=str(var_dir), SIZE="40")
    started = python("-m", "config.launcher", env=env, stdout=subprocess.PIPE, text=True)
    try:
        lines = []
        while not any("Ctrl-C" in line for line in lines):
            lines.append(started.stdout.readline())
            assert lines[-1], f"It ended: {lines}"
        started.words = "".join(lines)
        started.address = f"http://127.0.0.1:{port}"
        yield started
    finally:
        for pid in alive([*descendants(started.pid), started.pid]):
            os.kill(pid, signal.SIGKILL)
        started.communicate()


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def left_over(var_dir, seen):
    """Return what is alive of the processes seen, and PostgreSQL's of that directory."""
    data = str(Cluster(var_dir / "pg").data)
    servers = [row.pid for row in processes().values() if data in row.command]
    return alive([*seen, *servers])


def test_the_demo_runs_heals_and_leaves_no_process_however_it_ends(var_dir):
    with demo(var_dir) as first:
        assert "Loading the demo workspace" in first.words
        assert f"Mainstay is running: {first.address}/" in first.words
        assert status(f"{first.address}/sign-in/") == 200
        assert (var_dir / "secret-key").stat().st_mode & 0o777 == 0o600
        (watchdog,) = eventually(lambda: children(first.pid, " worker"), within=20)

        os.kill(watchdog, signal.SIGKILL)
        eventually(lambda: alive([watchdog]) == [] and children(first.pid, " worker"), within=20)
        eventually(lambda: status(f"{first.address}/healthz/worker") == 200, within=60)

        everything = [first.pid, *descendants(first.pid)]
        os.killpg(first.pid, signal.SIGTERM)
        assert first.wait(20) == 0
        assert left_over(var_dir, everything) == []

    with demo(var_dir) as second:
        assert "Loading the demo workspace" not in second.words
        everything = [second.pid, *descendants(second.pid)]

        second.kill()
        second.wait()
        eventually(lambda: left_over(var_dir, everything) == [], within=30)
