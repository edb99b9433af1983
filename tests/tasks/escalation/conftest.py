"""What most tests of escalation ask."""

import pytest

from tests.factories.tasks import LevelFactory, PolicyFactory
from tests.factories.users import make_person


@pytest.fixture
def lead(team):
    person = make_person("agent", name="Lea Gray", email="lea@example.com", team=team)
    team.lead = person
    team.save()
    return person


@pytest.fixture
def policy(db):
    """The owner at once, the lead after an hour, the manager after two."""
    policy = PolicyFactory(name="Every task")
    for number in (1, 2, 3):
        LevelFactory(policy=policy, number=number, minutes=60 * (number - 1))
    return policy
