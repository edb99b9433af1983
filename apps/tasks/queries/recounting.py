"""Which tasks are due at another moment because somebody's working time is another one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.calendars.models import PersonCalendar, TeamCalendar
from apps.tasks.models import Recount, Task
from apps.tasks.queries.working import hours_of_people, hours_of_teams
from apps.tasks.rules import due_moment, said
from apps.users.models import User


@dataclass(frozen=True)
class Move:
    """A task that is due at another moment."""

    task: Task
    before: datetime
    after: datetime


def _in_working_time():
    rows = Task.objects.open().filter(due_after__isnull=False)
    return rows.select_related("owner", "queue__team")


def _moves(pairs):
    """Return what moves of tasks, each with the working time that counts for it."""
    moments = [(task, due_moment(said(task), hours)) for task, hours in pairs]
    return [Move(task, task.due_at, after) for task, after in moments if after != task.due_at]


def preview(calendar, hours):
    """Return what moves when a calendar is changed, soonest first.

    Args:
        calendar: the row, as it is.
        hours: its working time as it would be.
    """
    own = PersonCalendar.objects.filter(calendar=calendar).values("user")
    teams = TeamCalendar.objects.filter(calendar=calendar).values("team")
    people = User.objects.filter(Q(pk__in=own) | Q(team__in=teams, working_calendar=None))
    whose = Q(owner__in=people) | Q(owner=None, queue__team__in=teams)
    tasks = _in_working_time().filter(whose).select_related("account").soonest_first()
    return _moves((task, hours) for task in tasks)


def waiting():
    """Return the recount that was asked for first and is not done, or None."""
    return Recount.objects.filter(done_at=None).order_by("id").first()


def batch(reached, *, limit):
    """Look at some tasks as the calendars are now.

    Args:
        reached: the id of the last task that was looked at.
        limit: at how many.

    Returns:
        The ids of those that are due at another moment, and the id that is reached then, or
        None after the last task.
    """
    tasks = list(_in_working_time().filter(pk__gt=reached).order_by("pk")[:limit])
    people = hours_of_people({task.owner for task in tasks if task.owner})
    teams = hours_of_teams({task.queue.team for task in tasks if not task.owner})
    moves = _moves(
        (task, people[task.owner_id] if task.owner else teams[task.queue.team_id]) for task in tasks
    )
    return [move.task.pk for move in moves], tasks[-1].pk if len(tasks) == limit else None
