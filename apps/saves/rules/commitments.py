"""When a commitment is due, and for how long it can be taken back or made good."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.calendars.rules import DAY, MINUTE, moment_of, on_clocks

# Who settled a commitment can take it back for so long.
UNDO_FOR = timedelta(minutes=10)

# A broken commitment asks to be made good for so many days; then it is only counted.
MEND_FOR = 30

# A commitment is due so many working days ahead unless somebody says otherwise.
DUE_AFTER = 3


def is_over(due_on, zone, at):
    """Say whether a day has ended where somebody lives, so that what was due on it is broken.

    Args:
        due_on: the day.
        zone: name of the owner's time zone.
        at: the moment.
    """
    return at.astimezone(ZoneInfo(zone)).date() > due_on


def due_moment(hours, zone, due_on, at):
    """Return the moment by which the work of a commitment is to be done.

    That is the end of work on its day; the end of the day itself when nobody works then, or when
    work has ended already.

    Args:
        hours: the working time of whoever does it.
        zone: name of the owner's time zone, in which the day counts.
        due_on: the day.
        at: now.
    """
    worked = on_clocks(hours, due_on)
    if worked:
        closes = datetime.combine(due_on, time()) + worked[-1][1] * MINUTE
        moment = moment_of(hours.zone, closes)
        # A calendar of another zone may close when it is another day where its owner is.
        if moment > at and day_of(moment, zone) == due_on:
            return moment
    return moment_of(zone, datetime.combine(due_on + DAY, time()))


def day_of(moment, zone):
    """Return the day by whose end something is due at a moment; midnight ends the day before."""
    return (moment - timedelta.resolution).astimezone(ZoneInfo(zone)).date()
