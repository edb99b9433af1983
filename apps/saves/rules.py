"""Decisions about a save that need no database."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Calls of one customer closer than this are one attempt to leave.
CHAIN = timedelta(hours=24)

# Days after which a save has proved itself once, twice, for good.
RUNGS = (30, 90, 180)

# Who settled a commitment can take it back for so long.
UNDO_FOR = timedelta(minutes=10)

# A broken commitment asks to be made good for so many days; then it is only counted.
MEND_FOR = 30

# A commitment is due so many working days ahead unless somebody says otherwise.
DUE_AFTER = 3

# No day that anybody types about a call lies further ahead.
FURTHEST = timedelta(days=3653)

# A customer nobody hears of is looked at again after this; mostly somebody tells us sooner.
LOOK_AGAIN = timedelta(days=7)

# Stages from which staying brings a customer back.
DRIFTING = {"wandering_eye", "test_drive", "churn"}


def continues(opened_at, earlier_opened_at):
    """Say whether a call is the next of the same attempt, whichever was written down first.

    Args:
        opened_at: when this call began.
        earlier_opened_at: when the customer's last call began, or None.
    """
    return earlier_opened_at is not None and abs(opened_at - earlier_opened_at) < CHAIN


def stage_after(outcome, stage):
    """Return the stage that an outcome leads to, or None when it changes nothing.

    Leaving is not decided here: the record itself moves to churn on the day.
    """
    return "retention" if outcome == "stayed" and stage in DRIFTING else None


def is_over(due_on, zone, at):
    """Say whether a day has ended where somebody lives, so that what was due on it is broken.

    Args:
        due_on: the day.
        zone: name of the owner's time zone.
        at: the moment.
    """
    return at.astimezone(ZoneInfo(zone)).date() > due_on


def working_days_after(day, count):
    """Return the date so many working days, Monday to Friday, after a date."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


# --- Watching a save ----------------------------------------------------------


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


class Call(NamedTuple):
    """A save case, as far as chains and watches need to know it."""

    pk: int
    opened_at: object
    outcome: str
    continues: int | None


def saves_among(calls):
    """Find the calls that are watched, each with the calls that came after its chain.

    Of a chain the last call written down counts alone: they stayed when it says so.

    Args:
        calls: all calls of a customer, in any order.

    Returns:
        Pairs of a call and the later ones that are not of its chain, by the moment they began.
    """
    continued = {call.continues for call in calls}
    by_pk = {call.pk: call for call in calls}
    found = []
    for call in sorted(calls, key=_in_time):
        if call.outcome == "stayed" and call.pk not in continued:
            chain = set(_back(call, by_pk))
            later = [
                each for each in calls if each.pk not in chain and _in_time(each) > _in_time(call)
            ]
            found.append((call, sorted(later, key=_in_time)))
    return found


def _in_time(call):
    return call.opened_at, call.pk


def _back(call, by_pk):
    """Yield the ids of a chain, from its last call to its first."""
    while call is not None:
        yield call.pk
        call = by_pk.get(call.continues)


# --- Correcting a call --------------------------------------------------------

# Whoever logged a call may correct it for so long; after that somebody with the right does.
CORRECT_FOR = timedelta(hours=24)


def may_correct(closed_at, at, *, is_own, has_right):
    """Say whether somebody may correct a call.

    Args:
        closed_at: when it was logged.
        at: now.
        is_own: whether they logged it.
        has_right: whether they may correct anybody's, at any time.
    """
    return has_right or (is_own and at < closed_at + CORRECT_FOR)


@dataclass(frozen=True)
class Record:
    """What a customer's record says when a call is corrected, and what of it this call did.

    Args:
        churned_on: the last day it names, or None.
        stage: where it stands.
        stage_then: where it stood when the call began.
        was_leaving: the last day that the call named before the correction, or None.
        is_ours: this call set the last day, and nobody did since.
        is_later: somebody set or cleared the last day since, without this call.
        was_on: the last day from before this call, or None.
        took_back: a last day that this call took back, and nobody set since; or None.
        is_our_stage: the stage is the one that this call moved the customer to.
        is_newest: no call was logged after this one; else the record is another call's.
    """

    churned_on: date | None = None
    stage: str = "retention"
    stage_then: str = "retention"
    was_leaving: date | None = None
    is_ours: bool = False
    is_later: bool = False
    was_on: date | None = None
    took_back: date | None = None
    is_our_stage: bool = False
    is_newest: bool = True


class Mending(NamedTuple):
    """What becomes of a record: "mark" a last day or "withdraw" it, and move the stage."""

    churn: str = ""
    on: date | None = None
    stage: str = ""


def mend(before, outcome, record, *, leaves_on=None, today):
    """Say what a record needs so that it follows a corrected call; what others did stays.

    Args:
        before: the outcome as it was logged.
        outcome: the outcome as it is corrected.
        record: what the record says.
        leaves_on: the day they leave, where that is the outcome; None as long as nobody knows.
        today: the day where the customer is.
    """
    if not record.is_newest:
        return Mending()
    if outcome == "left":
        return _leaving(before, record, leaves_on, today)
    if outcome == before:
        return Mending()
    return _staying(before, record) if outcome == "stayed" else _wavering(before, record)


def _leaving(before, record, leaves_on, today):
    if before == "left":
        is_moved = leaves_on != record.was_leaving and record.churned_on == record.was_leaving
        return Mending("mark", leaves_on) if is_moved else Mending()
    is_over = leaves_on is not None and leaves_on <= today
    return Mending("mark", leaves_on, "" if is_over else _stage_back(record))


def _staying(before, record):
    if before == "left":
        churn = "withdraw" if record.is_ours else ""
    else:
        churn = "withdraw" if record.churned_on and not record.is_later else ""
    if churn and record.stage == "churn":
        return Mending(churn)  # that moves the stage as well
    if record.churned_on and not churn:
        return Mending()
    is_free = record.is_our_stage or record.stage == record.stage_then
    return Mending(churn, None, (is_free and stage_after("stayed", record.stage)) or "")


def _wavering(before, record):
    if before == "left":
        if not record.is_ours:
            return Mending()
        if record.was_on:
            return Mending("mark", record.was_on, _stage_back(record))
        is_back = record.stage == "churn" != record.stage_then
        return Mending("withdraw", None, record.stage_then if is_back else "")
    if record.took_back:
        return Mending("mark", record.took_back, _stage_back(record))
    return Mending("", None, _stage_back(record))


def _stage_back(record):
    """The stage from before the call, if the call moved the customer away from it."""
    is_moved = record.is_our_stage and record.stage_then not in {record.stage, "churn"}
    return record.stage_then if is_moved else ""
