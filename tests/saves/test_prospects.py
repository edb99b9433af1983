"""Who never began as a customer can't leave, and the page says so before anybody tries."""

import pytest
from django.urls import reverse

from tests.factories.accounts import AccountFactory
from tests.factories.saves import DraftFactory, SaveCaseFactory

WHY = "Not possible: they never began as a customer."
CHOICE = 'value="left" disabled'


@pytest.fixture
def prospect(team):
    return AccountFactory(team=team, started_on=None)


@pytest.fixture
def shown(as_agent):
    return lambda account: as_agent.get(reverse("saves:new", args=[account.pk])).content.decode()


def test_left_cannot_be_chosen_for_a_prospect_and_the_page_says_why(shown, prospect, account):
    # One after the other, since pieces of the page are kept for others.
    for _ in range(2):
        page = shown(prospect)
        assert (CHOICE in page, WHY in page) == (True, True)
        page = shown(account)
        assert (CHOICE in page, WHY in page) == (False, False)


def test_a_draft_that_said_left_does_not_choose_it(shown, prospect, agent):
    DraftFactory(account=prospect, agent=agent, answers={"outcome": ["left"]})

    page = shown(prospect)

    assert (CHOICE in page, WHY in page) == (True, True)


def test_a_correction_says_so_too(as_agent, prospect, agent):
    case = SaveCaseFactory(account=prospect, agent=agent)

    page = as_agent.get(reverse("saves:correct", args=[case.pk])).content.decode()

    assert (CHOICE in page, WHY in page) == (True, True)
