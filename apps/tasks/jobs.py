"""What the clock does to tasks."""

from django.utils import timezone

from apps.core.jobs import job
from apps.tasks import actions
from apps.tasks.actions import escalation as escalating
from apps.tasks.queries import escalation, waking


def _tasks_wake():
    return bool(waking.due(timezone.now(), limit=1))


@job("tasks.wake_up", due=_tasks_wake)
def wake_up(**later):
    """Wake tasks whose moment has come; the ticker rings again for more."""
    actions.wake_due(at=timezone.now())


def _tasks_are_due():
    return escalation.is_due(timezone.now())


@job("tasks.escalate", due=_tasks_are_due)
def escalate(**later):
    """Tell whom it concerns of tasks nearly or past due; the ticker rings again for more."""
    escalating.fire_due(at=timezone.now())
