"""The real worker: whichever of its processes dies or sticks, jobs run again soon."""

import os
import signal
import time

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task  # noqa: TID251 - a job that only sleeps, which no app has

import apps.core.management.commands.worker  # noqa: F401 - registers the heartbeat
from apps.core import jobs
from apps.core.views import BEAT_KEY
from tests.processes.tools import ROOT, alive, children, eventually, python

pytestmark = pytest.mark.processes

HEAL_SECONDS = 30


class Worker:
    """A running `manage.py worker` and its processes, by what they do."""

    def __init__(self):
        env = os.environ | {"MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"]}
        self.process = python(ROOT / "manage.py", "worker", env=env)
        self.pid = self.process.pid
        eventually(self.roles, within=2 * HEAL_SECONDS, why="The cluster did not start.")

    def roles(self):
        """Name the cluster's processes, or return None until all are there."""
        clusters = children(self.pid, "--cluster")
        sentinels = children(clusters[0]) if clusters else []
        others = children(sentinels[0]) if sentinels else []
        if len(others) != 4:
            return None
        names = ("main", "sentinel", "worker", "second worker", "monitor", "pusher")
        return dict(zip(names, (clusters[0], sentinels[0], *others), strict=True))

    def end(self):
        roles = self.roles()
        for pid in alive([self.pid, *(roles.values() if roles else ())]):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def worker(transactional_db):
    running = Worker()
    yield running
    running.end()
    cache.clear()  # its table is not a model's, so it is not emptied with the others


def job_is_done():
    """Ring for a job; say whether it is run and acknowledged in a moment.

    A bell that a dying cluster had taken stays locked for minutes, so the caller rings again.
    """
    with transaction.atomic():
        jobs.enqueue("core.beat")
    bell = OrmQ.objects.latest("id").pk
    deadline = time.monotonic() + 2
    while OrmQ.objects.filter(pk=bell).exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def keep_both_busy():
    """Give the two workers something that takes long, and wait until it is taken."""
    bells = {async_task("time.sleep", 30) for _ in range(2)}
    taken = OrmQ.objects.order_by("-id")[: len(bells)]
    eventually(lambda: all(bell.lock > timezone.now() for bell in taken.all()), within=10)


def test_jobs_run_again_whichever_process_is_killed_until_a_signal_ends_all(worker):
    eventually(job_is_done, within=HEAL_SECONDS, why="No job was done at the start.")

    for role in ("main", "sentinel", "worker", "busy worker", "monitor", "pusher"):
        before = eventually(worker.roles, within=HEAL_SECONDS)
        if role == "busy worker":
            keep_both_busy()
        os.kill(before[role.removeprefix("busy ")], signal.SIGKILL)

        deadline = time.monotonic() + HEAL_SECONDS
        eventually(
            lambda old=before: alive(old.values()) == [],
            within=HEAL_SECONDS,
            why=f"Killing the {role} left others behind.",
        )
        eventually(
            job_is_done,
            within=deadline - time.monotonic(),
            why=f"Without the {role} nothing is done.",
        )

    everything = [worker.pid, *eventually(worker.roles, within=HEAL_SECONDS).values()]
    os.killpg(worker.pid, signal.SIGTERM)  # to the whole group, which would hang django-q2
    assert worker.process.wait(15) == 0
    assert alive(everything) == []


def test_a_stuck_process_is_noticed_by_its_silence_and_none_outlives_the_watchdog(worker):
    eventually(job_is_done, within=HEAL_SECONDS)
    before = worker.roles()

    os.kill(before["monitor"], signal.SIGSTOP)

    eventually(lambda: worker.roles() not in (None, before), within=HEAL_SECONDS)
    eventually(job_is_done, within=HEAL_SECONDS)
    eventually(lambda: alive(before.values()) == [], within=5)
    assert cache.get(BEAT_KEY) > time.time() - HEAL_SECONDS

    everything = [worker.pid, *worker.roles().values()]
    os.kill(worker.pid, signal.SIGKILL)
    worker.process.wait()
    eventually(lambda: alive(everything) == [], within=5)
