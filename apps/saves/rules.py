"""Decisions about a save that need no database."""

from datetime import timedelta
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
