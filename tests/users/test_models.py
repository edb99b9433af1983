"""People and teams."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.users.models import Team, User, validate_time_zone
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

    hidden = {
        person.pk: list(Team.objects.hidden_from(person))
        for person in (agent, manager, loner, admin, outsider, lead, chief)
    }

    for person in (agent, manager, loner):
        assert hidden[person.pk] == [private_team]
    for person in (admin, outsider, lead, chief):
        assert hidden[person.pk] == []


def test_a_private_team_without_anybody_in_charge_is_hidden_too(agent, private_team):
    assert list(Team.objects.hidden_from(agent)) == [private_team]
