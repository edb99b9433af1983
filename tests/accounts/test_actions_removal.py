import datetime

import pytest

from apps.accounts import actions
from apps.accounts.models import Account, Contact
from apps.accounts.rules import RESTORE_FOR, UNDO_FOR
from tests.factories.accounts import AccountFactory, ContactFactory, IdentityFactory


def test_a_removed_customer_is_not_there_and_loses_nothing(account, manager, now, told):
    ContactFactory(account=account)
    IdentityFactory(account=account)

    for _again in range(2):
        actions.remove_account(account, reason=" A test entry. ", by=manager, at=now)

    account.refresh_from_db()
    assert (account.removed_at, account.removed_by, account.version) == (now, manager, 2)
    assert not Account.objects.live().exists()
    assert (account.contacts.count(), account.identities.count()) == (1, 1)
    assert told(account) == [("accounts.removed", {"reason": "A test entry."})]


def test_a_removal_has_a_reason(account, manager, now):
    with pytest.raises(actions.ReasonMissing):
        actions.remove_account(account, reason="  ", by=manager, at=now)


def test_what_is_part_of_another_record_is_not_removed(account, manager, now):
    part = AccountFactory()
    actions.merge(account, part, by=manager, at=now)

    with pytest.raises(actions.MergedAway):
        actions.remove_account(part, reason="Test", by=manager, at=now)


def test_a_removed_customer_comes_back(account, manager, admin, now, told):
    actions.remove_account(account, reason="Test", by=manager, at=now)
    almost = now + RESTORE_FOR - datetime.timedelta(seconds=1)

    for _again in range(2):
        actions.restore_account(account, by=admin, at=almost)

    account.refresh_from_db()
    assert (account.removed_at, account.removed_by, account.version) == (None, None, 3)
    assert told(account)[1:] == [("accounts.restored", {})]


@pytest.mark.parametrize("within", [RESTORE_FOR, UNDO_FOR])
def test_what_was_removed_too_long_ago_stays_away(account, manager, now, within):
    contact = ContactFactory(account=account)
    actions.remove_contact(contact, by=manager, at=now)
    with pytest.raises(actions.RestoreTooLate):
        actions.restore_contact(contact, by=manager, at=now + within, within=within)
    actions.remove_account(account, reason="Test", by=manager, at=now)
    with pytest.raises(actions.RestoreTooLate):
        actions.restore_account(account, by=manager, at=now + within, within=within)


def test_a_removed_contact_is_not_the_first_to_call(account, agent, now, told):
    contact = ContactFactory(account=account, name="Robin", is_primary=True)

    for _again in range(2):
        actions.remove_contact(contact, by=agent, at=now)

    contact.refresh_from_db()
    assert (contact.removed_at, contact.removed_by) == (now, agent)
    assert not contact.is_primary
    assert told(account) == [("accounts.contact_removed", {"name": "Robin"})]


@pytest.mark.parametrize("has_other", [True, False])
def test_a_contact_comes_back_first_when_nobody_else_is(account, agent, now, told, has_other):
    contact = ContactFactory(account=account, name="Robin", is_primary=True)
    actions.remove_contact(contact, by=agent, at=now)
    if has_other:
        ContactFactory(account=account, is_primary=True)

    for _again in range(2):
        actions.restore_contact(contact, by=agent, at=now)

    contact.refresh_from_db()
    assert (contact.removed_at, contact.removed_by) == (None, None)
    assert contact.is_primary is not has_other
    assert told(account)[1:] == [("accounts.contact_restored", {"name": "Robin"})]


def test_a_removed_contact_takes_no_edit(account, agent, now):
    contact = ContactFactory(account=account, name="Robin")
    actions.remove_contact(contact, by=agent, at=now)

    with pytest.raises(actions.ContactGone, match="Robin is no contact here any more"):
        actions.edit_contact(contact, by=agent, at=now, name="Other")


def test_a_contact_that_was_parted_away_takes_no_edit_here(account, manager, now):
    part = AccountFactory()
    contact = ContactFactory(account=part)
    merge = actions.merge(account, part, by=manager, at=now)
    opened = Contact.objects.select_related("account").get(pk=contact.pk)
    actions.unmerge(merge, by=manager, at=now)

    with pytest.raises(actions.ContactGone):
        actions.edit_contact(opened, by=manager, at=now, name="Other")


def test_the_next_contact_after_everybody_was_removed_is_the_first_to_call(account, agent, now):
    actions.remove_contact(ContactFactory(account=account), by=agent, at=now)

    assert actions.add_contact(account, by=agent, at=now, name="New").contact.is_primary


def test_a_mark_of_a_removed_customer_says_what_to_do(account, manager, now):
    other = AccountFactory()
    IdentityFactory(account=other, value="known@customer.example")
    actions.remove_account(other, reason="Test", by=manager, at=now)

    with pytest.raises(actions.IdentityTaken) as caught:
        actions.add_identity(
            account, kind="email", value="known@customer.example", by=manager, at=now
        )
    assert str(caught.value) == (
        "A removed customer is recognised by this. Ask an admin to restore it, and merge the two."
    )
