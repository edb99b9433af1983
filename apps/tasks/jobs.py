"""What the clock does to tasks."""

from django.utils import timezone

from apps.core.jobs import job
from apps.tasks import actions
from apps.tasks.actions import escalation as escalating
from apps.tasks.queries import covering, escalation, leaving, recounting, waking


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


def _somebody_left():
    return bool(leaving.tasks(limit=1) or leaving.hidden(limit=1) or leaving.asked(limit=1))


@job("tasks.find_others", due=_somebody_left)
def find_others(**later):
    """Give the work of those who can't do it any more to others; the ticker rings again for more."""
    actions.find_others(at=timezone.now())


def _somebody_went():
    return bool(covering.begun(timezone.now(), limit=1))


@job("tasks.cover", due=_somebody_went)
def cover(**later):
    """Ask stand-ins for what is left of those who are away; the ticker rings again for more."""
    actions.cover(at=timezone.now())


def _moments_may_move():
    return recounting.waiting() is not None


@job("tasks.recount", due=_moments_may_move)
def recount(**later):
    """Let moments follow the calendars, a batch at a time; the ticker rings again for more."""
    actions.recount(at=timezone.now())
