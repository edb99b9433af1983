import datetime
from decimal import Decimal

import pytest

from apps.accounts import actions
from apps.accounts.actions import churn
from apps.accounts.models import Account, TierThreshold
from apps.history.models import Event
from tests.factories.accounts import AccountFactory, TierThresholdFactory


def test_a_stage_is_changed_by_hand_with_a_reason(account, agent, now, told):
    for _ in range(2):
        actions.change_stage(account, to="test_drive", reason=" tries another ", by=agent, at=now)

    account.refresh_from_db()
    assert (account.stage, account.stage_since) == ("test_drive", now)
    told_of = {"before": "retention", "after": "test_drive", "reason": "tries another"}
    assert told(account) == [("accounts.stage_changed", told_of)]


def test_a_stage_is_not_changed_by_hand_without_a_reason(account, agent, now, told):
    with pytest.raises(actions.ReasonMissing, match="Write why"):
        actions.change_stage(account, to="churn", reason="  ", by=agent, at=now)

    account.refresh_from_db()
    assert account.stage == "retention"
    assert told(account) == []


def test_a_stage_moves_because_of_what_happened_elsewhere(account, agent, now, told):
    for _ in range(2):
        actions.move_stage(account, to="wandering_eye", by=agent, at=now, source="a save call")

    account.refresh_from_db()
    assert account.stage == "wandering_eye"
    told_of = {"before": "retention", "after": "wandering_eye", "source": "a save call"}
    assert told(account) == [("accounts.stage_changed", told_of)]


# --- leaving ------------------------------------------------------------------

# 23:30 UTC is half past midnight of the next day in London's summer.
LATE = datetime.datetime(2026, 6, 8, 23, 30, tzinfo=datetime.UTC)


def test_somebody_who_left_today_is_churned(account, agent, now, told):
    for _ in range(2):
        actions.mark_churned(
            account, on=datetime.date(2026, 6, 9), by=agent, at=now, source="a save call"
        )

    account.refresh_from_db()
    assert (account.churned_on, account.stage) == (datetime.date(2026, 6, 9), "churn")
    assert account.version == 2
    assert told(account) == [
        ("accounts.churned", {"on": "2026-06-09", "source": "a save call"}),
        (
            "accounts.stage_changed",
            {"before": "retention", "after": "churn", "source": "a save call"},
        ),
    ]


@pytest.mark.parametrize(
    ("zone", "stage"), [("Europe/London", "churn"), ("America/New_York", "retention")]
)
def test_today_is_the_customers_own(account, agent, zone, stage):
    Account.objects.update(time_zone=zone)

    actions.mark_churned(account, on=datetime.date(2026, 6, 9), by=agent, at=LATE)

    account.refresh_from_db()
    assert account.stage == stage


def test_a_last_day_needs_a_first_one(account, agent, now, told):
    Account.objects.update(started_on=None)

    with pytest.raises(actions.LeftBeforeStart):
        actions.mark_churned(account, on=datetime.date(2026, 6, 9), by=agent, at=now)

    account.refresh_from_db()
    assert account.churned_on is None
    assert told(account) == []


def test_somebody_who_stays_after_all_is_a_customer_again(account, agent, now, told):
    actions.mark_churned(account, on=datetime.date(2026, 6, 1), by=agent, at=now)

    for _ in range(2):
        actions.withdraw_churn(account, by=agent, at=now)

    account.refresh_from_db()
    assert (account.churned_on, account.stage, account.version) == (None, "retention", 3)
    assert told(account)[2:] == [
        ("accounts.returned", {"was_on": "2026-06-01"}),
        (
            "accounts.stage_changed",
            {"before": "churn", "after": "retention", "source": "staying after all"},
        ),
    ]


def test_taking_back_a_day_to_come_leaves_the_stage(account, agent, now, told):
    actions.mark_churned(account, on=datetime.date(2026, 9, 1), by=agent, at=now)

    actions.withdraw_churn(account, by=agent, at=now)

    assert [kind for kind, _ in told(account)] == ["accounts.churned", "accounts.returned"]


def test_the_stage_follows_when_the_last_day_comes(account, agent, now, told):
    Account.objects.update(stage_since=now)
    actions.mark_churned(account, on=datetime.date(2026, 6, 11), by=agent, at=now)
    day = datetime.timedelta(days=1)

    assert actions.close_churned(at=now + day) == 0
    assert actions.close_churned(at=now + 2 * day) == 1
    assert actions.close_churned(at=now + 2 * day) == 0

    account.refresh_from_db()
    assert account.stage == "churn"
    assert told(account)[1:] == [
        (
            "accounts.stage_changed",
            {"before": "retention", "after": "churn", "source": "their last day"},
        )
    ]


def test_a_stage_set_after_the_last_day_stays(account, agent, now):
    Account.objects.update(stage_since=now)
    actions.mark_churned(account, on=datetime.date(2026, 6, 9), by=agent, at=now)
    later = now + datetime.timedelta(days=30)
    actions.change_stage(account, to="conversion", reason="comes back", by=agent, at=later)

    assert actions.close_churned(at=later) == 0


def test_who_was_taken_back_meanwhile_is_not_closed(account, agent, now):
    Account.objects.update(stage_since=now)
    actions.mark_churned(account, on=datetime.date(2026, 6, 11), by=agent, at=now)
    later = now + datetime.timedelta(days=3)
    # Between the question who is due and the lock, a colleague takes the last day back.
    due = list(Account.objects.due_to_close(later))
    actions.withdraw_churn(account, by=agent, at=later)
    churn._close(due[0], at=later)

    account.refresh_from_db()
    assert account.stage == "retention"


# --- tiers --------------------------------------------------------------------


def test_a_tier_by_hand_stays_with_its_reason(account, manager, now, told):
    for _ in range(2):
        actions.override_tier(account, tier="high", reason=" Reference ", by=manager, at=now)

    account.refresh_from_db()
    assert (account.tier, account.is_tier_set_by_hand) == ("high", True)
    told_of = {"before": "standard", "after": "high", "reason": "Reference"}
    assert told(account) == [("accounts.tier_changed", told_of)]


def test_a_tier_by_hand_needs_a_reason(account, manager, now):
    with pytest.raises(actions.ReasonMissing):
        actions.override_tier(account, tier="high", reason="", by=manager, at=now)

    account.refresh_from_db()
    assert account.tier == "standard"


def test_a_tier_follows_the_mrr_again(account, manager, now, told):
    TierThresholdFactory(mid_from=100, high_from=300)
    actions.override_tier(account, tier="high", reason="Reference", by=manager, at=now)

    for _ in range(2):
        actions.tier_by_thresholds(account, by=manager, at=now)

    account.refresh_from_db()
    assert (account.tier, account.is_tier_set_by_hand) == ("mid", False)
    assert told(account)[1:] == [("accounts.tier_changed", {"before": "high", "after": "mid"})]


def test_thresholds_regrade_the_customers_of_their_currency(admin, now, told):
    grades = [("GBP", 99, "standard"), ("GBP", 100, "mid"), ("GBP", 240, "high")]
    accounts = [AccountFactory(currency=c, mrr=mrr) for c, mrr, _ in grades]
    euro = AccountFactory(currency="EUR", mrr=900)
    fixed = AccountFactory(mrr=900, is_tier_set_by_hand=True)

    for expected in (2, 0):
        count = actions.set_thresholds(
            "GBP", mid_from=Decimal(100), high_from=Decimal(240), by=admin, at=now
        )
        assert count == expected

    for account in [*accounts, euro, fixed]:
        account.refresh_from_db()
    assert [account.tier for account in accounts] == [tier for _, _, tier in grades]
    assert (euro.tier, fixed.tier) == ("standard", "standard")
    assert told(accounts[0]) == told(euro) == told(fixed) == []
    moved = {"before": "standard", "after": "high"}
    assert told(accounts[2]) == [("accounts.tier_changed", moved)]
    event = Event.objects.on(accounts[2].timeline).get()
    assert (event.actor, event.happened_at, event.recorded_at) == (admin, now, now)
    assert TierThreshold.objects.get().high_from == 240
