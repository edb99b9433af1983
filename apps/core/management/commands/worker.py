"""`manage.py worker`: runs jobs, and rings for what is due.

django-q2 runs the jobs. Some deaths of its processes leave it standing but deaf (an idle worker
killed while it holds the queue's lock, for one), so it runs in a process group of its own that is
replaced as a whole: at once when one of its processes dies badly, and in any case when a heartbeat
job is not run and acknowledged in time. Nothing is lost by that, since the queue is only a bell.
"""

import contextlib
import ctypes
import functools
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.utils import timezone
from django_q.cluster import Cluster, Sentinel
from django_q.models import OrmQ

from apps.core import jobs
from apps.core.views import BEAT_KEY

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
TICK_SECONDS = 5
BEAT_SECONDS = 5
GRACE_SECONDS = 15
START_SECONDS = 60  # a machine under load imports slowly; a dying start is noticed at once
STOP_SECONDS = 10  # a job runs for less; one that is cut off is rung again
SAMPLE = 50
PR_SET_PDEATHSIG = 1


@jobs.job("core.beat")
def beat(**later):
    """Do nothing: that it was done is the news."""


class Command(BaseCommand):
    """Runs jobs until it is told to stop."""

    help = "Runs jobs and rings for what is due, until SIGTERM or Ctrl-C."
    requires_system_checks = []  # whoever deploys runs them; a worker must start fast

    def add_arguments(self, parser):
        parser.add_argument("--cluster", action="store_true", help="Used by the command itself.")

    def handle(self, *, cluster, **options):
        if cluster:
            run_cluster()
        else:
            Watchdog().run()


class Watchdog:
    """Keeps one cluster alive, and is its clock."""

    def __init__(self):
        self.is_stopping = False
        self.next_tick = 0.0

    def run(self):
        """Start clusters, one after the other, until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        while not self.is_stopping:
            started = time.monotonic()
            cluster = start_cluster()
            self.watch(cluster)
            end(cluster, gently=self.is_stopping)
            if time.monotonic() - started < TICK_SECONDS and not self.is_stopping:
                time.sleep(1)  # what fails at once must not spin
        connections.close_all()

    def stop(self, *_):
        """Take a signal: leave the loops at their next look."""
        self.is_stopping = True

    def watch(self, cluster):
        """Return when the cluster has ended, when it is stuck, or when told to stop."""
        pulse = Pulse()
        while not self.is_stopping:
            if cluster.poll() is not None:
                log.error("The cluster ended with status %s: starting anew.", cluster.returncode)
                return
            try:
                self.tick()
                pulse.take()
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database does not answer: %s", error)
                connections.close_all()
                pulse.forgive()  # it is not the cluster's fault
            if pulse.is_lost():
                log.error("No job was finished in time: starting anew.")
                return
            time.sleep(LOOK_SECONDS)

    def tick(self):
        """Ring for what is due, every few seconds."""
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + TICK_SECONDS
            jobs.ring_due()


class Pulse:
    """Whether a cluster finishes jobs: a heartbeat at least, or another that waited before it.

    A long queue is no reason to kill workers that get through it, so any acknowledged job counts.
    """

    def __init__(self):
        self.patience = START_SECONDS
        self.heard_at = time.monotonic()
        self.next_beat = 0.0
        self.waiting = []

    def take(self):
        """Note what was finished since the last look, and ring the next heartbeat."""
        now = time.monotonic()
        if self.waiting:
            left = OrmQ.objects.filter(pk__in=self.waiting).count()
            if left < len(self.waiting):
                self.heard_at, self.waiting, self.patience = now, [], GRACE_SECONDS
                cache.set(BEAT_KEY, timezone.now().timestamp(), timeout=None)
        elif now >= self.next_beat:
            self.next_beat = now + BEAT_SECONDS
            with transaction.atomic():
                jobs.enqueue("core.beat")
            keys = OrmQ.objects.values_list("pk", flat=True)
            self.waiting = list({*keys.order_by("pk")[:SAMPLE], *keys.order_by("-pk")[:SAMPLE]})

    def forgive(self):
        """Start the wait for a sign of life again."""
        self.heard_at = time.monotonic()

    def is_lost(self):
        """Say whether the wait has been too long."""
        return time.monotonic() - self.heard_at > self.patience


# --- The cluster, seen from outside -----------------------------------------


def start_cluster():
    """Start django-q2 in a session of its own: Ctrl-C and TERM to our group don't reach it.

    A TERM to all of its processes at once would hang it for ever.
    """
    return subprocess.Popen(
        [sys.executable, Path(sys.argv[0]).absolute(), "worker", "--cluster"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(cluster, *, gently):
    """End every process of the cluster; gently lets running jobs finish first.

    Rows that were taken stay locked until django-q2's `retry`: taking them again at once would let
    one poisonous job kill cluster after cluster.
    """
    if gently and cluster.poll() is None:
        cluster.terminate()  # its main process alone: see start_cluster
        with contextlib.suppress(subprocess.TimeoutExpired):
            cluster.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(cluster.pid, signal.SIGKILL)
    cluster.wait()


# --- The cluster, seen from inside ------------------------------------------


def run_cluster():
    """Run django-q2 so that no process of it outlives its parent."""
    die_with(os.getppid())
    parent = []
    os.register_at_fork(
        before=lambda: parent.append(os.getpid()),
        after_in_parent=parent.clear,
        after_in_child=lambda: die_with(parent[-1]),
    )
    Sentinel.reincarnate = failing_fast(Sentinel.reincarnate)
    default = connections["default"]
    default.settings_dict["CONN_MAX_AGE"] = int(timedelta(minutes=10).total_seconds())
    connections.close_all()  # a connection must not be shared with the processes forked from here
    Cluster().start()


def die_with(parent):
    """Ask Linux to kill this process when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)


def failing_fast(reincarnate):
    """Wrap django-q2's replacing of one dead process: after a bad death replace them all."""

    @functools.wraps(reincarnate)
    def replace(sentinel, process):
        if process.exitcode:  # recycled and timed-out workers end with 0 or are still alive
            os.killpg(0, signal.SIGKILL)
        reincarnate(sentinel, process)

    return replace
