"""Who is told of late tasks in the demo workspace, and who was."""

from apps.history.models import Event
from apps.tasks.actions import escalation
from apps.tasks.models import Escalation, Task


def make(now):
    """Add the shipped policies, and who was told of the tasks that are escalated by them already.

    Args:
        now: the moment at which the demo is loaded.
    """
    escalation.load_policies(at=now)
    late = Task.objects.open().filter(escalated__gt=0)
    teams = ("owner__team__lead", "owner__team__manager")
    for task in late.select_related("account__timeline", *teams).order_by("pk"):
        _tell(task, now)


def _tell(task, now):
    team = task.owner.team
    people = [task.owner, team.lead or team.manager]
    for level, told in enumerate(people[: task.escalated], start=1):
        at = task.due_at + (now - task.due_at) * level / 4
        Escalation.objects.create(
            task=task, due_at=task.due_at, level=level, told=told, does="notify", fired_at=at
        )
        Event.objects.create(
            timeline=task.account.timeline,
            kind="tasks.escalated",
            happened_at=at,
            recorded_at=at,
            payload={
                "title": task.what,
                "owner": str(task.owner),
                "owner_id": task.owner_id,
                "level": level,
                "told": str(told),
                "told_id": told.pk,
                "due_at": task.due_at.isoformat(),
            },
            subject_label="tasks.task",
            subject_id=task.pk,
        )
