"""What somebody has to do today, for their digest."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from apps.calendars.rules import DAY, moment_of
from apps.tasks.models import Task

MOST = 20


def of(user, *, at):
    """Return how many tasks of somebody are late, and those that are due today.

    Args:
        user: whose.
        at: now; the day is that of the person's zone.
    """
    today = at.astimezone(ZoneInfo(user.time_zone)).date()
    end = moment_of(user.time_zone, datetime.combine(today + DAY, time()))
    mine = Task.objects.open().awake(at).filter(owner=user).visible_to(user)
    due = mine.filter(due_at__gte=at, due_at__lt=end).soonest_first().for_list()
    return mine.filter(due_at__lt=at).count(), list(due[:MOST])
