"""Decisions about a save that need no database."""

from datetime import timedelta

# Calls of one customer closer than this are one attempt to leave.
CHAIN = timedelta(hours=24)

# Days after which a save has proved itself once, twice, for good.
RUNGS = (30, 90, 180)

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
