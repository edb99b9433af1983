import uuid

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions
from apps.accounts.models import Account, Merge
from apps.accounts.queries import twins
from tests.accounts.asking import messages_of, said
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    CustomFieldFactory,
    IdentityFactory,
)


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


@pytest.fixture
def other(team):
    return AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", team=team)


@pytest.fixture
def sent(account, other):
    return {"key": str(uuid.uuid4()), "versions": "1.1"}


# --- choosing the other record -------------------------------------------------------


def test_likely_records_come_best_first_with_the_reason(as_manager, manager, account, other, now):
    who = {"by": manager, "at": now}
    actions.add_contact(
        account, name="A", email="Desk@larkspur.example", phone="+441614960142", **who
    )
    phone = AccountFactory(name="Umbra", reference="U-1")
    ContactFactory(account=phone, phone="+441614960142", email="")
    domain = AccountFactory(name="Vesper", reference="V-1")
    IdentityFactory(account=domain, kind="domain", value="larkspur.example")
    mail = AccountFactory(name="Larkspur Dental Care", reference="L-3")
    ContactFactory(account=mail, email="desk@larkspur.example")
    AccountFactory(name="Somebody else", reference="S-1")
    removed = AccountFactory(name="Larkspur Dental", reference="L-4", removed_at=now)

    found = twins.candidates(account, user=manager)

    assert [(twin.account, twin.reasons) for twin in found] == [
        (mail, ["Same e-mail desk@larkspur.example", "Name alike"]),
        (phone, ["Same phone +44 161 496 0142"]),
        (other, ["Name alike"]),
        (domain, ["Same web domain larkspur.example"]),
    ]
    assert removed not in {twin.account for twin in found}
    response = as_manager.get(url("merge", account.pk))
    assert said(response, "Same phone +44 161 496 0142")
    assert said(response, url("merge-with", account.pk, mail.pk))
    # The other way round: the mark is the first one's, and the number only somebody's here.
    assert [twin.account for twin in twins.candidates(phone, user=manager)] == [account]


def test_without_likely_records_one_searches(as_manager, account):
    AccountFactory(name="Umbra Ltd", reference="U-1")
    assert said(as_manager.get(url("merge", account.pk)), "No other record shares a phone")

    response = as_manager.get(url("merge", account.pk), {"q": "umbra u-1"})
    assert [twin.account.name for twin in response.context["found"]] == ["Umbra Ltd"]
    response = as_manager.get(url("merge", account.pk), {"q": "larkspur"})
    assert said(response, "Nobody else has this in their name or reference.")
    response = as_manager.get(url("merge", account.pk), {"q": " \u0301 "})
    assert response.context["found"] == []


def test_customers_out_of_sight_are_no_candidates(as_manager, account, private_account, manager):
    for each in (account, private_account):
        ContactFactory(account=each, email="a@b.example")
    IdentityFactory(account=private_account, value="a@b.example")

    assert twins.candidates(account, user=manager) == []
    assert twins.search("hushed", account, user=manager) == []
    assert as_manager.get(url("merge-with", account.pk, private_account.pk)).status_code == 404
    assert as_manager.get(url("merge-with", private_account.pk, account.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_candidates_cost_the_same_for_many(
    as_manager, account, count, django_assert_max_num_queries
):
    AccountFactory.create_batch(count, name="Larkspur Dental")

    with django_assert_max_num_queries(10):
        as_manager.get(url("merge", account.pk))


# --- deciding ------------------------------------------------------------------------


def test_the_page_says_where_they_differ_and_what_happens(as_manager, account, other, now):
    CustomFieldFactory(key="seats", label="Seats", kind="number")
    CustomFieldFactory(key="rooms", label="Rooms", kind="number")
    Account.objects.filter(pk=other.pk).update(plan="Studio", custom={"seats": 4}, stage="lead")
    Account.objects.filter(pk=account.pk).update(renews_on=now.date())
    for each in (account, other):
        ContactFactory(account=each, name="Robin", email="R@b.example", is_primary=True)
    IdentityFactory(account=other)

    with time_machine.travel(now, tick=False):
        response = as_manager.get(url("merge-with", account.pk, other.pk))

    rows = {row.name: (row.kept, row.other, row.takes) for row in response.context["form"].rows}
    assert rows == {
        "name": ("Larkspur Dental", "Larkspur Dental Ltd", False),
        "plan": ("", "Studio", True),
        "stage": ("Retention", "Lead generation", False),
        "renews_on": ("Today", "", False),
        "owner": ("Ada Lovett", "", False),
        "cf_seats": ("", "4", True),
    }
    for text in (
        "1 contact moves to Larkspur Dental.",
        "Robin stays the first to call; Robin steps back.",
        "In both records, and kept as two contacts each: Robin.",
        "1 address or number opens Larkspur Dental from now on.",
        "Larkspur Dental is also found by LD-2.",
        "you can part them again until Thu 9 July",
        "Keep Larkspur Dental Ltd (LD-2) instead",
    ):
        assert said(response, text), text


def test_the_tier_is_asked_about_where_one_was_set_by_hand(as_manager, account, other):
    Account.objects.filter(pk=other.pk).update(tier="high", is_tier_set_by_hand=True)

    response = as_manager.get(url("merge-with", account.pk, other.pk))

    assert "tier" in {row.name for row in response.context["form"].rows}


def test_two_that_say_the_same_are_merged_without_questions(as_manager, account, sent):
    twin = AccountFactory(name=account.name, team=account.team, owner=account.owner)

    assert said(as_manager.get(url("merge-with", account.pk, twin.pk)), "Both records say the same")
    assert as_manager.post(url("merge-with", account.pk, twin.pk), sent).status_code == 302


def test_what_only_a_private_team_saw_is_said(client, admin, account, private_account):
    client.force_login(admin)

    response = client.get(url("merge-with", account.pk, private_account.pk))

    assert said(response, "What only Discreet could see so far is seen by everybody")


def test_a_merge_takes_what_was_chosen(as_manager, account, other, sent, manager, now):
    Account.objects.filter(pk=other.pk).update(plan="Studio", industry="Health", about="Dentists")

    with time_machine.travel(now, tick=False):
        response = as_manager.post(
            url("merge-with", account.pk, other.pk),
            {**sent, "plan": "other", "industry": "kept", "name": "rubbish"},
        )

    account.refresh_from_db()
    assert response.url == account.get_absolute_url()
    assert (account.name, account.plan, account.industry, account.about) == (
        *("Larkspur Dental", "Studio", "", ""),
    )
    assert Merge.objects.get().merged_by == manager
    assert messages_of(response) == ["Merged. You can part them again until Thu 9 July."]


def test_a_merge_sent_twice_leads_to_the_same_customer(as_manager, account, other, sent):
    answers = [as_manager.post(url("merge-with", account.pk, other.pk), sent) for _ in range(2)]

    assert {answer.url for answer in answers} == {account.get_absolute_url()}
    assert Merge.objects.count() == 1


def test_a_record_and_itself_is_no_page(as_manager, account):
    assert as_manager.get(url("merge-with", account.pk, account.pk)).status_code == 404


def test_who_was_slower_sees_the_values_as_they_are_now(
    as_manager, account, other, sent, agent, now
):
    actions.edit(other, by=agent, at=now, plan="Studio")
    page = url("merge-with", account.pk, other.pk)

    response = as_manager.post(page, sent)

    assert response.status_code == 409
    assert said(response, "Somebody changed one of the two meanwhile.")
    assert said(response, "Studio")
    newest = response.context["form"]["versions"].value()
    assert newest == "1.2"
    assert as_manager.post(page, {**sent, "versions": newest}).status_code == 302


@pytest.mark.parametrize("versions", ["", "x", "1.x", "1.2.3"])
def test_a_damaged_form_is_loaded_again(as_manager, account, other, sent, versions):
    response = as_manager.post(
        url("merge-with", account.pk, other.pk), {**sent, "versions": versions}
    )

    assert response.status_code == 422
    assert said(response, "This page is out of date. Load it again.")


def test_amounts_of_another_currency_cannot_be_chosen(as_manager, account, other, sent):
    Account.objects.filter(pk=other.pk).update(currency="EUR", mrr=9)
    page = url("merge-with", account.pk, other.pk)

    assert said(as_manager.get(page), "In another currency")
    assert as_manager.post(page, {**sent, "mrr": "other"}).status_code == 302
    account.refresh_from_db()
    assert account.mrr == 249


def test_a_currency_that_changed_in_the_same_moment_is_refused(
    as_manager, account, other, sent, monkeypatch
):
    def refuse(*args, **options):
        raise actions.CurrenciesDiffer(account, other)

    monkeypatch.setattr(actions, "merge", refuse)
    response = as_manager.post(url("merge-with", account.pk, other.pk), sent)

    assert response.status_code == 422
    assert said(response, "Keep the record whose amounts are right")


# --- afterwards ----------------------------------------------------------------------


def test_old_addresses_lead_to_the_record_that_was_kept(
    as_manager, account, other, manager, now, htmx
):
    actions.merge(account, other, by=manager, at=now)

    for path in ("", "edit/", "contacts/new/", "merge/", f"merge/{account.pk}/"):
        response = as_manager.get(f"/customers/{other.pk}/{path}")
        assert (path, response.status_code, response["Location"]) == (
            *(path, 302, account.get_absolute_url()),
        )
    # Words of a call that this browser kept belong on the page of a call.
    response = as_manager.get(f"/customers/{other.pk}/saves/new/")
    assert response["Location"] == f"/customers/{account.pk}/saves/new/"
    response = as_manager.get(f"/customers/{other.pk}/", headers=htmx("timeline"))
    assert (response.status_code, response["HX-Redirect"]) == (204, account.get_absolute_url())


def test_an_old_form_is_refused_in_words(as_manager, account, other, manager, now, htmx):
    actions.merge(account, other, by=manager, at=now)
    note = {"text": "A note", "key": str(uuid.uuid4())}

    response = as_manager.post(f"/customers/{other.pk}/notes/", note)

    assert response.status_code == 410
    assert said(response, "This customer was merged into Larkspur Dental (LD-20418). Do it there.")
    assert said(response, f'href="{account.get_absolute_url()}"')
    response = as_manager.post(f"/customers/{other.pk}/notes/", note, headers=htmx("timeline"))
    assert response.status_code == 410
    assert "X-Problem" in response


def test_a_merge_between_fetching_and_writing_is_refused_in_words(
    as_manager, account, other, manager, now, monkeypatch
):
    actions.merge(account, other, by=manager, at=now)
    monkeypatch.setattr("apps.accounts.family.find", lambda pk, **options: other)

    response = as_manager.post(url("stage", other.pk), {"stage": "lead", "reason": "Why"})

    assert response.status_code == 410
    assert said(response, "Larkspur Dental Ltd was merged into Larkspur Dental (LD-20418).")


def test_two_are_parted_again_and_what_was_spared_is_said(as_manager, account, other, manager, now):
    Account.objects.filter(pk=other.pk).update(plan="Studio")
    with time_machine.travel(now, tick=False):
        merge = actions.merge(account, other, take=["plan"], by=manager, at=now)
        actions.edit(account, by=manager, at=now, plan="Practice")
        page = url("unmerge", account.pk, merge.pk)
        assert said(as_manager.get(page), "Max Brandt merged Larkspur Dental Ltd (LD-2) today.")

        response = as_manager.post(page)

    assert response.url == account.get_absolute_url()
    assert messages_of(response) == [
        "Edited since, so they stay: Plan.",
        "Larkspur Dental Ltd is a record of its own again.",
    ]
    assert Account.objects.live().count() == 2
    assert as_manager.post(page).url == account.get_absolute_url()  # sent twice


def test_after_thirty_days_the_page_says_so(as_manager, account, other, manager, now):
    merge = actions.merge(account, other, by=manager, at=now)
    page = url("unmerge", account.pk, merge.pk)

    with time_machine.travel(merge.undo_until, tick=False):
        assert said(as_manager.get(page), "This was possible until today.")
        assert as_manager.post(page).status_code == 422


def test_parting_while_the_record_is_part_of_another_leads_there(
    as_manager, account, other, manager, now
):
    third = AccountFactory(name="Third")
    merge = actions.merge(account, other, by=manager, at=now)
    actions.merge(third, account, by=manager, at=now)

    response = as_manager.get(url("unmerge", account.pk, merge.pk))

    assert response["Location"] == third.get_absolute_url()


def test_a_reference_of_a_merged_record_leads_to_the_one_that_was_kept(
    as_manager, account, other, manager, now
):
    actions.merge(account, other, by=manager, at=now)

    response = as_manager.post(
        url("new"), {"key": str(uuid.uuid4()), "name": "New", "reference": "LD-2"}
    )

    assert response.status_code == 422
    assert said(response, "Larkspur Dental has this reference. Choose another one.")
    assert said(response, f'href="{account.get_absolute_url()}"')
