import uuid
from decimal import Decimal

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from apps.accounts import actions, queries
from apps.accounts.models import Account, Contact, ContactPermission, Identity
from apps.workspace.models import FormKey
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    IdentityFactory,
    TierThresholdFactory,
)
from tests.factories.users import make_person
from tests.factories.workspace import FormKeyFactory, WorkspaceFactory


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def said(response, text):
    """Whether a page holds a text, as somebody reads it."""
    return text in response.content.decode()


def details(**given):
    fields = {
        "key": uuid.uuid4(),
        "version": 1,
        "name": "Bramley & Vine",
        "reference": "BV-1",
        "mrr": "49",
        "currency": "GBP",
        "stage": "lead",
        "time_zone": "Europe/London",
    }
    return fields | given


# --- a new customer ------------------------------------------------------------------


def test_a_new_customer_starts_with_what_is_likely(as_agent, agent, team):
    WorkspaceFactory(currency="EUR")
    page = as_agent.get(url("new"))

    assert page.status_code == 200
    initial = page.context["form"].initial
    assert (initial["currency"], initial["team"]) == ("EUR", team.pk)
    assert initial["time_zone"] == "Europe/London"


@pytest.mark.django_db
def test_somebody_without_a_team_starts_with_their_own_zone(client):
    client.force_login(make_person(team=None, time_zone="Asia/Tokyo"))

    assert client.get(url("new")).context["form"].initial["time_zone"] == "Asia/Tokyo"


def test_a_new_customer_belongs_to_who_added_it(as_agent, agent, team):
    response = as_agent.post(url("new"), details(team=team.pk))

    account = Account.objects.get()
    assert response.status_code == 302
    assert response.url == account.get_absolute_url()
    assert (account.name, account.owner, account.team) == ("Bramley & Vine", agent, team)
    assert messages_of(response) == ["Customer added."]


def test_a_manager_gives_a_new_customer_to_somebody(as_manager, agent):
    as_manager.post(url("new"), details(owner=agent.pk))

    assert Account.objects.get().owner == agent


def test_a_new_customer_sent_twice_is_one(as_agent):
    sent = details()

    first, second = as_agent.post(url("new"), sent), as_agent.post(url("new"), sent)

    assert Account.objects.count() == 1
    assert first.url == second.url


def test_a_wrong_new_customer_comes_back_as_typed(as_agent):
    response = as_agent.post(url("new"), details(mrr="-5", about="Florist <3"))

    assert response.status_code == 422
    assert said(response, "Write an amount of 0 or more.")
    assert said(response, "Error: New customer")
    assert said(response, 'value="Florist &lt;3"')
    assert not Account.objects.exists()
    assert not FormKey.objects.exists()


def test_a_taken_reference_leads_to_its_customer(as_agent, account):
    response = as_agent.post(url("new"), details(reference="LD-20418"))

    assert response.status_code == 422
    assert said(response, "Larkspur Dental has this reference. Choose another one.")
    assert said(response, f'href="{account.get_absolute_url()}"')


def test_a_reference_taken_in_the_same_moment_is_an_error_too(as_agent, account, monkeypatch):
    monkeypatch.setattr("apps.accounts.queries.twin_of", lambda *args, **named: (False, None))

    response = as_agent.post(url("new"), details(reference="LD-20418"))

    assert response.status_code == 422
    assert said(response, "Another customer has this reference. Choose another one.")


def test_a_key_of_another_form_asks_for_a_new_page(as_agent, agent):
    key = FormKeyFactory(user=agent, purpose="something else").key

    response = as_agent.post(url("new"), details(key=key))

    assert response.status_code == 422
    assert said(response, "Load the page again and start anew.")


# --- correcting one ------------------------------------------------------------------


def test_details_are_corrected(as_agent, account):
    page = as_agent.get(url("edit", account.pk))
    assert said(page, 'value="2024-01-15"')

    response = as_agent.post(url("edit", account.pk), details(plan="Practice"))

    account.refresh_from_db()
    assert response.url == account.get_absolute_url()
    assert (account.name, account.plan, account.version) == ("Bramley & Vine", "Practice", 2)
    assert messages_of(response) == ["Details saved."]


def test_wrong_details_come_back_as_typed(as_agent, account):
    response = as_agent.post(url("edit", account.pk), details(name="New name", currency="?"))

    assert response.status_code == 422
    assert said(response, 'value="New name"')
    assert said(response, "<h1")
    assert said(response, "Larkspur Dental, LD-20418")


def test_who_was_slower_sees_what_was_saved_and_may_insist(as_agent, account, manager, now):
    actions.edit(
        account,
        by=manager,
        at=now,
        plan="Practice",
        started_on=now.date(),
        mrr=Decimal(10),
        industry="",
    )
    sent = details(
        name="Larkspur Dental",
        reference="LD-20418",
        plan="Studio",
        mrr="249",
        started_on="2024-01-15",
        industry="Health",
    )

    with time_machine.travel(now, tick=False):
        response = as_agent.post(url("edit", account.pk), sent)

    assert response.status_code == 409
    assert said(response, "Somebody else changed this customer while you were typing.")
    assert said(response, "It is “Practice” now. Save again to put yours.")
    assert said(response, "It is “Today” now. Save again to put yours.")
    assert said(response, "It is empty now. Save again to put yours.")
    assert said(response, 'value="Studio"')
    account.refresh_from_db()
    assert account.plan == "Practice"

    sent["version"] = response.context["form"]["version"].value()
    assert as_agent.post(url("edit", account.pk), sent).status_code == 302
    account.refresh_from_db()
    assert account.plan == "Studio"


def test_a_reference_taken_meanwhile_is_an_error_when_editing(as_agent, account, monkeypatch):
    AccountFactory(reference="BV-1")
    monkeypatch.setattr("apps.accounts.queries.twin_of", lambda *args, **named: (False, None))

    response = as_agent.post(url("edit", account.pk), details())

    assert response.status_code == 422
    assert said(response, "Another customer has this reference. Choose another one.")


# --- owner, stage, tier ---------------------------------------------------------------


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


# --- people -----------------------------------------------------------------------------


def person(**given):
    fields = {"key": uuid.uuid4(), "name": "Nadia", "preferred_channel": "phone", "language": "en"}
    return fields | given


def test_a_contact_is_added(as_agent, account):
    assert as_agent.get(url("contact-new", account.pk)).status_code == 200

    response = as_agent.post(url("contact-new", account.pk), person(phone="0161 496 0142"))

    contact = Contact.objects.get()
    assert response.url == account.get_absolute_url()
    assert (contact.phone, contact.is_primary) == ("+441614960142", True)
    assert messages_of(response) == ["Contact added."]


def test_a_contact_sent_twice_is_one(as_agent, account):
    sent = person()

    for _ in range(2):
        assert as_agent.post(url("contact-new", account.pk), sent).status_code == 302

    assert Contact.objects.count() == 1


def test_a_wrong_contact_comes_back_as_typed(as_agent, account):
    response = as_agent.post(url("contact-new", account.pk), person(phone="ask Colin"))

    assert response.status_code == 422
    assert said(response, 'value="ask Colin"')
    assert said(response, "as +44 161 496 0142.")


def test_a_contact_key_of_another_form_asks_for_a_new_page(as_agent, agent, account):
    key = FormKeyFactory(user=agent, purpose="something else").key

    response = as_agent.post(url("contact-new", account.pk), person(key=key))

    assert response.status_code == 422
    assert said(response, "Load the page again and start anew.")


def test_a_mark_that_stays_elsewhere_is_said(as_agent, account, private_account):
    IdentityFactory(account=AccountFactory(name="Bramley & Vine"), value="a@customer.example")
    IdentityFactory(account=private_account, kind="phone", value="+441614960142")

    response = as_agent.post(
        url("contact-new", account.pk),
        person(email="a@customer.example", phone="+441614960142"),
    )

    assert messages_of(response) == [
        "a@customer.example stays the mark of Bramley & Vine.",
        "+441614960142 stays the mark of another customer.",
        "Contact added.",
    ]


def test_a_contact_is_corrected(as_agent, account):
    contact = ContactFactory(account=account)
    page = as_agent.get(url("contact-edit", account.pk, contact.pk))
    assert said(page, url("permission", account.pk, contact.pk))

    response = as_agent.post(
        url("contact-edit", account.pk, contact.pk), person(name="Colin", is_primary="on")
    )

    contact.refresh_from_db()
    assert response.url == account.get_absolute_url()
    assert (contact.name, contact.is_primary) == ("Colin", True)
    assert messages_of(response) == ["Contact saved."]


def test_a_wrong_correction_of_a_contact_comes_back(as_agent, account):
    contact = ContactFactory(account=account, name="Colin Frayne")

    response = as_agent.post(url("contact-edit", account.pk, contact.pk), person(name=""))

    assert response.status_code == 422
    assert said(response, "Error: Colin Frayne")


def test_a_contact_of_another_customer_is_not_there(as_agent, account):
    contact = ContactFactory()

    for name in ("contact-edit", "permission"):
        assert as_agent.get(url(name, account.pk, contact.pk)).status_code == 404


def test_a_permission_is_written_down(as_agent, account, agent):
    contact = ContactFactory(account=account)
    page = as_agent.get(url("permission", account.pk, contact.pk))
    sent = {
        "channel": "sms",
        "is_given": "no",
        "source": "On a call",
        "said_on": page.context["form"].initial["said_on"],
    }

    response = as_agent.post(url("permission", account.pk, contact.pk), sent)

    row = ContactPermission.objects.get()
    assert response.url == account.get_absolute_url()
    assert (row.channel, row.is_given, row.recorded_by) == ("sms", False, agent)
    assert messages_of(response) == ["Permission saved."]


def test_a_wrong_permission_comes_back(as_agent, account):
    contact = ContactFactory(account=account)

    response = as_agent.post(
        url("permission", account.pk, contact.pk), {"source": "On a call", "said_on": "2020-01-01"}
    )

    assert response.status_code == 422
    assert said(response, 'value="On a call"')
    assert not ContactPermission.objects.exists()


# --- marks --------------------------------------------------------------------------------


def test_a_mark_is_added_and_removed(as_agent, account):
    assert as_agent.get(url("identity-new", account.pk)).status_code == 200
    response = as_agent.post(
        url("identity-new", account.pk), {"kind": "phone", "value": "0161 496 0142"}
    )
    assert messages_of(response) == ["They are recognised by it from now on."]
    identity = Identity.objects.get()
    remove = url("identity-remove", account.pk, identity.pk)
    assert said(as_agent.get(remove), "+44 161 496 0142")

    response = as_agent.post(remove)

    assert response.url == account.get_absolute_url()
    assert not Identity.objects.exists()


def test_a_mark_that_is_none_comes_back_as_typed(as_agent, account):
    response = as_agent.post(url("identity-new", account.pk), {"kind": "phone", "value": "none"})

    assert response.status_code == 422
    assert said(response, 'value="none"')


def test_a_mark_of_another_customer_says_what_to_do(as_agent, account):
    IdentityFactory(value="a@customer.example")

    response = as_agent.post(
        url("identity-new", account.pk), {"kind": "email", "value": "a@customer.example"}
    )

    assert response.status_code == 422
    assert said(response, "Another customer is recognised by this. Remove it there first.")


def test_a_mark_of_another_customer_can_not_be_removed_here(as_agent, account):
    identity = IdentityFactory()

    assert as_agent.post(url("identity-remove", account.pk, identity.pk)).status_code == 404
    assert Identity.objects.exists()


# --- who sees them -------------------------------------------------------------------------


def test_a_private_teams_customer_is_not_there(as_manager, private_account):
    contact = ContactFactory(account=private_account)
    identity = IdentityFactory(account=private_account)
    pages = [
        *(url(name, private_account.pk) for name in ("edit", "owner", "stage", "tier")),
        *(url(name, private_account.pk) for name in ("contact-new", "identity-new")),
        *(url(name, private_account.pk, contact.pk) for name in ("contact-edit", "permission")),
        url("identity-remove", private_account.pk, identity.pk),
    ]

    for page in pages:
        assert as_manager.get(page).status_code == 404
        assert as_manager.post(page, {}).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_panels_cost_the_same_for_many_people(
    as_agent, account, count, django_assert_num_queries
):
    for _ in range(count):
        contact = ContactFactory(account=account)
        for is_given in (True, False):
            actions.record_permission(
                contact,
                channel="sms",
                is_given=is_given,
                source="On a call",
                by=None,
                at=contact.created_at,
            )

    with django_assert_num_queries(1):
        people, marks = queries.people_of(account)
    assert [[said.is_given for said in each.statements] for each in people] == [[False]] * count
    assert marks == []
