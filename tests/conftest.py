"""The cast and the clock that most tests share."""

import datetime

import pytest
from django.core.cache import caches

from apps.core import jobs
from tests.factories.accounts import AccountFactory
from tests.factories.users import TeamFactory, make_person

pytest_plugins = ["tests.chromium", "tests.databases"]

# A Tuesday in summer time, so that UTC and London differ.
NOW = datetime.datetime(2026, 6, 9, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def no_pieces_of_other_tests():
    """Forget what this process rendered before."""
    caches["process"].clear()


@pytest.fixture
def now():
    """The moment at which tests that pass time as a value take place."""
    return NOW


@pytest.fixture
def team(db):
    return TeamFactory(name="Northern")


@pytest.fixture
def agent(team):
    """Ada, who takes calls."""
    return make_person("agent", name="Ada Lovett", email="ada@example.com", team=team)


@pytest.fixture
def manager(team):
    """Max, Ada's manager."""
    person = make_person("manager", name="Max Brandt", email="max@example.com", team=team)
    team.manager = person
    team.save()
    return person


@pytest.fixture
def admin(team):
    """Iris, who edits the settings."""
    return make_person("admin", name="Iris Kaya", email="iris@example.com", team=team)


@pytest.fixture
def private_team(db):
    return TeamFactory(name="Discreet", is_private=True)


@pytest.fixture
def outsider(private_team):
    """Nour, of a private team: nobody else sees her customers."""
    return make_person("agent", name="Nour Haddad", email="nour@example.com", team=private_team)


@pytest.fixture
def private_account(private_team, outsider):
    return AccountFactory(name="Hushed Ltd", team=private_team, owner=outsider)


@pytest.fixture
def account(team, agent):
    return AccountFactory(name="Larkspur Dental", reference="LD-20418", team=team, owner=agent)


@pytest.fixture
def as_agent(client, agent):
    """A browser in which Ada has signed in."""
    client.force_login(agent)
    return client


@pytest.fixture
def as_manager(client, manager):
    """A browser in which Max has signed in."""
    client.force_login(manager)
    return client


@pytest.fixture
def as_admin(client, admin):
    """A browser in which Iris has signed in."""
    client.force_login(admin)
    return client


@pytest.fixture
def htmx():
    """Headers of a request that htmx sends for one element: `htmx("list")`."""

    def headers(target=""):
        return {"HX-Request": "true", "HX-Target": target}

    return headers


@pytest.fixture
def ran_jobs():
    """Run what waits in the queue: `ran_jobs()`."""
    return jobs.run_all
