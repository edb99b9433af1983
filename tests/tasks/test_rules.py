"""When tasks are due, and whose turn it is."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from apps.calendars.rules import MONDAY_TO_FRIDAY, Hours
from apps.tasks.rules import Due, PersonLoad, due_moment, least_busy, next_in_turn

FRIDAY = datetime(2026, 6, 5, 16, tzinfo=UTC)
DAY = timedelta(days=1)
LONDON = replace(MONDAY_TO_FRIDAY, zone="Europe/London")


def test_a_moment_itself_stays():
    assert due_moment(Due(at=FRIDAY), LONDON) == FRIDAY


def test_working_time_goes_on_after_the_weekend():
    # Five o'clock in London.
    assert due_moment(Due(minutes=30, after=FRIDAY), LONDON) == datetime(
        2026, 6, 8, 8, 30, tzinfo=UTC
    )


def test_the_next_working_day_is_after_the_weekend():
    monday = datetime(2026, 6, 8, 8, 30, tzinfo=UTC)
    assert due_moment(Due(clock=time(9, 30), after=FRIDAY), LONDON) == monday


def test_a_calendar_without_working_time_loses_no_task():
    nothing = Hours("Europe/London", ((),) * 7)

    ten = datetime(2026, 6, 5, 9, tzinfo=UTC)
    assert due_moment(Due(minutes=60, after=FRIDAY - DAY), nothing) == ten


def test_a_moment_is_clear_when_it_is_said_in_one_way():
    assert Due(at=FRIDAY).is_clear
    assert Due(minutes=0, after=FRIDAY).is_clear
    assert not Due(after=FRIDAY).is_clear
    assert not Due(minutes=5, clock=time(9), after=FRIDAY).is_clear


def test_the_least_busy_has_most_time_left():
    loads = [PersonLoad(1, 600, 900), PersonLoad(3, 60, 480), PersonLoad(2, 0, 420)]

    assert [each.left for each in loads] == [300, 420, 420]
    assert least_busy(loads) == 2


def test_a_round_goes_on_after_the_last_one_and_begins_anew():
    assert next_in_turn([5, 3, 9], None) == 3
    assert next_in_turn([5, 3, 9], 3) == 5
    assert next_in_turn([5, 3, 9], 4) == 5
    assert next_in_turn([5, 3, 9], 9) == 3
