"""What an admin may type about a calendar."""

from datetime import date

import pytest

from apps.calendars import forms
from tests.factories.calendars import (
    CalendarFactory,
    DayOffFactory,
    OpeningFactory,
    WorkedHolidayFactory,
)

pytestmark = pytest.mark.django_db


def form(**typed):
    given = {"name": "London", "time_zone": "Europe/London", "monday": "09:00-12:30"}
    return forms.CalendarForm(given | typed)


@pytest.mark.parametrize(
    ("typed", "stretches"),
    [
        ("09:00-12:30, 13:30-17:30", [(540, 750), (810, 1050)]),
        ("13.30 – 17.30; 9:00–12:30", [(540, 750), (810, 1050)]),
        ("0:00-24:00", [(0, 1440)]),
        (" , ", []),
    ],
)
def test_hours_are_read_in_any_usual_spelling(typed, stretches):
    asked = form(tuesday=typed)

    assert asked.is_valid(), asked.errors
    assert asked.week[1] == stretches


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("monday", "nine to five", "Write hours such as 09:00-12:30"),
        ("monday", "17:00-09:00", "Write hours such as"),
        ("monday", "09:00-24:30", "Write hours such as"),
        ("monday", "09:00-12:30, 12:00-17:00", "Two of these overlap."),
        ("monday", "", "Write the hours of one day at least"),
        ("country", "XX", "No public holidays are known for XX."),
        ("days_off", "Christmas Eve", "lacks a date or a name"),
        ("days_off", "2026-13-24 Never", "is no date."),
        ("days_off", "2026-12-24 09:00-08:00 Backwards", "Write hours such as"),
        ("days_off", "2026-12-24 Eve\n2026-12-24 12:00-13:00 Lunch", "Two of these overlap."),
        ("worked", "tomorrow", "is no date."),
        ("region", "SCT", "there are no regions to choose from."),
        ("time_zone", "Europe/Nowhere", "Choose a time zone such as Europe/London."),
    ],
)
def test_what_makes_no_sense_is_said_in_words(field, typed, words):
    asked = form(**{field: typed})

    assert words in " ".join(asked.errors[field])
    assert asked.preview(date(2026, 6, 9), 14) == []


def test_a_region_is_one_of_the_country():
    assert form(country="gb", region="sct").is_valid()
    assert "Choose one of ENG, NIR, SCT, WLS" in str(form(country="GB", region="NY").errors)


def test_only_a_public_holiday_can_be_worked():
    assert form(country="GB", region="ENG", worked="2026-08-31\n\n2026-12-25").is_valid()
    assert "2026-06-09 is no public holiday there." in str(
        form(country="GB", worked="2026-06-09").errors
    )


def test_the_next_days_of_what_was_typed():
    asked = form(
        country="GB", monday="", thursday="09:00-17:30", days_off="2026-12-24 12:00-24:00 Early"
    )

    eve, christmas = asked.preview(date(2026, 12, 24), 2)

    assert (eve.worked, eve.reason) == (("09:00–12:00",), "Early")
    assert christmas.reason == "Christmas Day"


def test_a_calendar_stands_in_its_form_as_it_was_typed():
    calendar = CalendarFactory(country="GB")
    OpeningFactory(calendar=calendar, opens=540, closes=750)
    OpeningFactory(calendar=calendar, opens=810, closes=1050)
    DayOffFactory(calendar=calendar)
    DayOffFactory(calendar=calendar, on=date(2026, 12, 31), opens=720, name="Early finish")
    WorkedHolidayFactory(calendar=calendar)

    page = forms.CalendarForm(instance=calendar).as_p()

    assert 'value="09:00-12:30, 13:30-17:30"' in page
    assert "2026-12-24 Christmas Eve\n2026-12-31 12:00-24:00 Early finish" in page
    assert "2026-08-31" in page
    typed = form(monday="rubbish", days_off="rubbish", worked="rubbish").as_p()
    assert typed.count("rubbish") >= 3


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"starts_on": ""}, "starts_on", "Choose the first day."),
        ({"ends_on": ""}, "ends_on", "Choose the last day."),
        ({"ends_on": "2026-06-08"}, "ends_on", "Choose a day from today"),
        ({"ends_on": "2036-06-08"}, "ends_on", "Choose a day from today"),
        ({"starts_on": "2026-06-30"}, "ends_on", "not before the first."),
    ],
)
def test_an_absence_has_two_days_in_order(agent, typed, field, words):
    given = {"starts_on": "2026-06-15", "ends_on": "2026-06-19"}

    asked = forms.Away(given | typed, user=agent, today=date(2026, 6, 9))

    assert words in " ".join(asked.errors[field])
