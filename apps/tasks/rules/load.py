"""How much somebody has to do, against the time they have; and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apps.calendars import rules as working
from apps.calendars.rules import DAY

# So far ahead somebody's working time counts when work is given out.
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class PersonLoad:
    """What somebody has to do, in minutes.

    Args:
        user_id: who.
        effort: of their open tasks.
        available: their working time in the days ahead.
    """

    user_id: int
    effort: int
    available: float

    @property
    def left(self):
        """How much of their time is not spoken for; less than zero is too much work."""
        return self.available - self.effort


def time_of(hours, absences, start, end):
    """Return how many minutes somebody works from one moment to another, but for days away.

    Args:
        hours: their working time.
        absences: the first and the last day of each; none lies on the days of another.
        start: the moment.
        end: the other one.
    """
    minutes = working.between(hours, start, end)
    for first, last in absences:
        away, back = (
            working.moment_of(hours.zone, datetime.combine(day, time()))
            for day in (first, last + DAY)
        )
        if (away := max(away, start)) < (back := min(back, end)):
            minutes -= working.between(hours, away, back)
    return minutes


def least_busy(loads):
    """Return the id of whoever has most time left; of equals the one with the lowest id.

    Args:
        loads: `PersonLoad` of at least one person.
    """
    return min(loads, key=lambda each: (-each.left, each.user_id)).user_id


def next_in_turn(ids, last):
    """Return the id that follows the last one in a round; the round begins with the lowest.

    Args:
        ids: of those who can take something, at least one.
        last: who was given something last, or None; they need not be among them any more.
    """
    ordered = sorted(ids)
    return next((each for each in ordered if last is not None and each > last), ordered[0])
