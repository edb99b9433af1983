"""When the day of a commitment is over, by the rule and by the database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.saves import rules

DAY = timedelta(days=1)
ZONES = [
    *("UTC", "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe"),
    *("Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham"),
    *("America/Havana", "Asia/Beirut", "America/Santiago"),  # whose clocks change at midnight
]
zones = st.sampled_from(ZONES)
days = st.integers(0, 7 * 365).map(lambda days: date(2020, 1, 1) + timedelta(days))
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 7 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(due_on=days, zone=zones)
def test_a_day_is_over_at_its_last_moment_and_not_before(due_on, zone):
    # The clock may go back over midnight, so the last of the moments is what counts.
    low = datetime.combine(due_on, datetime.min.time(), UTC) - 2 * DAY
    high = low + 6 * DAY
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        is_over = rules.is_over(due_on, zone, middle)
        low, high = (low, middle) if is_over else (middle, high)

    assert low.astimezone(ZoneInfo(zone)).date() <= due_on < high.astimezone(ZoneInfo(zone)).date()
    # In UTC, since the clocks may leave midnight out.
    before = (high - timedelta(seconds=2)).astimezone(ZoneInfo(zone))
    assert before.date() == due_on
    # A day is between 23 and 25 hours long, wherever and whenever.
    assert rules.is_over(due_on, zone, high + timedelta(hours=1, minutes=1))
    assert not rules.is_over(due_on + DAY, zone, high + timedelta(hours=22, minutes=58))
    assert rules.is_over(due_on + DAY, zone, high + timedelta(hours=25, minutes=1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(due_on=days, zone=zones, at=moments, later=st.integers(0, 400 * 24 * 60))
def test_what_is_over_stays_over(due_on, zone, at, later):
    is_over = rules.is_over(due_on, zone, at)
    assert is_over is (at.astimezone(ZoneInfo(zone)).date() > due_on)
    assert not is_over or rules.is_over(due_on, zone, at + timedelta(minutes=later))


@pytest.mark.django_db
def test_the_database_ends_days_when_the_rule_does():
    """Around every change of the clock between 2024 and 2026, in every zone above."""
    cases = []
    for zone in ZONES:
        at, before = datetime(2024, 1, 1, tzinfo=UTC), None
        while at.year < 2027:
            offset = at.astimezone(ZoneInfo(zone)).utcoffset()
            if before is not None and offset != before:
                cases += [(zone, at + timedelta(minutes=15 * n)) for n in range(-120, 121)]
            before, at = offset, at + timedelta(hours=12)
    assert len(cases) > 4000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT zone, at, (at AT TIME ZONE zone)::date"
            " FROM unnest(%s::text[], %s::timestamptz[]) AS pair (zone, at)",
            [[zone for zone, _ in cases], [at for _, at in cases]],
        )
        for zone, at, today in cursor.fetchall():
            assert rules.is_over(today - DAY, zone, at)
            assert not rules.is_over(today, zone, at)
