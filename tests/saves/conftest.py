"""What most tests of the save moment ask."""

from datetime import timedelta

import pytest

from apps.saves import actions
from apps.saves.actions import drafts
from tests.factories.reasons import CategoryFactory, ReasonFactory
from tests.factories.saves import CommitmentFactory
from tests.saves.rows import FRIDAY, row

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


@pytest.fixture
def opening(account, agent, now):
    return actions.open_call(account, by=agent, at=now)


@pytest.fixture
def said(account, agent, now):
    """What the agent said they would do within three days."""
    due_on = now.date() + 3 * DAY
    return CommitmentFactory(account=account, owner=agent, due_on=due_on, text="Send a card reader")


@pytest.fixture
def keep(agent, now):
    """Keep words as a page does: `keep(opening, "Too dear.", version=1)`."""

    def keep(opening, words, *, version=0, at=now, by=agent, verb=drafts.keep, **more):
        answers = {"verbatim": [words], **{name: [text] for name, text in more.items()}}
        return verb(opening, by=by, at=at, answers=answers, version=version)

    return keep


@pytest.fixture
def answers(account, agent, reason, now):
    """What a browser without scripts posts: three rows, of which nothing was touched."""
    return {
        "opening": actions.open_call(account, by=agent, at=now).sign(),
        "channel": "phone",
        "category": "1",
        "reason": str(reason.pk),
        "verbatim": "The renewal came in £62 higher.",
        "outcome": "stayed",
        "length": "04:32",
        "suggested_due": FRIDAY,
        **row(1),
        **row(2),
        **row(3),
    }
