"""What the calendar does to commitments and watches."""

from django.utils import timezone

from apps.core.jobs import job
from apps.saves import actions
from apps.saves.queries import commitments, watches


def _commitments_are_over():
    return bool(commitments.overdue(timezone.now(), limit=1))


@job("saves.break_overdue", due=_commitments_are_over)
def break_overdue(**later):
    """Mark commitments whose day has ended as broken; the ticker rings again for more."""
    actions.commitments.break_overdue(at=timezone.now())


def _tasks_are_missing():
    return bool(commitments.taskless(limit=1))


@job("saves.give_tasks", due=_tasks_are_missing)
def give_tasks(**later):
    """Make the tasks of open commitments that have none; the ticker rings again for more."""
    actions.commitments.give_tasks(at=timezone.now())


def _watches_are_due():
    return watches.is_due(timezone.now())


@job("saves.reckon_watches", due=_watches_are_due)
def reckon_watches(**later):
    """Let saves climb, and end, as the day says; the ticker rings again for more."""
    actions.watch.reckon_due(at=timezone.now())
