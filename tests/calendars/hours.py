"""Calendars on plain data, and the slowest way to reckon with them."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from apps.calendars.rules import Hours, holiday

OFFICE = ((540, 750), (810, 1050))  # 09:00-12:30, 13:30-17:30
MINUTE = timedelta(minutes=1)


def office(zone="Europe/London", days=5, **more):
    return Hours(zone, (OFFICE,) * days + ((),) * (7 - days), **more)


def works(hours, moment):
    """Whether a moment is worked, from what the clocks show alone."""
    local = moment.astimezone(ZoneInfo(hours.zone))
    day, minute = local.date(), local.hour * 60 + local.minute
    if holiday(hours, day) and day not in hours.worked:
        return False
    if any(opens <= minute < closes for opens, closes in hours.days_off.get(day, ())):
        return False
    return any(opens <= minute < closes for opens, closes in hours.week[day.weekday()])


def minutes_worked(hours, start, minutes):
    """Return those of so many minutes that are worked, looked at one by one."""
    first = start.astimezone(UTC)
    moments = (first + number * MINUTE for number in range(minutes))
    return [moment for moment in moments if works(hours, moment)]
