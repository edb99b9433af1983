"""How people are told, and when not: decisions on plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.calendars.rules import DAY, moment_of


@dataclass(frozen=True)
class Channels:
    """Where somebody hears of a kind of thing.

    Args:
        rings: the bell counts it.
        is_mailed: it also comes by e-mail.
    """

    rings: bool = True
    is_mailed: bool = False


# As long as nobody said otherwise: what asks for an answer is mailed too.
USUAL: Mapping[str, Channels] = {
    "mentioned": Channels(is_mailed=True),
    "late": Channels(is_mailed=True),
    "task": Channels(),
    "owner": Channels(),
    "watching": Channels(),
}
# What the topic of a kind of event is to whom it concerns; anything else is about a customer.
WHY_OF_TOPIC = {"tasks": "task", "late": "late"}


@dataclass(frozen=True)
class Quiet:
    """Hours in which no mail is wanted, by the clocks of a zone; over midnight, mostly."""

    start: time
    end: time


USUAL_QUIET = Quiet(time(20), time(7))

# A worker that holds a letter for longer than this is taken for dead.
LEASE = timedelta(seconds=90)
BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
# So many notices one mail holds; the page has the others.
MOST_IN_A_MAIL = 30
# So long it stands on the settings page that a mail did not reach somebody.
REMEMBERED = timedelta(days=7)


def retry_after(attempts):
    """Return how long to wait after so many failed attempts, or None to give it up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def is_quiet(quiet, clock):
    """Say whether a time of day lies in quiet hours; there may be none of either."""
    if quiet is None or clock is None:
        return False
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def after_quiet(quiet, zone, at):
    """Return the moment itself, or when quiet hours end in which it lies.

    Args:
        quiet: the hours, or None for none.
        zone: IANA name of the zone whose clocks count.
        at: the moment.
    """
    local = at.astimezone(ZoneInfo(zone))
    clock, today = local.time(), local.date()
    if not is_quiet(quiet, clock):
        return at
    day = today if clock < quiet.end else today + DAY
    # When the clocks are put back in the night it may have come already.
    return max(at, moment_of(zone, datetime.combine(day, quiet.end)))


def next_at(clock, zone, after):
    """Return the first moment after another one at which the clocks of a zone show a time.

    Args:
        clock: time of day.
        zone: IANA name.
        after: the moment; the answer is later.
    """
    today = after.astimezone(ZoneInfo(zone)).date()
    days = (today + number * DAY for number in range(3))
    moments = (moment_of(zone, datetime.combine(day, clock)) for day in days)
    return next(moment for moment in moments if moment > after)
