"""What most tests of a commitment's task ask."""

import uuid

import pytest

from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from tests.factories.tasks import QueueFactory
from tests.factories.users import make_person
from tests.saves.commitment_tasks.days import FRIDAY


@pytest.fixture
def helen(team):
    return make_person(name="Helen Adeyemi", email="helen@example.com", team=team)


@pytest.fixture
def make(account, agent, now):
    """Commit to something: `make(owner=…)`; Ada, until Friday."""

    def make(**words):
        words = {"text": "Send a card reader", "owner": agent, "due_on": FRIDAY} | words
        return actions.add(account, by=agent, at=now, key=uuid.uuid4(), **words)

    return make


@pytest.fixture
def said(make):
    return make()


@pytest.fixture
def as_it_is():
    """Read a commitment and its task as they are now: `as_it_is(said)`."""

    def read(commitment):
        row = Commitment.objects.select_related("task__owner", "owner").get(pk=commitment.pk)
        return row, row.task

    return read


@pytest.fixture
def queue(team):
    """Where people take the next one."""
    return QueueFactory(name="Follow-ups", team=team)
