"""What most tests of the save moment ask."""

from datetime import timedelta

import pytest

from tests.factories.reasons import CategoryFactory, ReasonFactory


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise", win_back_days=45)


@pytest.fixture
def gone(account, now):
    """A customer who left on 1 June, without a call."""
    account.churned_on = now.date() - timedelta(days=8)
    account.save()
    return account
