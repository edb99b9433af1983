from datetime import date, timedelta

import pytest

from apps.saves import rules
from apps.saves.rules import Mending, Record

TODAY = date(2026, 6, 9)
LATER, EARLIER = date(2026, 7, 1), date(2026, 6, 1)
DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("passed", "is_own", "has_right", "may"),
    [
        (timedelta(0), True, False, True),
        (DAY - MOMENT, True, False, True),
        (DAY, True, False, False),
        (DAY + MOMENT, True, False, False),
        (timedelta(0), False, False, False),
        (timedelta(0), False, True, True),
        (400 * DAY, False, True, True),
        (400 * DAY, True, True, True),
    ],
)
def test_who_may_correct_a_call_and_until_when(now, passed, is_own, has_right, may):
    assert rules.may_correct(now, now + passed, is_own=is_own, has_right=has_right) is may


def mend(before, outcome, leaves_on=None, **record):
    return rules.mend(before, outcome, Record(**record), leaves_on=leaves_on, today=TODAY)


def test_an_older_call_changes_no_record():
    for outcome in ("stayed", "left", "undecided"):
        assert mend("left", outcome, LATER, is_newest=False, is_ours=True) == Mending()


@pytest.mark.parametrize("outcome", ["stayed", "undecided"])
def test_the_same_outcome_changes_no_record(outcome):
    assert mend(outcome, outcome, stage="test_drive", stage_then="test_drive") == Mending()


def test_who_left_after_all_is_marked_and_goes_back_to_the_stage_they_were_in():
    drifting = {"stage_then": "test_drive", "is_our_stage": True}

    assert mend("stayed", "left", LATER) == Mending("mark", LATER)
    assert mend("stayed", "left", LATER, **drifting) == Mending("mark", LATER, "test_drive")
    # Marking moves the stage itself when the day has come.
    assert mend("stayed", "left", EARLIER, **drifting) == Mending("mark", EARLIER)
    assert mend("stayed", "left", TODAY, **drifting) == Mending("mark", TODAY)
    # Somebody else moved them to retention, or they were gone before.
    assert mend("stayed", "left", LATER, stage_then="test_drive") == Mending("mark", LATER)
    gone = {"stage_then": "churn", "is_our_stage": True}
    assert mend("stayed", "left", LATER, **gone) == Mending("mark", LATER)


def test_another_day_of_leaving_moves_the_one_that_the_call_set():
    leaving = {"churned_on": LATER, "was_leaving": LATER}

    assert mend("left", "left", EARLIER, **leaving) == Mending("mark", EARLIER)
    assert mend("left", "left", LATER, **leaving) == Mending()
    # Somebody chose another day, or took it back, since.
    for since in (date(2026, 8, 1), None):
        assert mend("left", "left", EARLIER, **{**leaving, "churned_on": since}) == Mending()


def test_who_stayed_after_all_is_no_longer_leaving_if_the_call_said_so():
    leaving = {"churned_on": LATER, "was_leaving": LATER}

    assert mend("left", "stayed", **leaving, is_ours=True) == Mending("withdraw")
    # Set by somebody else: it stays, and so does the stage.
    drifting = {"stage": "test_drive", "stage_then": "test_drive"}
    assert mend("left", "stayed", **leaving, **drifting) == Mending()
    # Withdrawing moves a customer out of churn itself; out of another stage the staying does.
    assert mend("left", "stayed", **leaving, is_ours=True, stage="churn") == Mending("withdraw")
    assert mend("left", "stayed", **leaving, is_ours=True, **drifting) == Mending(
        "withdraw", None, "retention"
    )


def test_who_was_undecided_and_stayed_comes_back_as_on_any_call():
    drifting = {"stage": "test_drive", "stage_then": "test_drive"}

    assert mend("undecided", "stayed") == Mending()
    assert mend("undecided", "stayed", **drifting) == Mending("", None, "retention")
    assert mend("undecided", "stayed", churned_on=LATER) == Mending("withdraw")
    assert mend("undecided", "stayed", churned_on=LATER, is_later=True) == Mending()
    # Moved by somebody since.
    assert mend("undecided", "stayed", stage="wandering_eye") == Mending()


def test_who_is_undecided_after_all_is_as_before_the_call():
    leaving = {"churned_on": LATER, "was_leaving": LATER, "is_ours": True}
    drifting = {"stage_then": "test_drive", "is_our_stage": True}

    assert mend("left", "undecided", **leaving) == Mending("withdraw")
    assert mend("left", "undecided", **leaving, was_on=EARLIER) == Mending("mark", EARLIER)
    assert mend("left", "undecided", **{**leaving, "is_ours": False}) == Mending()
    gone = {**leaving, "stage": "churn"}
    assert mend("left", "undecided", **gone) == Mending("withdraw", None, "retention")
    assert mend("left", "undecided", **gone, stage_then="churn") == Mending("withdraw")
    assert mend("stayed", "undecided") == Mending()
    assert mend("stayed", "undecided", **drifting) == Mending("", None, "test_drive")
    assert mend("stayed", "undecided", took_back=LATER) == Mending("mark", LATER)
