"""What most tests of tasks ask."""

import uuid

import pytest

from apps.history.models import Event
from apps.tasks import actions
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import make_person


@pytest.fixture
def colleague(team):
    """Bea, of Ada's team."""
    return make_person("agent", name="Bea Stone", email="bea@example.com", team=team)


@pytest.fixture
def queue(team):
    """The queue of Ada's team, from which people take what is next."""
    return QueueFactory(name="Follow-ups", team=team)


@pytest.fixture
def fallback(db):
    """Where tasks lie for which nobody was found; of another team."""
    return QueueFactory(name="Nobody", is_fallback=True)


@pytest.fixture
def task(account, agent, now):
    """A check that Ada has to do within a day."""
    return TaskFactory(
        account=account, owner=agent, what="Look at the invoice", kind="check", due_at=now
    )


@pytest.fixture
def make(account, agent, now):
    """Make a task with the action: `make(owner=…)`; due in an hour of working time."""

    def create(**words):
        words = {"account": account, "what": "Call them", "by": agent, "at": now} | words
        if not {"due_at", "due_minutes", "due_clock"} & words.keys():
            words["due_minutes"] = 60
        return actions.create(**{"cause": f"form:{uuid.uuid4()}"} | words)

    return create


@pytest.fixture
def told():
    """Payloads of the events of a kind, in order: `told("tasks.created")`."""

    def of(kind):
        return [event.payload for event in Event.objects.filter(kind=kind).order_by("id")]

    return of
