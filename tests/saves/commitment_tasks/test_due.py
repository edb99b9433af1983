"""When the task of a commitment is due: at the end of work on its day."""

from datetime import UTC, datetime

import pytest

from apps.calendars.rules import MONDAY_TO_FRIDAY, Hours
from apps.saves import rules
from tests.saves.commitment_tasks.days import CLOSES, DAY, FRIDAY

LONDON = Hours("Europe/London", MONDAY_TO_FRIDAY.week)


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (FRIDAY, CLOSES),
        # Nobody works on a Saturday: midnight in London.
        (FRIDAY + DAY, datetime(2026, 6, 13, 23, tzinfo=UTC)),
    ],
)
def test_the_work_is_due_at_the_end_of_work_or_of_the_day(now, day, moment):
    assert rules.due_moment(LONDON, "Europe/London", day, now) == moment
    assert rules.day_of(moment, "Europe/London") == day


def test_after_work_today_is_until_midnight():
    evening = datetime(2026, 6, 12, 17, tzinfo=UTC)

    moment = rules.due_moment(LONDON, "Europe/London", FRIDAY, evening)

    assert moment == datetime(2026, 6, 12, 23, tzinfo=UTC)


def test_a_calendar_of_another_zone_does_not_move_the_day(now):
    # It closes on Thursday evening where the owner is.
    moment = rules.due_moment(
        Hours("Pacific/Auckland", LONDON.week), "America/Los_Angeles", FRIDAY, now
    )

    assert moment == datetime(2026, 6, 13, 7, tzinfo=UTC)
