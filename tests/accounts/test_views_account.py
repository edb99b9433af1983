import pytest

from apps.accounts import actions, queries
from apps.accounts.models import Account
from apps.workspace.models import FormKey
from tests.accounts.asking import details, messages_of, said, url
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    IdentityFactory,
)
from tests.factories.users import make_person
from tests.factories.workspace import FormKeyFactory, WorkspaceFactory


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


def test_a_reference_taken_meanwhile_is_an_error_when_editing(as_agent, account, monkeypatch):
    AccountFactory(reference="BV-1")
    monkeypatch.setattr("apps.accounts.queries.twin_of", lambda *args, **named: (False, None))

    response = as_agent.post(url("edit", account.pk), details())

    assert response.status_code == 422
    assert said(response, "Another customer has this reference. Choose another one.")


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
    assert [[said.said for said in each.statements] for each in people] == [
        ["Text message, no"]
    ] * count
    assert marks == []
