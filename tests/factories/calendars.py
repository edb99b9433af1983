import datetime

import factory

from apps.calendars.models import (
    Calendar,
    DayOff,
    Opening,
    OutOfOffice,
    PersonCalendar,
    TeamCalendar,
    WorkedHoliday,
)
from tests.factories.users import TeamFactory, UserFactory


class CalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Calendar

    name = factory.Sequence(lambda n: f"Calendar {n}")
    time_zone = "Europe/London"


class OpeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opening

    calendar = factory.SubFactory(CalendarFactory)
    weekday = 0
    opens = 540
    closes = 1020


class DayOffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DayOff

    calendar = factory.SubFactory(CalendarFactory)
    on = datetime.date(2026, 12, 24)
    name = "Christmas Eve"


class WorkedHolidayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkedHoliday

    calendar = factory.SubFactory(CalendarFactory)
    on = datetime.date(2026, 8, 31)


class TeamCalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamCalendar

    team = factory.SubFactory(TeamFactory)
    calendar = factory.SubFactory(CalendarFactory)


class PersonCalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PersonCalendar

    user = factory.SubFactory(UserFactory)
    calendar = factory.SubFactory(CalendarFactory)


class OutOfOfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutOfOffice

    user = factory.SubFactory(UserFactory)
    starts_on = datetime.date(2026, 6, 15)
    ends_on = datetime.date(2026, 6, 19)
