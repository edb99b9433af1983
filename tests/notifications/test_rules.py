"""When mail may come."""

import datetime
from datetime import time, timedelta

import pytest

from apps.notifications import rules
from apps.notifications.rules import Quiet, after_quiet, next_at

LONDON = "Europe/London"  # an hour ahead in June
NIGHT, LUNCH = Quiet(time(20), time(7)), Quiet(time(12), time(13))


def at(hour, minute=0, day=9, month=6):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "sent"),
    [
        (None, at(3), at(3)),
        (NIGHT, at(18, 59), at(18, 59)),
        (NIGHT, at(19), at(6, day=10)),  # eight in the evening in London
        (NIGHT, at(23, 30), at(6, day=10)),
        (NIGHT, at(5, 59), at(6)),
        (NIGHT, at(6), at(6)),
        (LUNCH, at(10, 59), at(10, 59)),
        (LUNCH, at(11), at(12)),
        (LUNCH, at(12), at(12)),
    ],
)
def test_mail_waits_for_the_end_of_quiet_hours(quiet, moment, sent):
    assert after_quiet(quiet, LONDON, moment) == sent


def test_mail_does_not_go_back_in_time_when_the_clocks_do():
    # On 25 October half past one comes twice in London; this is the second time.
    second = at(1, 15, day=25, month=10)

    assert after_quiet(Quiet(time(20), time(1, 30)), LONDON, second) == second


def test_the_digest_comes_once_a_day_by_the_clocks_of_a_zone():
    assert next_at(time(8), LONDON, at(6, 59)) == at(7)
    assert next_at(time(8), LONDON, at(7)) == at(7, day=10)
    assert next_at(time(8), "Pacific/Auckland", at(20)) == at(20, day=10)
    assert next_at(time(8), "Pacific/Auckland", at(19)) == at(20)


def test_a_letter_that_fails_is_tried_ever_more_seldom_and_then_given_up():
    waits = [rules.retry_after(attempts) for attempts in range(1, 6)]

    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] is None
