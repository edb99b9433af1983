"""People and teams."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.access.backends import RoleBackend
from apps.users.models import User, validate_time_zone
from tests.factories.users import TeamFactory, UserFactory, make_person


@pytest.mark.parametrize("zone", ["Europe/London", "UTC"])
def test_a_time_zone_is_an_iana_name(zone):
    assert validate_time_zone(zone) is None


@pytest.mark.parametrize("zone", ["London", "localtime", "GMT+1:00", "", "../etc/passwd"])
def test_what_is_no_time_zone_is_refused(zone):
    with pytest.raises(ValidationError):
        validate_time_zone(zone)


def test_addresses_are_kept_in_lower_case_and_found_in_any(db):
    user = User.objects.create_user("Ada@Example.COM", name="Ada")

    assert user.email == "ada@example.com"
    assert User.objects.get_by_natural_key(" ADA@example.com") == user
    assert user.has_usable_password() is False


def test_two_people_never_share_an_address(db):
    UserFactory(email="ada@example.com")

    with pytest.raises(IntegrityError):
        UserFactory(email="ADA@example.com")


@pytest.mark.parametrize(("name", "short"), [("Ada Lovett", "Ada"), ("", "ada@example.com")])
def test_people_are_called_by_name_or_else_by_address(name, short):
    user = User(name=name, email="ada@example.com")

    assert (user.get_short_name(), user.get_full_name()) == (short, name or "ada@example.com")


def test_a_private_team_is_hidden_from_all_but_its_own(
    agent, manager, admin, outsider, private_team
):
    TeamFactory(name="Open")
    lead, chief, loner = (
        make_person("agent"),
        make_person("manager"),
        make_person("agent", team=None),
    )
    private_team.lead, private_team.manager = lead, chief
    private_team.save()

    for person in (agent, manager, loner):
        assert User.objects.get(pk=person.pk).hidden_teams == [private_team.pk]
    for person in (admin, outsider, lead, chief):
        assert User.objects.get(pk=person.pk).hidden_teams == []


def test_a_private_team_without_anybody_in_charge_is_hidden_too(agent, private_team):
    assert agent.hidden_teams == [private_team.pk]


def test_the_hidden_teams_of_who_is_signed_in_cost_no_query(
    agent, private_team, django_assert_num_queries
):
    signed_in = RoleBackend().get_user(agent.pk)

    with django_assert_num_queries(0):
        assert signed_in.hidden_teams == [private_team.pk]
