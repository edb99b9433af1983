import pytest

from tests.accounts.asking import messages_of, said, url
from tests.factories.accounts import (
    TierThresholdFactory,
)


def test_an_owner_is_changed(as_manager, account, manager):
    assert as_manager.get(url("owner", account.pk)).status_code == 200

    response = as_manager.post(url("owner", account.pk), {"owner": manager.pk})

    account.refresh_from_db()
    assert (response.url, account.owner) == (account.get_absolute_url(), manager)
    assert messages_of(response) == ["Owner changed."]


def test_a_stage_is_changed(as_agent, account):
    assert as_agent.get(url("stage", account.pk)).status_code == 200

    response = as_agent.post(url("stage", account.pk), {"stage": "churn", "reason": "Moved"})

    account.refresh_from_db()
    assert (response.url, account.stage) == (account.get_absolute_url(), "churn")
    assert messages_of(response) == ["Stage changed."]


def test_a_tier_is_set_by_hand_and_given_back(as_manager, account):
    TierThresholdFactory(mid_from=100, high_from=300)
    assert as_manager.get(url("tier", account.pk)).context["form"].initial == {"tier": ""}

    as_manager.post(url("tier", account.pk), {"tier": "high", "reason": "Reference"})
    account.refresh_from_db()
    assert (account.tier, account.is_tier_set_by_hand) == ("high", True)
    assert as_manager.get(url("tier", account.pk)).context["form"].initial == {"tier": "high"}

    response = as_manager.post(url("tier", account.pk), {"tier": ""})
    account.refresh_from_db()
    assert (account.tier, account.is_tier_set_by_hand) == ("mid", False)
    assert messages_of(response)[-1] == "Tier changed."


@pytest.mark.parametrize(
    ("name", "sent", "error"),
    [
        ("owner", {"owner": "0"}, "Select a valid choice."),
        ("stage", {"stage": "churn", "reason": " "}, "Write why, in a sentence."),
        ("tier", {"tier": "high"}, "Write why, in a sentence."),
    ],
)
def test_a_wrong_answer_comes_back(as_manager, account, name, sent, error):
    response = as_manager.post(url(name, account.pk), sent)

    assert response.status_code == 422
    assert said(response, error)


@pytest.mark.parametrize("name", ["owner", "tier"])
def test_an_agent_may_neither_assign_nor_grade(as_agent, account, name):
    assert as_agent.get(url(name, account.pk)).status_code == 403
    assert as_agent.post(url(name, account.pk), {}).status_code == 403
