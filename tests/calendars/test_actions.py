"""Changing calendars, giving them to people, and going away."""

from datetime import date

import pytest

from apps.calendars import actions, queries
from apps.calendars.models import Calendar, OutOfOffice, PersonCalendar, TeamCalendar
from apps.calendars.rules import NoWorkingTime
from tests.calendars.conftest import WEEK
from tests.factories.users import TeamFactory, UserFactory

JUNE = {"starts_on": date(2026, 6, 15), "ends_on": date(2026, 6, 19)}


def hours(calendar):
    return queries.hours(queries.with_parts(Calendar.objects.all()).get(pk=calendar.pk))


def test_a_calendar_is_what_was_written_last(london):
    eve, summer = date(2026, 12, 24), date(2026, 8, 31)
    actions.save_calendar(
        london, week=WEEK, days_off=[(eve, 0, 1440, "Christmas Eve")], worked=[summer]
    )
    assert hours(london).days_off == {eve: ((0, 1440),)}
    assert hours(london).worked == {summer}

    actions.save_calendar(london, week=[[(600, 660)]] + [[]] * 6)

    assert hours(london).week == (((600, 660),), *[()] * 6)
    assert (hours(london).days_off, hours(london).worked) == ({}, frozenset())
    assert (hours(london).zone, hours(london).country) == ("Europe/London", "GB")


def test_a_calendar_in_which_nobody_works_is_refused(db):
    with pytest.raises(NoWorkingTime):
        actions.save_calendar(Calendar(name="Never", time_zone="UTC"), week=[[]] * 7)

    assert Calendar.objects.count() == 0


def test_whoever_is_named_has_the_calendar_and_nobody_else(london):
    first, second = TeamFactory(), TeamFactory()
    ada, ben, cem = UserFactory(), UserFactory(), UserFactory()
    other = actions.save_calendar(Calendar(name="Other", time_zone="UTC"), week=WEEK)
    actions.save_calendar(other, week=WEEK, people=[cem])
    actions.save_calendar(london, week=WEEK, teams=[first], people=[ada, ben])

    actions.save_calendar(london, week=WEEK, teams=[first, second], people=[ben, cem])
    actions.save_calendar(london, week=WEEK)  # leaves them alone

    assert set(TeamCalendar.objects.values_list("team", flat=True)) == {first.pk, second.pk}
    assert set(PersonCalendar.objects.values_list("user", "calendar")) == {
        (ben.pk, london.pk),
        (cem.pk, london.pk),
    }


def test_a_calendar_is_given_and_taken_away(london, team, agent):
    actions.assign(team, london)
    actions.assign(agent, london)
    assert queries.calendar_of(agent).is_own is True

    actions.assign(agent, None)
    assert queries.calendar_of(agent).is_own is False

    actions.assign(team, None)
    assert queries.calendar_of(agent) is None


def test_being_away_is_written_once(agent, manager):
    absence, is_new = actions.go_away(agent, **JUNE, stand_in=manager, note="Sea")
    again, is_newer = actions.go_away(agent, **JUNE, stand_in=manager, note="Sea")

    assert (is_new, is_newer, again) == (True, False, absence)
    assert OutOfOffice.objects.count() == 1


def test_nobody_is_away_twice_and_no_stand_in_is_away(agent, manager):
    actions.go_away(agent, **JUNE)

    with pytest.raises(actions.AwayAlready):
        actions.go_away(agent, starts_on=date(2026, 6, 19), ends_on=date(2026, 6, 22))
    with pytest.raises(actions.StandInAway):
        actions.go_away(manager, **JUNE, stand_in=agent)


def test_coming_back_twice_is_coming_back(agent):
    absence, _is_new = actions.go_away(agent, **JUNE)

    assert [actions.come_back(absence), actions.come_back(absence)] == [True, False]
