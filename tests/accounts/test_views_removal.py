import datetime

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions
from apps.accounts.models import Account, Contact
from tests.accounts.asking import messages_of, said
from tests.factories.accounts import AccountFactory, ContactFactory

MINUTES_10 = datetime.timedelta(minutes=10)
DAYS_30 = datetime.timedelta(days=30)


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Robin", is_primary=True)


# --- customers -----------------------------------------------------------------------


def test_a_manager_removes_a_customer_and_may_undo_it_at_once(as_manager, account, manager):
    page = url("remove", account.pk)
    assert said(as_manager.get(page), "An admin can restore it for 30 days.")

    response = as_manager.post(page, {"reason": "A test entry."})

    account.refresh_from_db()
    assert account.removed_by == manager
    assert response.url == url("removed", account.pk)
    assert said(as_manager.get(response.url), "Larkspur Dental was removed")
    assert said(as_manager.get(response.url), "until today, 10:40")
    assert as_manager.get(account.get_absolute_url()).url == url("removed", account.pk)

    for _again in range(2):
        response = as_manager.post(url("restore", account.pk))
        assert response.url == account.get_absolute_url()
    assert messages_of(response) == ["Larkspur Dental is back."]
    account.refresh_from_db()
    assert account.removed_at is None


def test_a_removal_asks_why(as_manager, account):
    response = as_manager.post(url("remove", account.pk), {"reason": " "})

    assert response.status_code == 422
    assert said(response, "Write why, so that colleagues understand it later.")


def test_the_undo_is_over_after_ten_minutes(as_manager, account, manager, now, clock):
    actions.remove_account(account, reason="Test", by=manager, at=now)
    clock.move_to(now + MINUTES_10)

    assert said(as_manager.get(url("removed", account.pk)), "Your time to undo this is over.")
    assert as_manager.post(url("restore", account.pk)).status_code == 422
    assert not Account.objects.live().exists()


def test_an_admin_restores_for_thirty_days(client, admin, account, manager, now, clock):
    client.force_login(admin)
    actions.remove_account(account, reason="Test", by=manager, at=now)

    clock.move_to(now + DAYS_30)
    client.force_login(admin)
    assert said(client.get(url("removed", account.pk)), "The 30 days in which")
    assert client.post(url("restore", account.pk)).status_code == 422

    clock.move_to(now + DAYS_30 - MINUTES_10)
    client.force_login(admin)
    assert client.post(url("restore", account.pk)).url == account.get_absolute_url()


def test_for_others_a_removed_customer_is_not_there(client, agent, manager, admin, account, now):
    actions.remove_account(account, reason="Test", by=admin, at=now)
    for person in (agent, manager):
        client.force_login(person)
        assert client.get(account.get_absolute_url()).status_code == 404
    assert client.get(url("removed", account.pk)).status_code == 404
    assert client.post(url("restore", account.pk)).status_code == 404


def test_a_form_that_was_open_is_refused_in_words(as_manager, account, manager, now):
    actions.remove_account(account, reason="Test", by=manager, at=now)

    response = as_manager.post(url("stage", account.pk), {"stage": "lead", "reason": "Why"})

    assert response.status_code == 410
    assert said(response, "Larkspur Dental was removed. You can restore it.")


# --- contacts ------------------------------------------------------------------------


def test_an_agent_removes_a_contact_and_may_undo_it_at_once(as_agent, account, contact, agent):
    page = url("contact-remove", account.pk, contact.pk)
    assert said(as_agent.get(url("contact-edit", account.pk, contact.pk)), page)
    assert said(as_agent.get(page), "Nobody is until you choose another one.")

    response = as_agent.post(page)

    contact.refresh_from_db()
    assert contact.removed_by == agent
    assert response.url == url("contact-removed", account.pk, contact.pk)
    assert said(as_agent.get(response.url), "Robin was removed")
    assert as_agent.get(url("contact-edit", account.pk, contact.pk)).status_code == 404
    shown = as_agent.get(account.get_absolute_url())
    assert not said(shown, f'id="contact-{contact.pk}"')

    for _again in range(2):
        response = as_agent.post(url("contact-restore", account.pk, contact.pk))
        assert response.url == account.get_absolute_url()
    assert Contact.objects.live().get().is_primary


def test_a_contact_who_is_not_first_to_call_is_removed_without_that_warning(as_agent, account):
    contact = ContactFactory(account=account)

    page = as_agent.get(url("contact-remove", account.pk, contact.pk))
    assert not said(page, "Nobody is until")


def test_the_undo_of_a_contact_is_over_after_ten_minutes(
    as_agent, account, contact, agent, now, clock
):
    actions.remove_contact(contact, by=agent, at=now)
    clock.move_to(now + MINUTES_10)

    response = as_agent.post(url("contact-restore", account.pk, contact.pk))

    assert response.status_code == 422
    assert said(response, "An admin can bring it back for 30 days.")


def test_what_a_colleague_removed_is_not_there(as_manager, account, contact, agent, now):
    actions.remove_contact(contact, by=agent, at=now)

    assert as_manager.get(url("contact-removed", account.pk, contact.pk)).status_code == 404
    assert as_manager.post(url("contact-restore", account.pk, contact.pk)).status_code == 404


# --- the recycle bin -----------------------------------------------------------------


def test_the_bin_shows_customers_with_who_when_and_why(as_admin, account, manager, now):
    old = AccountFactory(name="Too old")
    actions.remove_account(old, reason="Old", by=manager, at=now - DAYS_30)
    actions.remove_account(account, reason="A test entry.", by=manager, at=now)

    page = as_admin.get(url("bin"))

    assert [row.name for row in page.context["page"].rows] == ["Larkspur Dental"]
    for text in ("A test entry.", "by Max Brandt", "Today, 10:30", url("restore", account.pk)):
        assert said(page, text)


def test_the_bin_shows_contacts_of_customers_who_are_there(as_admin, account, contact, agent, now):
    gone = ContactFactory(account=AccountFactory(removed_at=now))
    for each in (contact, gone):
        Contact.objects.filter(pk=each.pk).update(
            removed_at=now, removed_by=agent, is_primary=False
        )

    page = as_admin.get(url("bin"), {"show": "contacts"})

    assert [row.name for row in page.context["page"].rows] == ["Robin"]
    assert said(page, account.get_absolute_url())


def test_an_empty_bin_says_so(as_admin):
    assert said(as_admin.get(url("bin")), "Nothing was removed")


def test_the_bin_is_read_page_by_page(as_admin, manager, now, django_assert_max_num_queries):
    for account in AccountFactory.create_batch(27):
        actions.remove_account(account, reason="Test", by=manager, at=now)

    with django_assert_max_num_queries(8):
        first = as_admin.get(url("bin"))
    second = as_admin.get(url("bin"), {"at": first.context["page"].older})

    assert (len(first.context["page"].rows), len(second.context["page"].rows)) == (25, 2)
    assert said(second, 'rel="prev"')
