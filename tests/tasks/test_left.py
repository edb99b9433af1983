"""How much working time is left, in words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.calendars.rules import MONDAY_TO_FRIDAY
from apps.tasks.queries.left import left, length

NOW = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)  # a Tuesday


def of(due_at, *, at=NOW, since=NOW):
    with time_machine.travel(at, tick=False):
        return left(due_at, since=since, at=at, hours=MONDAY_TO_FRIDAY)


def moment(day, hour, minute=0):
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "words", "tone"),
    [
        (moment(9, 9, 55), "25 min left", "warn"),
        (moment(9, 12), "2 h 30 min left", ""),
        (moment(10, 9, 0), "7 h 30 min left", ""),  # the end of today's work
        (moment(10, 12), "Wed, 12:00", ""),
        (moment(12, 9, 30), "Fri, 09:30", ""),
        (moment(18, 12), "Thu 18 June, 12:00", ""),
        (moment(9, 9, 30), "Due today, 09:30", "bad"),
        (moment(9, 9, 10), "20 min late", "bad"),
        (moment(8, 16, 0), "1 h 30 min late", "bad"),  # nobody worked at night
        (moment(5, 9, 30), "16 h late", "bad"),
    ],
)
def test_what_is_left_is_said_in_working_time(due_at, words, tone):
    said = of(due_at)

    assert (said.words, said.tone) == (words, tone)


def test_what_is_late_since_long_ago_is_said_by_its_day():
    assert of(NOW - timedelta(days=40)).words == "Late since Thu 30 April"


def test_what_became_due_after_work_says_when():
    assert of(moment(9, 18), at=moment(9, 22)).words == "Due today, 18:00"


def test_what_is_due_tonight_after_much_work_says_the_clock():
    hours = MONDAY_TO_FRIDAY.__class__("UTC", (((0, 1440),),) * 7)
    with time_machine.travel(NOW, tick=False):
        assert left(moment(9, 23), since=NOW, at=NOW, hours=hours).words == "by 23:00"


def test_the_ring_shows_the_share_that_is_gone():
    assert of(moment(9, 10, 30), since=moment(9, 8, 30)).share == 50
    assert 'stroke-dasharray="50 100"' in of(moment(9, 10, 30), since=moment(9, 8, 30)).drawn
    assert of(NOW - timedelta(hours=1)).share == 100
    assert of(moment(9, 10, 30), since=moment(9, 12)).share == 0


def test_lengths_are_short():
    assert [length(minutes) for minutes in (0.9, 59, 60, 138, 615)] == [
        "0 min",
        "59 min",
        "1 h",
        "2 h 18 min",
        "10 h",
    ]
