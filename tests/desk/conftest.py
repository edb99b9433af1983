"""What most tests of the desk ask."""

import pytest

from tests.factories.accounts import AccountFactory
from tests.factories.workspace import SavedViewFactory


@pytest.fixture
def view(manager):
    """High tier by MRR, found by everyone, made by Max."""
    return SavedViewFactory(
        name="High tier",
        query="tier=high&sort=-mrr",
        columns=["mrr", "owner"],
        owner=manager,
        sharing="everyone",
    )


@pytest.fixture
def customers(team):
    return [
        AccountFactory(name=name, tier=tier, mrr=mrr, team=team)
        for name, tier, mrr in (("Ash", "high", 300), ("Birch", "high", 900), ("Cedar", "mid", 50))
    ]
