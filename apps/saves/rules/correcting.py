"""Who may correct a call, and what a corrected call changes on the record."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from apps.saves.rules.calls import stage_after

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
