"""The ladder that a save climbs while we watch whether they are still there."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

# Days after which a save has proved itself once, twice, for good.
RUNGS = (30, 90, 180)

# A customer nobody hears of is looked at again after this; mostly somebody tells us sooner.
LOOK_AGAIN = timedelta(days=7)


@dataclass(frozen=True)
class Facts:
    """What the ladder of a save rests on; days are of the customer's own calendar.

    Args:
        leavings: pairs of the first day without us and the day on which they came back, or
            None; in any order.
        attempts: days of their other calls, those of the same chain left out.
        heard: days on which something came in about them; not what we did ourselves.
    """

    leavings: tuple = ()
    attempts: tuple = ()
    heard: tuple = ()


class Step(NamedTuple):
    """Where a save stands: the rung, and when it may change by itself."""

    rung: str
    day: int  # of leaving or trying again, else 0
    why: str  # of not knowing: "silent" or "gone_before"
    next_on: date | None


def ladder(saved_on, today, facts):
    """Say where a save stands on a day.

    Leaving and trying again end it, whichever was first; on the same day it is leaving. After
    the last rung nothing does. Without a word about them since the call, nobody knows whether
    they are still there, so no rung counts as reached. Whoever came back later did leave;
    whoever came back by the day of leaving did not.

    Args:
        saved_on: day of the call on which they stayed.
        today: the day to speak of; facts of later days are not there yet.
        facts: what is known of the customer, in any order.
    """
    gone = [on for on, back in facts.leavings if on <= today and (back is None or on < back)]
    left = _first(gone, saved_on)
    tried = _first([each for each in facts.attempts if each <= today], saved_on)
    if left is not None and (tried is None or left <= tried):
        return Step("left", left, "", None)
    if tried is not None:
        return Step("tried_again", tried, "", None)
    days = (today - saved_on).days
    reached = [rung for rung in RUNGS if rung <= days]
    coming = [saved_on + timedelta(days=rung) for rung in RUNGS if rung > days]
    coming += [on for on, back in facts.leavings if today < on < saved_on + _END and back is None]
    if not reached:
        return Step("deflected", 0, "", min(coming))
    if why := _unknown(saved_on, today, facts):
        return Step("unknown", 0, why, min([*coming, today + LOOK_AGAIN]))
    return Step(f"verified_{reached[-1]}", 0, "", min(coming) if days < RUNGS[-1] else None)


def days_of(rung):
    """Count the days after which a rung is reached, 0 for one that has no such day."""
    _verified, _line, days = rung.partition("verified_")
    return int(days or 0)


_END = timedelta(days=RUNGS[-1])


def _first(days, saved_on):
    """Count from the save to the first of some days before the last rung, or None."""
    counted = [(day - saved_on).days for day in days if saved_on <= day < saved_on + _END]
    return min(counted, default=None)


def _unknown(saved_on, today, facts):
    """Say why nobody knows whether they are still there, if so."""
    if any(on < saved_on and back is None for on, back in facts.leavings):
        return "gone_before"
    return "" if any(saved_on < day <= today for day in facts.heard) else "silent"
