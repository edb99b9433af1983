"""Working time on days that are easy to get wrong."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from apps.calendars import rules
from apps.calendars.rules import Hours, NoWorkingTime
from tests.calendars.hours import OFFICE, office

LONDON = ZoneInfo("Europe/London")
NEVER = Hours("UTC", ((),) * 7)
ALWAYS = (((0, 1440),),) * 7


def at(text, zone="Europe/London"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def says(moment, zone="Europe/London"):
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-06-09 08:59:59", False),
        ("2026-06-09 09:00", True),
        ("2026-06-09 12:29:59", True),
        ("2026-06-09 12:30", False),
        ("2026-06-09 17:29:59", True),
        ("2026-06-09 17:30", False),
        ("2026-06-13 10:00", False),  # a Saturday
    ],
)
def test_working_time_begins_with_its_first_moment_and_ends_before_its_last(moment, answer):
    assert rules.is_working(office(), at(moment)) is answer


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-06-09 10:00", 240, "2026-06-09 15:00"),  # over the break
        ("2026-06-09 16:30", 60, "2026-06-09 17:30"),
        ("2026-06-09 16:30", 61, "2026-06-10 09:01"),
        ("2026-06-12 17:00", 60, "2026-06-15 09:30"),  # over a weekend
        ("2026-06-13 11:00", 0, "2026-06-15 09:00"),
        ("2028-02-28 17:00", 60, "2028-02-29 09:30"),  # a leap day
        ("2026-12-31 17:00", 60, "2027-01-01 09:30"),
        ("2026-03-27 17:00", 60, "2026-03-30 09:30"),  # the clocks go forward
        ("2026-10-23 17:00", 60, "2026-10-26 09:30"),  # and back
    ],
)
def test_so_many_minutes_later(start, minutes, end):
    assert says(rules.add(office(), at(start), minutes)) == end


def test_an_hour_that_does_not_exist_is_not_worked_and_one_that_comes_twice_is_twice():
    night = Hours("Europe/London", (((0, 300),),) * 7)

    assert rules.between(night, at("2026-03-29 00:00"), at("2026-03-29 05:00")) == 240
    assert rules.between(night, at("2026-10-25 00:00"), at("2026-10-25 05:00")) == 360
    assert says(rules.add(night, at("2026-03-29 00:30"), 60)) == "2026-03-29 02:30"


def test_a_date_that_a_zone_left_out_is_not_worked():
    hours = Hours("Pacific/Apia", ALWAYS)  # there was no 30 December 2011
    zone = "Pacific/Apia"

    assert rules.between(hours, at("2011-12-29 00:00", zone), at("2012-01-01 00:00", zone)) == 2880
    assert says(rules.moment_of(zone, datetime(2011, 12, 30, 9, 0)), zone) == "2011-12-31 00:00"  # noqa: DTZ001


def test_clocks_that_turn_at_midnight_lose_nothing():
    hours = Hours("America/Sao_Paulo", ALWAYS)  # 00:00 became 01:00
    zone = "America/Sao_Paulo"

    assert rules.between(hours, at("2018-11-03 00:00", zone), at("2018-11-05 00:00", zone)) == 2820
    assert says(rules.moment_of(zone, datetime(2018, 11, 4)), zone) == "2018-11-04 01:00"  # noqa: DTZ001


def test_a_time_that_comes_twice_is_the_first_one():
    moment = rules.moment_of("Europe/London", datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001

    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "clock", "end"),
    [
        ("2026-06-09 22:00", time(9, 30), "2026-06-10 09:30"),
        ("2026-06-12 09:00", time(9, 30), "2026-06-15 09:30"),
        ("2026-06-09 10:00", time(7, 0), "2026-06-10 09:00"),
        ("2026-06-09 10:00", time(13, 0), "2026-06-10 13:30"),  # in the break
        ("2026-06-09 10:00", time(20, 0), "2026-06-11 09:00"),
    ],
)
def test_the_next_working_day_at_a_time(start, clock, end):
    assert says(rules.next_working_day(office(), at(start), clock)) == end


def test_now_is_the_next_opening_while_somebody_works():
    assert rules.next_opening(office(), at("2026-06-09 09:15")) == at("2026-06-09 09:15")
    assert says(rules.next_opening(office(), at("2026-06-09 12:45"))) == "2026-06-09 13:30"


def test_what_is_overdue_is_less_than_nothing():
    assert rules.between(office(), at("2026-06-10 09:30"), at("2026-06-09 17:00")) == -60
    assert rules.between(office(), at("2026-06-09 09:00:30"), at("2026-06-09 09:02")) == 1.5


def test_public_holidays_are_free_unless_they_are_worked():
    england = office(country="GB", region="ENG")
    worked = office(country="GB", region="ENG", worked=frozenset({date(2026, 12, 25)}))
    scotland = office(country="GB", region="SCT")

    assert rules.holiday(england, date(2026, 12, 25)) == "Christmas Day"
    assert rules.on_clocks(england, date(2026, 12, 25)) == ()
    assert rules.on_clocks(worked, date(2026, 12, 25)) == OFFICE
    assert rules.on_clocks(scotland, date(2026, 11, 30)) == ()  # Saint Andrew
    assert rules.on_clocks(england, date(2026, 11, 30)) == OFFICE
    assert rules.holiday(office(), date(2026, 12, 25)) == ""


def test_holidays_are_named_in_english_where_they_can_be():
    assert rules.holiday(office(country="DE"), date(2026, 10, 3)) == "German Unity Day"


def test_the_regions_of_a_country():
    assert "SCT" in rules.regions("GB")
    assert rules.regions("XX") is None


def test_a_day_off_may_be_a_part_of_a_day():
    day = date(2026, 6, 9)
    hours = office(days_off={day: ((600, 840), (1000, 1440))})

    assert rules.on_clocks(hours, day) == ((540, 600), (840, 1000))
    assert rules.on_clocks(office(days_off={day: ((0, 1440),)}), day) == ()


@pytest.mark.parametrize(
    ("day", "count", "ahead"),
    [
        (date(2026, 6, 8), 3, date(2026, 6, 11)),
        (date(2026, 6, 11), 3, date(2026, 6, 16)),
        (date(2026, 6, 13), 0, date(2026, 6, 13)),
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # the 26th is a Saturday
    ],
)
def test_working_days_ahead(day, count, ahead):
    assert rules.working_days_ahead(office(country="GB", region="ENG"), day, count) == ahead


@pytest.mark.parametrize(
    "ask",
    [
        lambda: rules.add(NEVER, at("2026-06-09 10:00"), 1),
        lambda: rules.next_opening(NEVER, at("2026-06-09 10:00")),
        lambda: rules.next_working_day(NEVER, at("2026-06-09 10:00"), time(9)),
        lambda: rules.working_days_ahead(NEVER, date(2026, 6, 9), 1),
    ],
)
def test_a_calendar_without_working_time_is_refused(ask):
    with pytest.raises(NoWorkingTime):
        ask()


def test_there_is_no_time_between_where_nobody_works():
    assert rules.between(NEVER, at("2026-06-09 10:00"), at("2026-07-09 10:00")) == 0
    assert rules.is_working(NEVER, at("2026-06-09 10:00")) is False


def test_days_as_people_read_them():
    day = date(2026, 12, 24)
    hours = office(country="GB", days_off={day: ((720, 1440),)})

    eve, christmas = rules.next_days(hours, day, 2, names={day: "Early finish"})

    assert (eve.on, eve.worked, eve.reason) == (day, ("09:00–12:00",), "Early finish")
    assert (christmas.worked, christmas.reason) == ((), "Christmas Day")


def test_days_that_were_reckoned_are_forgotten_when_they_become_many(monkeypatch):
    hours, start, end = office(), at("2026-06-01 00:00"), at("2026-07-06 00:00")
    whole = rules.between(hours, start, end)
    assert len(hours.known) > 30

    monkeypatch.setattr(rules, "MOST_KNOWN", 5)

    fresh = office()
    assert rules.between(fresh, start, end) == whole
    assert len(fresh.known) <= 6
