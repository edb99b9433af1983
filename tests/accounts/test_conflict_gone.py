"""A form that comes back when its customer or contact is gone."""

from apps.accounts import actions
from apps.accounts.forms import AccountForm
from apps.accounts.models import Account, Contact
from tests.accounts.asking import said, url
from tests.accounts.editing import opened, send
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    CustomFieldFactory,
    MergeFactory,
)


def test_a_form_for_a_customer_who_was_merged_leads_there_and_keeps_the_words(
    as_agent, account, team
):
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    sent = opened(as_agent, url("edit", account.pk))
    kept = AccountFactory(name="Larkspur Group", reference="LG-1", team=team)
    Account.objects.filter(pk=account.pk).update(merged_into=kept)
    MergeFactory(kept=kept, given_up=account)

    response = send(as_agent, url("edit", account.pk), sent, about="Dent <ists", cf_chairs="5")

    assert response.status_code == 410
    assert said(response, "This customer was merged into Larkspur Group (LG-1). Do it there.")
    assert said(response, f'href="{kept.get_absolute_url()}"')
    assert said(response, "<dt>About</dt><dd>Dent &lt;ists</dd>")
    assert said(response, "<dt>Chairs</dt><dd>5</dd>")
    assert response.content.decode().count("<dt>") == 2  # what the form showed is no loss
    assert as_agent.get(url("edit", account.pk)).status_code == 302


def test_a_form_for_a_customer_who_was_removed_says_so_and_keeps_the_words(
    as_agent, account, manager, now
):
    sent = opened(as_agent, url("edit", account.pk))
    actions.remove_account(account, reason="Twice", by=manager, at=now)

    response = send(as_agent, url("edit", account.pk), sent, about="Dentists")

    assert response.status_code == 410
    assert said(response, "Larkspur Dental was removed. An admin can restore it.")
    assert said(response, "<dt>About</dt><dd>Dentists</dd>")
    assert as_agent.get(url("edit", account.pk)).status_code == 404


def test_a_customer_removed_while_the_form_is_read_is_said_the_same_way(
    as_agent, account, manager, now, monkeypatch
):
    sent = opened(as_agent, url("edit", account.pk))

    def slow(self, *args, **named):
        actions.remove_account(account, reason="Twice", by=manager, at=now)
        return []

    monkeypatch.setattr(AccountForm, "_check_sight", slow)

    assert send(as_agent, url("edit", account.pk), sent, about="D").status_code == 410


def test_a_form_for_a_contact_who_was_removed_leads_to_the_customer(as_agent, account, agent, now):
    contact = ContactFactory(account=account, name="Colin")
    path = url("contact-edit", account.pk, contact.pk)
    sent = opened(as_agent, path)
    actions.remove_contact(contact, by=agent, at=now)

    response = send(as_agent, path, sent, title="Owner")

    assert response.status_code == 410
    assert said(response, "Colin is no contact here any more.")
    assert said(response, f'href="{account.get_absolute_url()}"')
    assert said(response, "<dt>What they do</dt><dd>Owner</dd>")
    assert as_agent.get(path).status_code == 404
    assert send(as_agent, url("contact-edit", account.pk, 0), sent).status_code == 404
    assert Contact.objects.get().title == ""
