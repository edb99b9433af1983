"""Working time by the rules is working time counted minute by minute, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.calendars import rules
from apps.calendars.rules import Hours
from tests.calendars.hours import MINUTE, minutes_worked

# Zones with the days around which their clocks turn, or leave a date out.
TURNS = {
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # by half an hour
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24), date(2012, 4, 1)],
    "America/St_Johns": [date(2010, 3, 14), date(2010, 11, 7)],  # a minute after midnight
    "Asia/Kathmandu": [date(2028, 2, 29)],
}
# The first question about a country's holidays reads them all in.
STEADY = settings(deadline=None)
COUNTED = settings(deadline=None, max_examples=40)
MINUTES = st.integers(0, 24 * 60)


@st.composite
def weekdays(draw):
    cuts = sorted(draw(st.sets(MINUTES, max_size=6)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def calendars(draw, zone):
    week = draw(st.tuples(*[weekdays()] * 7).filter(any))
    start = draw(st.sampled_from(TURNS[zone]))
    free = draw(st.dictionaries(st.integers(-3, 3), weekdays(), max_size=3))
    days_off = {start + timedelta(days=days): parts for days, parts in free.items()}
    country = draw(st.sampled_from(["", "GB"]))
    return start, Hours(zone, week, days_off, country)


@st.composite
def situations(draw):
    """A calendar and a moment near where its clocks turn, to the second."""
    zone = draw(st.sampled_from(sorted(TURNS)))
    day, hours = draw(calendars(zone))
    clock = datetime.combine(day, time()) + timedelta(seconds=draw(st.integers(-259200, 259200)))
    fold = draw(st.sampled_from([0, 1]))
    return hours, clock.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@given(situations(), st.integers(0, 3000))
@STEADY
def test_the_minutes_that_were_added_lie_between(situation, minutes):
    hours, start = situation

    end = rules.add(hours, start, minutes)

    assert end >= start
    assert rules.between(hours, start, end) == pytest.approx(minutes)
    assert rules.between(hours, end, start) == pytest.approx(-minutes)


@given(situations(), st.integers(0, 3000))
@STEADY
def test_a_sum_ends_in_working_time_or_with_it(situation, minutes):
    hours, start = situation

    end = rules.add(hours, start, minutes)

    just_before = end - timedelta.resolution
    assert rules.is_working(hours, just_before if minutes else end)


@given(situations(), st.integers(0, 2000), st.integers(0, 500), st.integers(0, 200_000))
@STEADY
def test_more_is_later_and_later_stays_later(situation, minutes, more, seconds):
    hours, start = situation
    end = rules.add(hours, start, minutes)

    assert rules.add(hours, start, minutes + more) >= end
    if minutes:
        assert rules.add(hours, start + timedelta(seconds=seconds), minutes) >= end


@given(situations(), st.integers(0, 4 * 24 * 60))
@COUNTED
def test_it_is_what_counting_the_minutes_gives(situation, minutes):
    hours, start = situation
    start = start.replace(second=0, microsecond=0)

    found = rules.between(hours, start, start + minutes * MINUTE)

    assert found == len(minutes_worked(hours, start, minutes))


@given(situations(), st.integers(0, 1000))
@COUNTED
def test_it_ends_where_walking_the_minutes_ends(situation, minutes):
    hours, start = situation
    start = start.replace(second=0, microsecond=0)
    worked = minutes_worked(hours, start, 4 * 24 * 60)
    assume(worked)
    minutes %= len(worked) + 1

    end = worked[minutes - 1] + MINUTE if minutes else worked[0]

    assert rules.add(hours, start, minutes) == end


@given(situations(), st.times())
@STEADY
def test_the_next_working_day_is_a_later_date_and_worked(situation, clock):
    hours, at = situation

    moment = rules.next_working_day(hours, at, clock)

    assert rules.is_working(hours, moment)
    zone = ZoneInfo(hours.zone)
    assert moment.astimezone(zone).date() > at.astimezone(zone).date()


@given(st.sampled_from(sorted(TURNS)), st.data())
@STEADY
def test_a_clock_time_is_shown_or_just_passed(zone, data):
    day = data.draw(st.sampled_from(TURNS[zone]))
    clock = datetime.combine(day, time()) + timedelta(minutes=data.draw(st.integers(-2000, 2000)))

    moment = rules.moment_of(zone, clock)

    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= clock
    before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert before < clock
