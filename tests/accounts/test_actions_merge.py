import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.db import connections

from apps.accounts import actions
from apps.accounts.models import Account, Contact, Identity, Merge
from apps.history.models import Event
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    CustomFieldFactory,
    IdentityFactory,
    TierThresholdFactory,
)
from tests.factories.history import EventFactory
from tests.factories.users import make_person

DAY = datetime.timedelta(days=1)


@pytest.fixture
def other(team):
    return AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", team=team)


def fresh(*accounts):
    return [Account.objects.get(pk=each.pk) for each in accounts]


def facts(account):
    """What a person would miss if it changed."""
    row = Account.objects.filter(pk=account.pk).values().get()
    return {name: value for name, value in row.items() if name != "version"}


def contacts():
    rows = Contact.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "version"} for row in rows]


# --- merging -------------------------------------------------------------------------


def test_one_record_becomes_part_of_the_other(account, other, manager, now, told):
    ours, theirs = ContactFactory(account=account), ContactFactory(account=other, name="Robin")
    mark = IdentityFactory(account=other)

    merge = actions.merge(account, other, by=manager, at=now)

    kept, given_up = fresh(account, other)
    assert given_up.merged_into == kept
    assert (kept.version, given_up.version) == (2, 2)
    assert set(kept.contacts.all()) == {ours, theirs}
    assert mark in kept.identities.all()
    assert not given_up.contacts.exists()
    assert (merge.merged_by, merge.merged_at, merge.taken) == (manager, now, {})
    named = {"other": "Larkspur Dental Ltd", "reference": "LD-2", "is_kept": True, "people": 1}
    assert told(account) == [("accounts.merged", named)]
    named = {"other": "Larkspur Dental", "reference": "LD-20418", "is_kept": False}
    assert told(other) == [("accounts.merged", named)]


def test_the_other_reference_still_finds_the_customer(account, other, manager, now):
    actions.merge(account, other, by=manager, at=now)

    mark = Identity.objects.get(account=account)
    assert (mark.kind, mark.value) == ("external", "LD-2")


@pytest.mark.parametrize("whose", ["kept", "given up", "third"])
def test_a_reference_that_is_a_mark_already_stays_where_it_is(account, other, manager, now, whose):
    third = AccountFactory()
    owner = {"kept": account, "given up": other, "third": third}[whose]
    mark = IdentityFactory(account=owner, kind="external", value="LD-2", normalised="LD-2")

    merge = actions.merge(account, other, by=manager, at=now)

    mark.refresh_from_db()
    assert Identity.objects.count() == 1
    assert mark.account == (third if whose == "third" else account)
    assert merge.moved["made"] is None


def test_fields_are_taken_one_by_one(account, other, manager, agent, now, told):
    CustomFieldFactory(key="seats", label="Seats", kind="number")
    Account.objects.filter(pk=other.pk).update(
        mrr=Decimal("310.50"),
        stage="onboarding",
        renews_on=datetime.date(2027, 1, 31),
        industry="Health",
        custom={"seats": 4, "gone": "x"},
        is_tier_set_by_hand=True,
        tier="high",
    )
    Account.objects.filter(pk=account.pk).update(plan="Studio", custom={"gone": "y"})
    other.refresh_from_db()
    names = ["mrr", "stage", "renews_on", "owner", "tier", "plan", "cf_seats", "cf_gone"]

    merge = actions.merge(account, other, take=names, by=manager, at=now)

    (kept,) = fresh(account)
    assert (kept.mrr, kept.stage, kept.plan) == (Decimal("310.50"), "onboarding", "")
    assert (kept.stage_since, kept.renews_on) == (other.stage_since, datetime.date(2027, 1, 31))
    assert (kept.tier, kept.is_tier_set_by_hand, kept.owner) == ("high", True, None)
    assert (kept.industry, kept.name) == ("", "Larkspur Dental")
    assert kept.custom == {"seats": 4, "gone": "x"}
    assert merge.taken["mrr"] == [["249.00"], ["310.50"]]
    assert merge.taken["cf_seats"] == [[None], [4]]
    assert told(account)[-1][1]["changes"] == {
        "mrr": ["£249", "£310.50"],
        "stage": ["retention", "onboarding"],
        "renews_on": ["", "2027-01-31"],
        "owner": ["Ada Lovett", ""],
        "tier": ["standard", "high"],
        "plan": ["Studio", ""],
        "custom.Seats": ["", "4"],
        "custom.gone": ["y", "x"],
    }


def test_the_tier_follows_the_mrr_that_was_taken(account, other, manager, now):
    TierThresholdFactory(mid_from=100, high_from=240)
    Account.objects.filter(pk=other.pk).update(mrr=Decimal(150))

    merge = actions.merge(account, other, take=["mrr"], by=manager, at=now)

    assert fresh(account)[0].tier == "mid"
    assert merge.taken["tier"] == [["standard", False], ["mid", False]]


def test_what_is_equal_is_not_taken(account, other, manager, now, told):
    merge = actions.merge(account, other, take=["started_on", "tier"], by=manager, at=now)

    assert merge.taken == {}
    assert "changes" not in told(account)[-1][1]


def test_one_of_two_first_to_call_steps_back(account, other, manager, now):
    ours = ContactFactory(account=account, is_primary=True)
    theirs = ContactFactory(account=other, is_primary=True)

    merge = actions.merge(account, other, by=manager, at=now)

    assert Contact.objects.get(is_primary=True) == ours
    assert merge.moved["stepped_back"] == theirs.pk


def test_the_only_first_to_call_stays_it(account, other, manager, now):
    ContactFactory(account=account)
    theirs = ContactFactory(account=other, is_primary=True)

    merge = actions.merge(account, other, by=manager, at=now)

    assert Contact.objects.get(is_primary=True) == theirs
    actions.unmerge(merge, by=manager, at=now)
    assert Contact.objects.get(is_primary=True).account == other


def test_the_last_touch_is_that_of_both(account, other, manager, now):
    for each, days in ((account, 3), (other, 1)):
        EventFactory(timeline=each.timeline, kind="saves.stayed", happened_at=now - days * DAY)
        each.timeline.last_touch_at = now - days * DAY
        each.timeline.save()

    merge = actions.merge(account, other, by=manager, at=now)
    account.timeline.refresh_from_db()
    assert account.timeline.last_touch_at == now - DAY

    actions.unmerge(merge, by=manager, at=now)
    account.timeline.refresh_from_db()
    assert account.timeline.last_touch_at == now - 3 * DAY


# --- refused -------------------------------------------------------------------------


def refusal(error, kept, given_up, **named):
    """The sentence of a merge that is refused, with nothing written."""
    before = [facts(kept), facts(given_up), Event.objects.count()]
    with pytest.raises(error) as caught:
        actions.merge(kept, given_up, **named)
    assert [facts(kept), facts(given_up), Event.objects.count()] == before
    return str(caught.value)


def test_a_record_is_not_merged_with_itself(account, manager, now):
    text = refusal(actions.SameRecord, account, account, by=manager, at=now)
    assert text == "This is one and the same record. Choose another one."


def test_two_are_merged_once_in_either_direction(account, other, manager, now):
    actions.merge(account, other, by=manager, at=now)

    for pair in ((account, other), (other, account)):
        text = refusal(actions.AlreadyMerged, *pair, by=manager, at=now)
        assert text == "Larkspur Dental Ltd is part of Larkspur Dental (LD-20418) already."


def test_a_part_of_another_record_is_not_merged(account, other, manager, now):
    third = AccountFactory(name="Third", reference="T-3")
    actions.merge(third, other, by=manager, at=now)

    text = refusal(actions.MergedAway, account, other, by=manager, at=now)
    assert text == "Larkspur Dental Ltd was merged into Third (T-3). Do it there."


def test_a_removed_record_is_not_merged(account, other, manager, now):
    actions.remove_account(other, reason="Test", by=manager, at=now)

    text = refusal(actions.Removed, account, other, by=manager, at=now)
    assert text == "Larkspur Dental Ltd was removed. An admin can restore it."


def test_what_a_person_may_not_see_they_do_not_merge(account, private_account, manager, now):
    manager.hidden_teams = [private_account.team_id]

    text = refusal(actions.OutOfSight, account, private_account, by=manager, at=now)
    assert text == "You can’t see one of the two. Ask an admin to merge them."


def test_a_page_that_is_old_is_looked_at_again(account, other, manager, now):
    actions.edit(other, by=manager, at=now, plan="Studio")

    text = refusal(actions.PairChanged, account, other, by=manager, at=now, versions=(1, 1))
    assert text.startswith("Somebody changed one of the two meanwhile.")
    assert actions.merge(account, other, by=manager, at=now, versions=(1, 2)).pk


@pytest.mark.parametrize("name", ["mrr", "cf_fee"])
def test_amounts_of_another_currency_are_not_taken(account, other, manager, now, name):
    CustomFieldFactory(key="fee", label="Fee", kind="money")
    Account.objects.filter(pk=other.pk).update(currency="EUR", custom={"fee": 2})

    text = refusal(actions.CurrenciesDiffer, account, other, by=manager, at=now, take=[name])
    assert text.startswith("One pays in GBP, the other in EUR.")
    assert actions.merge(account, other, by=manager, at=now, take=["plan"]).pk


def test_dates_that_do_not_agree_are_not_taken(account, other, manager, now):
    early = datetime.date(2020, 1, 1)
    Account.objects.filter(pk=other.pk).update(started_on=early, churned_on=early)

    refusal(actions.LeftBeforeStart, account, other, by=manager, at=now, take=["churned_on"])
    both = ["started_on", "churned_on"]
    assert actions.merge(account, other, by=manager, at=now, take=both).pk


def test_a_form_that_comes_twice_merges_once(account, other, manager, now):
    key = uuid.uuid4()

    first = actions.merge(account, other, by=manager, at=now, key=key)
    second = actions.merge(account, other, by=manager, at=now, key=key)

    assert first == second
    assert Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crosswise", [True, False])
def test_two_people_who_merge_the_same_pair_at_once(account, other, manager, now, crosswise):
    colleague = make_person("manager", name="Greta", email="greta@example.com")
    barrier, answers = threading.Barrier(2), []

    def merge(kept, given_up, by):
        barrier.wait(timeout=10)
        try:
            answers.append(actions.merge(kept, given_up, by=by, at=now))
        except actions.AlreadyMerged as error:
            answers.append(error)
        finally:
            connections.close_all()

    pairs = [(account, other), (other, account) if crosswise else (account, other)]
    threads = [
        threading.Thread(target=merge, args=(*pair, by))
        for pair, by in zip(pairs, (manager, colleague), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyMerged", "Merge"]
    assert Account.objects.live().count() == 1
    assert Event.objects.count() == 2


# --- whoever is given up or removed takes nothing more --------------------------------


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
    named = {"other": "Larkspur Dental Ltd", "reference": "LD-2", "is_kept": True}
    assert told(account)[-1] == ("accounts.unmerged", named)
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
