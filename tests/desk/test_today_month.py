"""How the month goes: saves that are verified, and how calls ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.saves.models import Rung
from tests.desk.days import page_of, stayed, undecided
from tests.factories.accounts import AccountFactory
from tests.factories.saves import SaveCaseFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


def test_no_save_counts_as_a_success_before_it_is_verified(agent, now):
    for rung in (Rung.DEFLECTED, Rung.DEFLECTED, Rung.VERIFIED_30, Rung.VERIFIED_180):
        stayed(agent, now - DAY, rung)
    for rung in (Rung.TRIED_AGAIN, Rung.LEFT, Rung.UNKNOWN):
        stayed(agent, now - DAY, rung)
    SaveCaseFactory(agent=agent, outcome="left", leaves_on=now.date())
    undecided(AccountFactory(), agent, now + DAY, opened_at=now)

    month = page_of(agent, now).months.now

    assert month.said == (
        "7 stayed, 2 of them verified, 2 too early to say, 2 didn’t last, 1 unknown."
        " 1 left, 1 undecided."
    )
    assert (month.calls, month.stayed, month.verified) == (9, 7, 2)


def test_a_save_that_nobody_watches_is_unknown(agent, now):
    stayed(agent, now)

    assert page_of(agent, now).months.now.said == "1 stayed, 1 unknown."


def test_calls_of_one_attempt_count_once(agent, account, now):
    first = undecided(account, agent, now + DAY, opened_at=now - HOUR)
    stayed(agent, now, Rung.DEFLECTED, account=account, continues=first)

    month = page_of(agent, now).months.now

    assert month.said == "1 stayed, 1 too early to say. 1 went on in another call."
    assert month.calls == 2


def test_months_are_those_of_the_readers_zone(agent, now):
    # The last minute of May in London, and the first of June.
    for minute in (22 * 60 + 59, 23 * 60):
        stayed(agent, datetime(2026, 5, 31, tzinfo=UTC) + minute * timedelta(minutes=1))
    stayed(agent, datetime(2025, 12, 31, 23, 59, tzinfo=UTC))  # seven months ago

    with timezone.override("Europe/London"):
        months = page_of(agent, now).months.months

    assert [(month.name, month.calls) for month in months] == [
        ("January", 0),
        ("February", 0),
        ("March", 0),
        ("April", 0),
        ("May", 1),
        ("June", 1),
    ]


def test_few_ends_make_no_rate(as_agent, agent, now):
    for number in range(19):
        stayed(agent, now - 40 * DAY, Rung.VERIFIED_30 if number % 2 else Rung.TRIED_AGAIN)

    assert "Not enough data yet: 19 of the 20 it takes." in as_agent.get("/").content.decode()


def test_enough_ends_make_a_rate(as_agent, agent, now):
    for number in range(20):
        stayed(agent, now - 40 * DAY, Rung.VERIFIED_30 if number % 4 else Rung.LEFT)
    for _ in range(9):
        stayed(agent, now, Rung.DEFLECTED)

    page = as_agent.get("/").content.decode()

    assert "75%, 15 of 20 attempts whose end is known." in page
    assert "Calls by month: January 0, February 0, March 0, April 20, May 0, June 9." in page


def test_a_call_that_was_just_logged_counts_at_once(agent, account, now):
    stayed(agent, now - HOUR)
    assert page_of(agent, now).months.now.calls == 1
    assert page_of(agent, now).months.now.calls == 1

    stayed(agent, now, account=account)
    assert page_of(agent, now).months.now.calls == 2


def test_my_saves_on_watch_are_named_and_counted(agent, account, now):
    stayed(agent, now - DAY, Rung.DEFLECTED, account=account)
    stayed(agent, now - 60 * DAY, Rung.LEFT)
    stayed(agent, now - 70 * DAY, Rung.VERIFIED_30)

    watch = page_of(agent, now).on_watch

    assert watch.saves[0].name == "Larkspur Dental"
    assert [(count.rung, count.count) for count in watch.counts] == [
        ("deflected", 1),
        ("verified_30", 1),
        ("left", 1),
    ]
    assert watch.watched == 2
