"""Two records that became one are parted again."""

import datetime
from decimal import Decimal

import pytest

from apps.accounts import actions
from apps.accounts.models import Account, Contact, Identity, Merge
from tests.accounts.records import contacts, facts, fresh
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    IdentityFactory,
    TierThresholdFactory,
)

DAY = datetime.timedelta(days=1)


@pytest.fixture
def other(team):
    return AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", team=team)


# --- parting -------------------------------------------------------------------------


def test_parting_restores_both_as_they_were(account, other, manager, now, told):
    TierThresholdFactory(mid_from=100, high_from=240)
    Account.objects.update(tier="high", custom={})
    Account.objects.filter(pk=other.pk).update(
        mrr=Decimal(120), tier="mid", plan="Studio", custom={"seats": 2}, stage="lead"
    )
    for each in (account, other):
        ContactFactory(account=each, is_primary=True)
        IdentityFactory(account=each)
    before = [facts(account), facts(other)]
    people = contacts()
    marks = list(Identity.objects.order_by("pk").values())
    names = ["mrr", "plan", "stage", "owner", "cf_seats"]

    merge = actions.merge(account, other, take=names, by=manager, at=now)
    parted = actions.unmerge(merge, by=manager, at=now + 29 * DAY)

    assert [facts(account), facts(other)] == before
    assert contacts() == people
    assert list(Identity.objects.order_by("pk").values()) == marks
    assert parted.spared == {}
    assert parted.merge.undone_by == manager
    kind, payload = told(account)[-1]
    assert kind == "accounts.unmerged"
    taken = told(account)[-2][1]["changes"]
    assert payload == {
        "other": "Larkspur Dental Ltd",
        "reference": "LD-2",
        "is_kept": True,
        "changes": {name: [after, before] for name, (before, after) in taken.items()},
    }
    assert told(other)[-1][0] == "accounts.unmerged"
    assert [each.version for each in fresh(account, other)] == [3, 3]


def test_what_was_edited_since_is_spared_and_named(account, other, manager, now, told):
    Account.objects.filter(pk=other.pk).update(plan="Studio", industry="Health", about="Theirs")
    robin = ContactFactory(account=other, name="Robin")
    merge = actions.merge(account, other, take=["plan", "industry", "about"], by=manager, at=now)
    actions.edit(account, by=manager, at=now, plan="Practice", about="")
    actions.edit_contact(
        Contact.objects.get(pk=robin.pk), by=manager, at=now, phone="+441614960142"
    )
    new = actions.add_contact(fresh(account)[0], by=manager, at=now, name="New").contact

    parted = actions.unmerge(merge, by=manager, at=now)

    kept, given_up = fresh(account, other)
    # Somebody wrote “about” back by hand: nothing to put back, and nothing spared.
    assert (kept.plan, kept.industry, kept.about) == ("Practice", "", "")
    assert parted.spared == {"fields": ["plan"], "contacts": ["Robin"]}
    assert told(account)[-1][1]["spared"] == parted.spared
    robin.refresh_from_db()
    assert (robin.account, robin.phone) == (given_up, "+441614960142")
    # The number that they were given meanwhile went with them.
    assert Identity.objects.get(kind="phone").account == given_up
    assert list(kept.contacts.all()) == [new]
    assert actions.unmerge(merge, by=manager, at=now) == parted


def test_a_mark_that_somebody_here_has_now_stays(account, other, manager, now):
    ours = ContactFactory(account=account, email="desk@customer.example")
    theirs = actions.add_contact(other, by=manager, at=now, name="R", email=ours.email).contact
    merge = actions.merge(account, other, by=manager, at=now)
    theirs.refresh_from_db()
    actions.edit_contact(theirs, by=manager, at=now, email="new@customer.example")

    parted = actions.unmerge(merge, by=manager, at=now)

    assert parted.spared["marks"] == ["desk@customer.example"]
    marks = {each.value: each.account for each in Identity.objects.select_related("account")}
    assert marks == {"desk@customer.example": account, "new@customer.example": other}


def test_a_removed_contact_goes_back_removed_and_nobody_is_made_first_twice(
    account, other, manager, now
):
    ours = ContactFactory(account=account, is_primary=True)
    theirs = ContactFactory(account=other, is_primary=True)
    merge = actions.merge(account, other, by=manager, at=now)
    for each in (ours, theirs):
        each.refresh_from_db()
        actions.remove_contact(each, by=manager, at=now)
    new = actions.add_contact(account, by=manager, at=now, name="New").contact

    parted = actions.unmerge(merge, by=manager, at=now)

    theirs.refresh_from_db()
    assert (theirs.account, theirs.is_primary, theirs.removed_at) == (other, False, now)
    assert parted.spared == {"contacts": [theirs.name]}
    assert Contact.objects.get(is_primary=True) == new


def test_the_first_to_call_is_restored_on_both_sides(account, other, manager, now):
    ours = ContactFactory(account=account, is_primary=True)
    theirs = ContactFactory(account=other, is_primary=True)
    merge = actions.merge(account, other, by=manager, at=now)
    actions.make_primary(Contact.objects.get(pk=theirs.pk), by=manager, at=now)

    actions.unmerge(merge, by=manager, at=now)

    assert set(Contact.objects.filter(is_primary=True)) == {ours, theirs}


def test_dates_that_would_no_longer_agree_stay(account, other, manager, now):
    old, new = datetime.date(2019, 5, 1), datetime.date(2021, 5, 1)
    Account.objects.filter(pk=other.pk).update(started_on=old)
    merge = actions.merge(account, other, take=["started_on"], by=manager, at=now)
    actions.mark_churned(account, on=new, by=manager, at=now)

    parted = actions.unmerge(merge, by=manager, at=now)

    assert parted.spared == {"fields": ["started_on"]}
    assert fresh(account)[0].started_on == old


def test_an_mrr_that_was_edited_keeps_the_tier_that_it_earns(account, other, manager, now):
    TierThresholdFactory(mid_from=100, high_from=240)
    Account.objects.filter(pk=account.pk).update(tier="high")
    Account.objects.filter(pk=other.pk).update(mrr=Decimal(150), tier="mid")
    merge = actions.merge(account, other, take=["mrr"], by=manager, at=now)
    actions.edit(account, by=manager, at=now, mrr=Decimal(160))

    parted = actions.unmerge(merge, by=manager, at=now)

    assert parted.spared == {"fields": ["mrr"]}
    assert fresh(account)[0].tier == "mid"


def test_after_thirty_days_two_stay_one(account, other, manager, now):
    merge = actions.merge(account, other, by=manager, at=now)

    with pytest.raises(actions.UnmergeTooLate, match="more than 30 days ago and stay one"):
        actions.unmerge(merge, by=manager, at=now + 30 * DAY)
    assert fresh(other)[0].merged_into == account


def test_a_removed_customer_is_not_parted(account, other, manager, now):
    merge = actions.merge(account, other, by=manager, at=now)
    actions.remove_account(account, reason="Test", by=manager, at=now)

    with pytest.raises(actions.Removed):
        actions.unmerge(merge, by=manager, at=now)


# --- more than two -------------------------------------------------------------------


def test_a_record_with_parts_brings_them_along_and_takes_them_back(account, other, manager, now):
    third = AccountFactory(name="Third", reference="T-3")
    inner = actions.merge(other, third, by=manager, at=now)
    outer = actions.merge(account, other, by=manager, at=now)

    assert set(Account.objects.filter(merged_into=account)) == {other, third}
    assert set(Identity.objects.values_list("value", "account")) == {
        ("T-3", account.pk),
        ("LD-2", account.pk),
    }
    with pytest.raises(actions.PartOuterFirst) as caught:
        actions.unmerge(inner, by=manager, at=now)
    assert str(caught.value) == (
        "Larkspur Dental Ltd is part of Larkspur Dental itself now. Part those two first."
    )

    actions.unmerge(outer, by=manager, at=now)
    assert fresh(third)[0].merged_into == other
    actions.unmerge(inner, by=manager, at=now)
    assert Account.objects.live().count() == 3
    assert not Identity.objects.exists()


@pytest.mark.parametrize("first", [0, 1])
def test_two_merges_into_one_are_undone_in_any_order(account, other, manager, now, first):
    third = AccountFactory(plan="Third plan")
    Account.objects.filter(pk=other.pk).update(plan="Other plan")
    before = [facts(each) for each in (account, other, third)]
    merges = [
        actions.merge(account, each, take=["plan"], by=manager, at=now) for each in (other, third)
    ]

    one = actions.unmerge(merges[first], by=manager, at=now)
    assert fresh(account)[0].plan == ("Third plan" if first == 0 else "Other plan")
    two = actions.unmerge(merges[1 - first], by=manager, at=now)

    assert (one.spared, two.spared) == ({}, {})
    assert [facts(each) for each in (account, other, third)] == before


def test_an_edit_between_two_merges_is_what_stays(account, other, manager, now):
    third = AccountFactory(plan="Third plan")
    Account.objects.filter(pk=other.pk).update(plan="Other plan")
    one = actions.merge(account, other, take=["plan"], by=manager, at=now)
    actions.edit(account, by=manager, at=now, plan="Edited")
    two = actions.merge(account, third, take=["plan"], by=manager, at=now)

    assert actions.unmerge(one, by=manager, at=now).spared == {"fields": ["plan"]}
    actions.unmerge(two, by=manager, at=now)

    assert fresh(account)[0].plan == "Edited"


def test_parted_records_can_be_merged_again(account, other, manager, now):
    merge = actions.merge(account, other, by=manager, at=now)
    actions.unmerge(merge, by=manager, at=now)

    again = actions.merge(other, account, by=manager, at=now)

    assert again.pk != merge.pk
    assert Merge.objects.filter(undone_at=None).get() == again
