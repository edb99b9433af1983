"""Two records become one, or it is said why not."""

import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.db import connections

from apps.accounts import actions
from apps.accounts.models import Account, Contact, Identity
from apps.history.models import Event
from tests.accounts.records import facts, fresh
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
