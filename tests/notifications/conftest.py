"""Somebody who is told of something, and what they are mailed."""

import pytest

from apps.history import actions as history
from apps.notifications import actions, queries
from apps.notifications.rules import Channels
from tests.factories.users import make_person


@pytest.fixture
def helen(team):
    return make_person(name="Helen Adeyemi", email="helen@example.com", team=team)


@pytest.fixture
def note(account, agent, helen):
    """Let Ada mention Helen at a moment, and Helen be told: `note(at)`."""

    def write(at, text="Please look"):
        event = history.add_note(account.timeline, text=text, by=agent, at=at, mentions=[helen])
        actions.tell(event, at=at)
        return event

    return write


@pytest.fixture
def choose():
    """Let somebody change how they are told: `choose(helen, at, late=(True, False))`."""

    def change(person, at, quiet=None, digest_at=None, **ways):
        channels = queries.choices(person).channels
        channels |= {why: Channels(*each) for why, each in ways.items()}
        actions.choose(by=person, at=at, channels=channels, quiet=quiet, digest_at=digest_at)

    return change
