"""Moments of the demo's past, counted in days back from now."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# Eighteen months.
DAYS = 548


class Clock:
    """Turns "so many days ago, at that second of the day" into moments and dates.

    Args:
        now: the latest moment that anything may carry.
    """

    def __init__(self, now):
        self.now = now
        self.today = now.date()
        self._midnights = {}

    def at(self, day, second, zone):
        """Return a moment on a working day, by the clocks of a zone; never later than now."""
        midnight = self._midnights.get((day, zone))
        if midnight is None:
            midnight = self._midnights[day, zone] = self._working_day(day, zone)
        return min(midnight + timedelta(seconds=second), self.now)

    def date(self, day):
        """Return the date so many days ago; a negative number lies ahead."""
        return self.today - timedelta(days=day)

    def working(self, moment):
        """Return a moment, or the same time on the Monday after when it is on a weekend."""
        return moment + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[moment.weekday()])

    def dawn(self, date, zone):
        """Return the first minute of a date by the clocks of a zone."""
        return datetime(date.year, date.month, date.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def next_anniversary(self, day):
        """Return the next yearly return of a day that lies in the past."""
        start = self.date(day)
        this_year = start.replace(year=self.today.year, day=min(start.day, 28))
        return this_year if this_year > self.today else this_year.replace(year=this_year.year + 1)

    def _working_day(self, day, zone):
        """Midnight of that day in UTC; of the Friday before, when it was a weekend."""
        date = self.date(day)
        return self.dawn(date - timedelta(days=max(0, date.weekday() - 4)), zone)
