"""What most tests of the save moment ask."""

from datetime import timedelta

import pytest

from apps.saves import actions
from tests.factories.reasons import CategoryFactory, ReasonFactory

DAY = timedelta(days=1)


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise", win_back_days=45)


@pytest.fixture
def gone(account, now):
    """A customer who left on 1 June, without a call."""
    account.churned_on = now.date() - 8 * DAY
    account.save()
    return account


@pytest.fixture
def call(account, agent, reason):
    """Log a call of the customer: `call(at)`, or of another one."""

    def log(at, outcome="stayed", whose=account, **answers):
        if outcome == "undecided":
            answers |= {"call_back_at": at + DAY, "waits_for": "The boss."}
        if outcome == "left":
            answers.setdefault("leaves_on", (at + 30 * DAY).date())
        opening = actions.open_call(whose, by=agent, at=at)
        answers |= {"verbatim": "Too dear.", "seconds": 90, "outcome": outcome}
        return actions.log(opening, by=agent, at=at, reason=reason, **answers)

    return log
