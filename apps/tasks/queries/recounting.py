"""Which tasks are due at another moment because somebody's working time is another one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.calendars import following
from apps.tasks.models import Recount, Task
from apps.tasks.queries.working import hours_of_people, hours_of_teams
from apps.tasks.rules import due_moment, said

# So many tasks are looked at before a calendar is saved; the worker looks at all afterwards.
MOST = 5000


@dataclass(frozen=True)
class Move:
    """A task that is due at another moment."""

    task: Task
    before: datetime
    after: datetime


def _in_working_time():
    rows = Task.objects.open().filter(due_after__isnull=False)
    return rows.select_related("owner", "queue__team")


def _moves(tasks):
    """Return what moves of tasks, by the working time that counts for each now."""
    people = hours_of_people({task.owner for task in tasks if task.owner})
    teams = hours_of_teams({task.queue.team for task in tasks if not task.owner})
    found = []
    for task in tasks:
        hours = people[task.owner_id] if task.owner else teams[task.queue.team_id]
        after = due_moment(said(task), hours)
        if after != task.due_at:
            found.append(Move(task, task.due_at, after))
    return found


def moves(whose):
    """Return what moves of the tasks of some people and teams, the soonest first.

    Args:
        whose: `Whose`.

    Returns:
        The moves, and whether all tasks were looked at.
    """
    theirs = Q(owner__in=whose.people) | Q(owner=None, queue__team__in=whose.teams)
    rows = _in_working_time().there().filter(theirs).select_related("account__merged_into")
    tasks = list(rows.soonest_first()[: MOST + 1])
    return _moves(tasks[:MOST]), len(tasks) <= MOST


def in_words(whose):
    """Return the same as people read it."""
    found, is_whole = moves(whose)
    return following.Moves([_in_words(each) for each in found], is_whole)


def _in_words(move):
    task = move.task
    return following.Move(
        what=task.what,
        customer=(task.account.merged_into or task.account).name,
        whose=str(task.owner or task.queue),
        before=move.before,
        after=move.after,
    )


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
    found = [move.task.pk for move in _moves(tasks)]
    return found, tasks[-1].pk if len(tasks) == limit else None
