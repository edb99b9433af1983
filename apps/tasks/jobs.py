"""What the clock does to tasks."""

from django.utils import timezone

from apps.core.jobs import job
from apps.tasks import actions
from apps.tasks.queries import waking


def _tasks_wake():
    return bool(waking.due(timezone.now(), limit=1))


@job("tasks.wake_up", due=_tasks_wake)
def wake_up(**later):
    """Wake tasks whose moment has come; the ticker rings again for more."""
    actions.wake_due(at=timezone.now())
