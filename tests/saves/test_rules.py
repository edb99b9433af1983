from datetime import UTC, datetime, timedelta

import pytest

from apps.saves import rules

NOON = datetime(2026, 6, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earlier", "chained"),
    [
        (None, False),
        (NOON - timedelta(hours=23, minutes=59), True),
        (NOON - timedelta(hours=24), False),
        (NOON + timedelta(hours=1), True),  # written down first, begun later
    ],
)
def test_calls_within_a_day_are_one_attempt(earlier, chained):
    assert rules.continues(NOON, earlier) is chained


@pytest.mark.parametrize(
    ("outcome", "stage", "after"),
    [
        ("stayed", "wandering_eye", "retention"),
        ("stayed", "test_drive", "retention"),
        ("stayed", "churn", "retention"),
        ("stayed", "onboarding", None),
        ("left", "wandering_eye", None),
        ("undecided", "test_drive", None),
    ],
)
def test_staying_brings_a_drifting_customer_back(outcome, stage, after):
    assert rules.stage_after(outcome, stage) == after
