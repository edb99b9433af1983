"""Arithmetic of working time, on plain data: no database, and no clock of its own.

A stretch of working time is what the clocks of a zone show, so `09:00 to 17:30` is as long as
the clocks make it: an hour that does not exist is not worked, and one that comes twice is worked
twice. Moments go in with a zone and come out in UTC. Working time begins with its first moment
and ends before its last, except that a sum may end on the last one: half past five is within the
day that closes then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

MIDNIGHT = 24 * 60  # minutes after the midnight before
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

# So far ahead working time is looked for: who does not work for two years has none.
FURTHEST = timedelta(days=731)
# So many days of a calendar are kept as they were reckoned, in each process.
MOST_KNOWN = 1000


class NoWorkingTime(Exception):
    """A calendar in which nobody ever works, or not for two years."""


@dataclass(frozen=True)
class Hours:
    """When somebody works; stretches are pairs of minutes after midnight, from and until.

    Args:
        zone: IANA name of the zone whose clocks count.
        week: the stretches of Monday, Tuesday and so on: seven tuples.
        days_off: stretches that are free, by date; a whole day is `(0, 1440)`.
        country: whose public holidays are free, as two letters; none without one.
        region: a part of the country, as the `holidays` package names it.
        worked: public holidays on which this calendar works all the same.
    """

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    days_off: Mapping[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    country: str = ""
    region: str = ""
    worked: frozenset[date] = frozenset()
    # Days that were looked at, which a list of tasks does again and again.
    known: dict = field(default_factory=dict, init=False, compare=False, repr=False)


# Who was given no calendar works from Monday to Friday.
MONDAY_TO_FRIDAY = Hours("UTC", (*[((9 * 60, 17 * 60),)] * 5, (), ()))


@lru_cache(maxsize=256)
def _holidays_of_year(country, region, year):
    known = holidays.country_holidays(country).supported_languages
    language = next((each for each in ("en_GB", "en_US") if each in known), None)
    days = holidays.country_holidays(country, subdiv=region or None, years=year, language=language)
    return dict(days.items())


def holiday(hours, day):
    """Return the name of the public holiday on a date, worked or not; empty without one."""
    if not hours.country:
        return ""
    return _holidays_of_year(hours.country, hours.region, day.year).get(day, "")


def regions(country):
    """Return the names of a country's parts that have holidays of their own, or None.

    Args:
        country: two capital letters. None is the answer for a country that nobody knows.
    """
    try:
        return tuple(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


def on_clocks(hours, day):
    """Return what is worked on a date, by the clocks: pairs of minutes after midnight, in order."""
    if day not in hours.worked and holiday(hours, day):
        return ()
    left = sorted(hours.week[day.weekday()])
    for off in hours.days_off.get(day, ()):
        left = [part for stretch in left for part in _without(stretch, off)]
    return tuple(left)


def _without(stretch, off):
    """Return what is left of a stretch when another one is taken out of it."""
    parts = [(stretch[0], min(stretch[1], off[0])), (max(stretch[0], off[1]), stretch[1])]
    return [(opens, closes) for opens, closes in parts if opens < closes]


@dataclass(frozen=True)
class Day:
    """What one date of a calendar looks like: what is worked, and why not."""

    on: date
    worked: tuple[str, ...]
    reason: str = ""


def next_days(hours, first, count, *, names):
    """Return so many dates of a calendar as people read them.

    Args:
        hours: the calendar.
        first: the first date.
        count: how many.
        names: of its own days off, by date.
    """
    dates = [first + number * DAY for number in range(count)]
    return [
        Day(
            on,
            tuple(f"{clock(opens)}–{clock(closes)}" for opens, closes in on_clocks(hours, on)),
            ", ".join(filter(None, [holiday(hours, on), names.get(on, "")])),
        )
        for on in dates
    ]


def clock(minutes):
    """Return minutes after midnight as a clock shows them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def is_working(hours, moment):
    """Say whether a moment is working time."""
    local = moment.astimezone(ZoneInfo(hours.zone)).replace(tzinfo=None)
    midnight = datetime.combine(local.date(), time())
    since = (local - midnight) / MINUTE
    return any(opens <= since < closes for opens, closes in on_clocks(hours, local.date()))


def add(hours, start, minutes):
    """Return the moment at which so much working time has passed.

    Args:
        hours: whose working time.
        start: from when on; working time need not have begun yet.
        minutes: how much of it, 0 or more; 0 is the next moment of working time.

    Raises:
        NoWorkingTime: there is not so much of it.
    """
    left, ahead = timedelta(minutes=minutes), _ahead(hours, start)
    opens, closes = next(ahead)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(ahead)
    return opens + left


_NEVER = "This calendar has no working time."


def next_opening(hours, at):
    """Return the moment itself when it is working time, otherwise when that begins next.

    Raises:
        NoWorkingTime: it never does.
    """
    return add(hours, at, 0)


def next_working_day(hours, at, clock):
    """Return a time of day on the first working day after a moment's own.

    Before that day's work begins, and in its breaks, it is when work goes on; after the end of
    work it is the next morning.

    Args:
        hours: whose working days.
        at: the moment, whose day is that of the calendar's zone.
        clock: the time of day that is asked for, as a `datetime.time`.

    Raises:
        NoWorkingTime: there is no such day.
    """
    today = at.astimezone(ZoneInfo(hours.zone)).date()
    day = working_days_ahead(hours, today, 1)
    return next_opening(hours, moment_of(hours.zone, datetime.combine(day, clock)))


def between(hours, start, end):
    """Return the working time from one moment to another, in minutes, with fractions.

    Less than zero when the end lies before the start: what is overdue, is overdue by so much.
    """
    if end < start:
        return -between(hours, end, start)
    total, day = timedelta(), start.astimezone(UTC).date()
    while day <= end.astimezone(UTC).date():
        for opens, closes in _of_utc_day(hours, day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += DAY
    return total / MINUTE


def working_days_ahead(hours, day, count):
    """Return the date so many working days after another; a day with any working time is one.

    Args:
        hours: whose working days.
        day: the date from which to count, which does not count itself.
        count: how many, 0 or more; 0 is the date itself.

    Raises:
        NoWorkingTime: there are not so many.
    """
    last = day
    while count:
        day += DAY
        if day - last > FURTHEST:
            raise NoWorkingTime(_NEVER)
        if on_clocks(hours, day):
            count, last = count - 1, day
    return day


def moment_of(zone, clock):
    """Return the first moment at which the clocks of a zone show a time, or have passed it.

    Args:
        zone: IANA name.
        clock: date and time as the clocks show them, without a zone.
    """
    early = clock.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    late = clock.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    # The clocks never show it when the later reading of it is the earlier moment.
    return _turn(zone, late, early) if late < early else early


def _ahead(hours, start):
    """Yield the working time from a moment on, as pairs of moments, in order.

    Raises:
        NoWorkingTime: there was none for two years.
    """
    day = last = start.astimezone(UTC).date()
    while day - last <= FURTHEST:
        for opens, closes in _of_utc_day(hours, day):
            if closes > start:
                last = day
                yield max(opens, start.astimezone(UTC)), closes
        day += DAY
    raise NoWorkingTime(_NEVER)


def _of_utc_day(hours, day):
    """Return the working time in 24 hours of UTC, as pairs of moments, in order."""
    if day not in hours.known:
        if len(hours.known) > MOST_KNOWN:
            hours.known.clear()
        hours.known[day] = tuple(_in_utc_day(hours, day))
    return hours.known[day]


def _in_utc_day(hours, day):
    return [
        (max(starts, local + opens * MINUTE), min(ends, local + closes * MINUTE))
        for starts, ends, offset in _stretches(hours.zone, day)
        for date_ in _dates(starts + offset, ends + offset)
        # The moment that would be midnight, were the offset always this one.
        for local in [datetime.combine(date_, time(), UTC) - offset]
        for opens, closes in on_clocks(hours, date_)
        if local + closes * MINUTE > starts and local + opens * MINUTE < ends
    ]


def _dates(start, end):
    """Return the dates that a stretch of clock time touches: one or two."""
    first, last = start.date(), (end - timedelta.resolution).date()
    return [first] if first == last else [first, last]


@lru_cache(maxsize=4096)
def _stretches(zone, day):
    """Return 24 hours of UTC cut where the clocks of a zone turn: (from, until, offset)."""
    start = datetime.combine(day, time(), UTC)
    end = start + DAY
    before, after = _offset(zone, start), _offset(zone, end - timedelta.resolution)
    if before == after:
        return ((start, end, before),)
    turn = _turn(zone, start, end - timedelta.resolution)
    return ((start, turn, before), (turn, end, after))


def _offset(zone, moment):
    return moment.astimezone(ZoneInfo(zone)).utcoffset()


def _turn(zone, low, high):
    """Return when the clocks turn between two moments with different offsets, to the second."""
    low, high = int(low.timestamp()), int(high.timestamp())
    before = _offset(zone, datetime.fromtimestamp(low, UTC))
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
