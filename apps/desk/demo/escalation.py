"""Who is told of late tasks in the demo workspace, and who was."""

from apps.history.models import Event
from apps.tasks.models import Escalation, Level, Policy, Task

# Owner, lead and manager, after so many minutes of working time.
EVERY, URGENT = (120, 480, 960), (30, 120, 240)


def make(now):
    """Add two policies, and who was told of the tasks that are escalated by them already.

    Args:
        now: the moment at which the demo is loaded.
    """
    _policy("Every task", EVERY)
    _policy("Urgent tasks", URGENT, priority=Task.Priority.URGENT)
    late = Task.objects.open().filter(escalated__gt=0)
    teams = ("owner__team__lead", "owner__team__manager")
    for task in late.select_related("account__timeline", *teams).order_by("pk"):
        _tell(task, now)


def _policy(name, after, **fields):
    policy = Policy.objects.create(name=name, at_risk_minutes=60, **fields)
    Level.objects.bulk_create(
        Level(policy=policy, number=number, minutes=minutes)
        for number, minutes in enumerate(after, start=1)
    )


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
