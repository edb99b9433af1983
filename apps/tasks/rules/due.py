"""When a task is due, in the working time of whoever has it."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from apps.calendars import rules as working

# So long whoever closed a task may take that back.
GRACE = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """How a moment was said: exactly one of three ways.

    Args:
        at: the moment itself, which stays whoever has the task.
        minutes: so much working time after `after`.
        clock: a time of day on the next working day after `after`.
        after: from when on; none for a moment itself.
    """

    at: datetime | None = None
    minutes: int | None = None
    clock: time | None = None
    after: datetime | None = None

    @property
    def is_clear(self):
        """Whether it was said in one way."""
        return [self.at, self.minutes, self.clock].count(None) == 2


def said(task):
    """Return how a task's moment was said, as its row keeps it."""
    if task.due_after is None:
        return Due(at=task.due_at)
    return Due(minutes=task.due_minutes, clock=task.due_clock, after=task.due_after)


def due_moment(due, hours):
    """Return the moment at which a task is due.

    Args:
        due: how it was said, in one way.
        hours: the working time of whoever has it, or of the team in whose queue it waits.
    """
    if due.at is not None:
        return due.at
    try:
        return _in_working_time(due, hours)
    except working.NoWorkingTime:
        # A calendar in which nobody ever works must not lose a task.
        return _in_working_time(due, replace(working.MONDAY_TO_FRIDAY, zone=hours.zone))


def _in_working_time(due, hours):
    if due.minutes is not None:
        return working.add(hours, due.after, due.minutes)
    return working.next_working_day(hours, due.after, due.clock)
