import datetime

import pytest
import time_machine

from apps.accounts import actions
from tests.accounts.asking import messages_of, said, url
from tests.accounts.editing import fields_of, opened, send
from tests.factories.accounts import (
    TierThresholdFactory,
)
from tests.factories.users import make_person


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


# --- somebody was faster ------------------------------------------------------------


@pytest.fixture
def helen(team):
    return make_person("manager", name="Helen Ward", email="helen@example.com", team=team)


def faster(now, change, account, **given):
    """Change something two minutes before the other person saves."""
    with time_machine.travel(now, tick=False):
        change(account, at=now, **given)
    return time_machine.travel(now + datetime.timedelta(minutes=2), tick=False)


def errors(response):
    return [error for errors in response.context["form"].errors.values() for error in errors]


LATER = "Yours is still here: save again to have it your way."


def test_an_older_stage_form_asks_before_it_changes_what_somebody_chose(
    as_agent, account, helen, now
):
    path = url("stage", account.pk)
    sent = opened(as_agent, path)
    assert sent["shown"] == account.stage

    with faster(now, actions.change_stage, account, to="churn", reason="Left", by=helen):
        met = send(as_agent, path, sent, stage="onboarding", reason="New people")

    assert met.status_code == 409
    assert errors(met) == [f"This became “Churn” meanwhile (Helen Ward, 2 min ago). {LATER}"]
    account.refresh_from_db()
    assert account.stage == "churn"
    again = fields_of(met.context["form"])
    assert again == {"shown": "churn", "stage": "onboarding", "reason": "New people"}
    assert said(met, '<input type="hidden" name="shown" value="churn"')

    assert send(as_agent, path, again).status_code == 302
    account.refresh_from_db()
    assert account.stage == "onboarding"


def test_what_else_changed_and_the_same_choice_do_not_get_in_the_way(as_agent, account, helen, now):
    path = url("stage", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=helen, at=now, plan="Studio")
    assert send(as_agent, path, sent, stage="churn", reason="Left").status_code == 302

    assert send(as_agent, path, sent, stage="churn", reason="Left").status_code == 302
    account.refresh_from_db()
    assert account.stage == "churn"


def test_a_page_that_says_nothing_of_what_it_showed_has_its_way(as_manager, account, helen, now):
    actions.change_stage(account, to="churn", reason="Left", by=helen, at=now)

    sent = {"stage": "onboarding", "reason": "New people"}
    assert as_manager.post(url("stage", account.pk), sent).status_code == 302
    assert as_manager.post(url("owner", account.pk), {"owner": helen.pk}).status_code == 302

    account.refresh_from_db()
    assert (account.stage, account.owner) == ("onboarding", helen)


def test_an_older_owner_form_asks_before_it_takes_a_customer_from_somebody(
    as_manager, manager, account, helen, now
):
    path = url("owner", account.pk)
    sent = opened(as_manager, path)

    with faster(now, actions.change_owner, account, to=helen, by=helen):
        met = send(as_manager, path, sent, owner=manager.pk)

    assert met.status_code == 409
    assert errors(met) == [f"This became “Helen Ward” meanwhile (Helen Ward, 2 min ago). {LATER}"]
    again = fields_of(met.context["form"])
    assert again == {"shown": str(helen.pk), "owner": str(manager.pk)}
    assert send(as_manager, path, again).status_code == 302
    account.refresh_from_db()
    assert account.owner == manager


def test_nobody_is_an_owner_that_a_form_can_have_shown(as_manager, manager, account, helen, now):
    actions.change_owner(account, to=None, by=helen, at=now)
    path = url("owner", account.pk)
    sent = opened(as_manager, path)
    assert sent["shown"] == ""
    assert send(as_manager, path, sent, owner=manager.pk).status_code == 302

    with faster(now, actions.change_owner, account, to=None, by=None):
        met = send(as_manager, path, sent | {"shown": str(manager.pk)}, owner=helen.pk)

    assert errors(met) == [f"This became “Nobody” meanwhile (Mainstay, 2 min ago). {LATER}"]


def test_an_older_tier_form_asks_before_it_overrides_somebody(as_manager, account, helen, now):
    path = url("tier", account.pk)
    sent = opened(as_manager, path)

    given = {"tier": "mid", "reason": "Reference", "by": helen}
    with faster(now, actions.override_tier, account, **given):
        met = send(as_manager, path, sent, tier="high", reason="Big name")

    assert met.status_code == 409
    assert errors(met) == [f"This became “Mid” meanwhile (Helen Ward, 2 min ago). {LATER}"]
    assert send(as_manager, path, fields_of(met.context["form"])).status_code == 302
    account.refresh_from_db()
    assert account.tier == "high"


def test_an_older_tier_form_does_not_undo_a_choice_or_put_it_back_unseen(
    as_manager, account, helen, now
):
    path = url("tier", account.pk)
    follows = opened(as_manager, path)
    given = {"tier": "standard", "reason": "Reference", "by": helen}
    with faster(now, actions.override_tier, account, **given):
        assert send(as_manager, path, follows | {"shown": "high"}).status_code == 409
        by_hand = opened(as_manager, path)

    with faster(now, actions.tier_by_thresholds, account, by=helen):
        met = send(as_manager, path, by_hand, tier="high", reason="Big name")

    # The tier is the same, so nothing was told, and nobody is named for it.
    assert errors(met) == [f"This became “As the MRR says” meanwhile. {LATER}"]


def test_a_tier_that_followed_the_mrr_is_no_conflict(as_manager, account, helen, now):
    TierThresholdFactory(mid_from=100, high_from=300)
    path = url("tier", account.pk)
    sent = opened(as_manager, path)
    actions.edit(account, by=helen, at=now, mrr=500)

    assert send(as_manager, path, sent, tier="mid", reason="Small team").status_code == 302
