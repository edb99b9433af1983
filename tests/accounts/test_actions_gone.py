"""Whoever is given up or removed takes nothing more."""

import datetime

import pytest

from apps.accounts import actions
from apps.accounts.models import Account, Identity
from apps.history.models import Event
from tests.accounts.records import fresh
from tests.factories.accounts import AccountFactory, ContactFactory, IdentityFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def other(team):
    return AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", team=team)


@pytest.mark.parametrize("way", ["merged", "removed"])
def test_nothing_is_written_to_a_customer_who_is_gone(account, other, manager, now, way):
    contact, mark = ContactFactory(account=other), IdentityFactory(account=other)
    if way == "merged":
        actions.merge(account, other, by=manager, at=now)
        error = actions.MergedAway
    else:
        actions.remove_account(other, reason="Test", by=manager, at=now)
        error = actions.Removed
    before = Event.objects.count()
    who = {"by": manager, "at": now}

    for write in (
        lambda: actions.edit(other, plan="New", **who),
        lambda: actions.change_owner(other, to=manager, **who),
        lambda: actions.change_stage(other, to="lead", reason="Why", **who),
        lambda: actions.override_tier(other, tier="high", reason="Why", **who),
        lambda: actions.mark_churned(other, on=now.date(), **who),
        lambda: actions.add_contact(other, name="New", **who),
        lambda: actions.edit_contact(contact, name="New", **who),
        lambda: actions.record_permission(
            contact, channel="phone", is_given=True, source="Call", **who
        ),
        lambda: actions.add_identity(other, kind="email", value="new@customer.example", **who),
        lambda: actions.remove_identity(mark, **who),
        lambda: actions.remove_contact(contact, **who),
    ):
        with pytest.raises(error):
            write()
    assert Event.objects.count() == before


def test_a_blocked_value_is_taken_from_a_removed_customer_too(other, manager, now):
    IdentityFactory(account=other, kind="email", value="info@customer.example")
    actions.remove_account(other, reason="Test", by=manager, at=now)

    actions.block_identity(
        kind="email", value="info@customer.example", reason="Shared", by=manager, at=now
    )

    assert not Identity.objects.exists()


def test_thresholds_pass_by_whoever_is_gone_and_are_caught_up(account, other, manager, now, told):
    third = AccountFactory()
    actions.remove_account(third, reason="Test", by=manager, at=now)
    merge = actions.merge(account, other, by=manager, at=now)

    assert actions.set_thresholds("GBP", mid_from=100, high_from=200, by=manager, at=now) == 1

    actions.unmerge(merge, by=manager, at=now)
    actions.restore_account(third, by=manager, at=now)
    assert [each.tier for each in fresh(account, other, third)] == ["high"] * 3
    assert [kind for kind, _payload in told(other)] == [
        "accounts.merged",
        "accounts.tier_changed",
        "accounts.unmerged",
    ]


def test_who_is_gone_is_not_closed_when_their_last_day_comes(account, manager, now):
    Account.objects.update(stage_since=now)
    actions.mark_churned(account, on=now.date() + DAY, by=manager, at=now)
    actions.remove_account(account, reason="Test", by=manager, at=now)

    assert actions.close_churned(at=now + 2 * DAY) == 0
    actions.restore_account(account, by=manager, at=now + 2 * DAY)
    assert actions.close_churned(at=now + 2 * DAY) == 1
