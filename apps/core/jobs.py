"""Work that can wait: the only door to the queue.

The queue is a bell, never the truth. What must happen is a row of some room, claimed under
a lock with its attempt counted; a lost or doubled bell changes nothing, because the worker's
ticker rings again for whatever is due. So a bell carries a job's name and a few ids, and the
job looks up the rest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, transaction
from django_q.models import OrmQ
from django_q.tasks import async_task

log = logging.getLogger(__name__)

# Above this many waiting bells the ticker stays silent: ringing more would not help.
CROWDED = 200


@dataclass(frozen=True)
class Job:
    """A function that a worker runs, under a name that survives renaming the function."""

    name: str
    run: Callable
    due: Callable[[], bool] | None


REGISTRY: dict[str, Job] = {}


def job(name, *, due=None):
    """Register a function as a job.

    A run is short (well under ten seconds): a long job does one batch and rings again.
    The watchdog of `manage.py worker` takes a worker that is silent for longer as stuck.

    Args:
        name: `app.verb`, never reused for something else.
        due: asked by the ticker every few seconds; true rings the job without arguments.
    """

    def register(function):
        REGISTRY[name] = Job(name, function, due)
        return function

    return register


def enqueue(name, **arguments):
    """Ring for a job when the current transaction commits; a rollback leaves nothing.

    Args:
        name: of a registered job.
        **arguments: ids and short strings only, since they wait outside our tables.

    Raises:
        LookupError: when no job has that name.
        RuntimeError: outside a transaction, where a bell could precede its cause.
    """
    if name not in REGISTRY:
        raise LookupError(f"No job is called {name!r}.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Ring inside the transaction that makes the work.")
    async_task("apps.core.jobs.run", name, arguments)


def run(name, arguments):
    """Run one job; called by the queue's worker processes."""
    found = REGISTRY.get(name)
    if found is None:  # a bell from a newer or older release; our rows ring again
        log.error("A bell rang for the unknown job %s.", name)
        return
    found.run(**arguments)


def ring_due():
    """Ring every job that says it is due; called by the worker's ticker.

    One job whose question fails must not silence the others.

    Returns:
        The names that were rung.
    """
    if OrmQ.objects.count() >= CROWDED:
        return []
    rung = []
    for name, found in REGISTRY.items():
        try:
            if found.due is not None and found.due():
                with transaction.atomic():
                    enqueue(name)
                rung.append(name)
        except Exception:
            log.exception("Could not ask whether %s is due.", name)
            close_old_connections()
    return rung


def run_all():
    """Run every waiting bell here and now, oldest first; for tests and for the demo loader.

    Returns:
        The names that ran.
    """
    ran = []
    while bell := OrmQ.objects.order_by("id").first():
        name, arguments = bell.task["args"]
        OrmQ.objects.filter(pk=bell.pk).delete()
        run(name, arguments)
        ran.append(name)
    return ran
