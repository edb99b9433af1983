"""What the database itself refuses."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError

from tests.factories.calendars import (
    CalendarFactory,
    DayOffFactory,
    OpeningFactory,
    OutOfOfficeFactory,
    PersonCalendarFactory,
    TeamCalendarFactory,
    WorkedHolidayFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "hours", [{"opens": 540, "closes": 540}, {"opens": 600, "closes": 540}, {"closes": 1441}]
)
def test_a_stretch_ends_after_it_began_and_on_the_same_day(hours):
    with pytest.raises(IntegrityError, match="calendars_opening_part"):
        OpeningFactory(**hours)


def test_there_are_seven_days():
    with pytest.raises(IntegrityError, match="calendars_opening_weekday"):
        OpeningFactory(weekday=7)


def test_stretches_of_a_weekday_do_not_overlap():
    first = OpeningFactory(opens=540, closes=750)
    OpeningFactory(calendar=first.calendar, opens=750, closes=900)
    OpeningFactory(calendar=first.calendar, weekday=1, opens=540, closes=750)
    OpeningFactory(opens=540, closes=750)

    with pytest.raises(IntegrityError, match="calendars_opening_overlap"):
        OpeningFactory(calendar=first.calendar, opens=749, closes=800)


def test_parts_of_a_day_off_do_not_overlap():
    first = DayOffFactory(opens=0, closes=720)
    DayOffFactory(calendar=first.calendar, opens=720, closes=1440)

    with pytest.raises(IntegrityError, match="calendars_dayoff_overlap"):
        DayOffFactory(calendar=first.calendar)


def test_a_day_off_is_a_part_of_a_day():
    with pytest.raises(IntegrityError, match="calendars_dayoff_part"):
        DayOffFactory(opens=1440)


def test_a_region_is_one_of_a_country():
    with pytest.raises(IntegrityError, match="calendars_calendar_region"):
        CalendarFactory(region="SCT")


def test_a_public_holiday_is_worked_once():
    first = WorkedHolidayFactory()

    with pytest.raises(IntegrityError, match="calendars_workedholiday_once"):
        WorkedHolidayFactory(calendar=first.calendar)


def test_a_team_has_one_calendar():
    first = TeamCalendarFactory()

    with pytest.raises(IntegrityError):
        TeamCalendarFactory(team=first.team)


def test_a_person_has_one_calendar():
    first = PersonCalendarFactory()

    with pytest.raises(IntegrityError):
        PersonCalendarFactory(user=first.user)


def test_nobody_is_away_twice_or_the_wrong_way_round():
    first = OutOfOfficeFactory()
    OutOfOfficeFactory(user=first.user, starts_on=date(2026, 6, 20), ends_on=date(2026, 6, 20))

    with pytest.raises(IntegrityError, match="calendars_outofoffice_overlap"):
        OutOfOfficeFactory(user=first.user, starts_on=date(2026, 6, 19), ends_on=date(2026, 6, 30))


def test_the_last_day_away_is_not_before_the_first():
    # The range of such days is refused before the check is asked.
    with pytest.raises((DataError, IntegrityError)):
        OutOfOfficeFactory(starts_on=date(2026, 6, 20), ends_on=date(2026, 6, 1))


def test_nobody_stands_in_for_themselves():
    first = OutOfOfficeFactory()
    first.stand_in = first.user

    with pytest.raises(IntegrityError, match="calendars_outofoffice_stand_in"):
        first.save()
