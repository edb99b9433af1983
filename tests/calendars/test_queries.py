"""Whose working time is what, in few questions."""

from datetime import date

from apps.calendars import actions, queries
from apps.calendars.models import Calendar
from tests.calendars.conftest import WEEK
from tests.factories.calendars import OutOfOfficeFactory, PersonCalendarFactory
from tests.factories.users import TeamFactory, UserFactory


def test_ones_own_calendar_goes_before_the_teams(london, team, agent, django_assert_num_queries):
    own = actions.save_calendar(Calendar(name="Own", time_zone="UTC"), week=[[(0, 60)]] + [[]] * 6)
    actions.assign(team, london)
    with django_assert_num_queries(1):
        assert queries.hours_of(agent).zone == "Europe/London"

    actions.assign(agent, own)
    PersonCalendarFactory(calendar=own)

    assert queries.hours_of(agent).zone == "UTC"


def test_nobody_gave_them_a_calendar(london, agent):
    assert queries.hours_of(agent) is None
    assert queries.hours_of(UserFactory(team=None)) is None


def test_many_people_are_three_questions(london, team, django_assert_num_queries):
    actions.assign(team, london)
    own = actions.save_calendar(Calendar(name="Own", time_zone="UTC"), week=WEEK)
    people = [UserFactory(team=team) for _each in range(3)]
    actions.assign(people[2], own)
    without = [UserFactory(), UserFactory(team=None)]

    with django_assert_num_queries(3):
        hours = queries.hours_of_all([*people, *without])

    zones = [hours[person.pk].zone for person in people]
    assert zones == ["Europe/London", "Europe/London", "UTC"]
    assert len(hours) == 3


def test_who_is_away_on_a_day(agent, manager):
    OutOfOfficeFactory(user=agent, stand_in=manager)
    OutOfOfficeFactory(user=manager, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2))

    found = queries.away([agent, manager], on=date(2026, 6, 19))

    assert {pk: row.stand_in for pk, row in found.items()} == {agent.pk: manager}
    assert queries.absences(agent, on=date(2026, 6, 20)).count() == 0
    assert queries.absences(agent, on=date(2026, 6, 19)).count() == 1


def test_who_could_stand_in(team, agent, manager):
    colleague = UserFactory(team=team, name="Ben")
    UserFactory(team=team, is_active=False)
    elsewhere = TeamFactory()
    boss = UserFactory(name="Zoe", team=elsewhere)
    elsewhere.manager = boss
    elsewhere.save()

    assert list(queries.stand_ins(agent)) == [colleague, manager]
    assert boss in queries.stand_ins(UserFactory(team=None))
