import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError

from apps.accounts import actions
from apps.accounts.models import BlockedIdentity, Contact, ContactPermission, Identity
from apps.history.models import Event
from tests.factories.accounts import (
    AccountFactory,
    BlockedIdentityFactory,
    ContactFactory,
    IdentityFactory,
)

PHONE = "+441614960142"


def marks_of(account):
    rows = Identity.objects.filter(account=account).order_by("kind", "normalised")
    return [(row.kind, row.normalised, row.contact) for row in rows]


def test_the_first_contact_is_the_one_to_call_and_recognised(account, agent, now, told):
    saved = actions.add_contact(
        account, by=agent, at=now, name="Nadia Rahman", email="Nadia@Larkspur.example", phone=PHONE
    )

    contact = Contact.objects.get()
    assert saved == (contact, [])
    assert contact.is_primary
    assert marks_of(account) == [
        ("email", "nadia@larkspur.example", contact),
        ("phone", PHONE, contact),
    ]
    assert Identity.objects.get(kind="email").source == "contact"
    assert told(account) == [("accounts.contact_added", {"name": "Nadia Rahman"})]


def test_a_second_contact_calls_first_only_when_asked(account, agent, now):
    first = ContactFactory(account=account, is_primary=True)
    second = actions.add_contact(account, by=agent, at=now, name="B").contact
    third = actions.add_contact(account, by=agent, at=now, name="C", is_primary=True).contact

    primary = Contact.objects.filter(is_primary=True)
    assert (second.is_primary, list(primary)) == (False, [third])
    assert first not in primary


def test_a_contact_form_that_comes_twice_adds_one(account, agent, now, told):
    key = uuid.uuid4()

    saved = [actions.add_contact(account, by=agent, at=now, key=key, name="A") for _ in range(2)]

    assert saved[0] == saved[1]
    assert Contact.objects.count() == 1
    assert len(told(account)) == 1


def test_a_contact_form_of_another_customer_is_refused(account, agent, now):
    key = uuid.uuid4()
    actions.add_contact(account, by=agent, at=now, key=key, name="A")

    with pytest.raises(actions.FormUsed):
        actions.add_contact(AccountFactory(), by=agent, at=now, key=key, name="A")


def test_a_mark_of_another_customer_stays_there_and_is_told(account, agent, now):
    theirs = IdentityFactory(value="shared@customer.example")

    saved = actions.add_contact(
        account, by=agent, at=now, name="A", email="Shared@customer.example", source="an import"
    )

    assert saved.contact.email == "Shared@customer.example"
    assert saved.elsewhere == [theirs]
    assert marks_of(account) == []


def test_a_blocked_mark_recognises_nobody(account, agent, now):
    BlockedIdentityFactory(normalised="info@customer.example")

    saved = actions.add_contact(account, by=agent, at=now, name="A", email="info@customer.example")

    assert saved.elsewhere == []
    assert marks_of(account) == []


def test_a_contact_that_the_database_refuses_leaves_nothing(account, agent, now):
    with pytest.raises(IntegrityError, match="e164"):
        actions.add_contact(account, by=agent, at=now, name="A", phone="0161 496 0142")

    assert not Contact.objects.exists()
    assert not Event.objects.exists()


def test_correcting_a_contact_moves_the_mark(account, agent, now, told):
    contact = actions.add_contact(
        account, by=agent, at=now, name="A", email="old@customer.example", phone=PHONE
    ).contact

    for _ in range(2):
        actions.edit_contact(
            contact,
            by=agent,
            at=now,
            name="A",
            email="new@customer.example",
            preferred_channel="email",
            source="a form",
        )

    assert marks_of(account) == [
        ("email", "new@customer.example", contact),
        ("phone", PHONE, contact),
    ]
    changes = {
        "email": ["old@customer.example", "new@customer.example"],
        "preferred_channel": ["Phone", "E-mail"],
    }
    told_of = {"name": "A", "changes": changes, "source": "a form"}
    assert told(account)[1:] == [("accounts.contact_changed", told_of)]


def test_correcting_an_older_version_of_a_contact_is_refused_and_says_what_it_is_now(
    account, agent, now
):
    contact = ContactFactory(account=account, title="Owner")
    actions.edit_contact(contact, by=agent, at=now, version=1, title="Manager")

    with pytest.raises(actions.ChangedMeanwhile) as caught:
        actions.edit_contact(contact, by=agent, at=now, version=1, title="Buyer")

    assert (caught.value.newest.title, caught.value.newest.version) == ("Manager", 2)
    contact.refresh_from_db()
    assert contact.title == "Manager"
    # What is so already, is no change.
    actions.edit_contact(contact, by=agent, at=now, version=1, title="Manager")


def test_every_change_to_a_contact_counts_its_version_up(account, agent, now):
    first = ContactFactory(account=account, is_primary=True)
    second = ContactFactory(account=account)
    actions.make_primary(second, by=agent, at=now)
    actions.remove_contact(second, by=agent, at=now)
    actions.restore_contact(second, by=agent, at=now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.version, second.version) == (2, 4)


def test_a_mark_that_a_colleague_shares_goes_over_to_them(account, agent, now):
    mail = {"email": "desk@customer.example"}
    first = actions.add_contact(account, by=agent, at=now, name="A", **mail).contact
    second = actions.add_contact(account, by=agent, at=now, name="B", **mail).contact

    actions.edit_contact(first, by=agent, at=now, email="")

    assert marks_of(account) == [("email", "desk@customer.example", second)]


def test_a_mark_that_a_colleague_spells_otherwise_goes_over_to_them(account, agent, now):
    mail, otherwise = "desk@muller.example", "Desk@müller.example"
    first = actions.add_contact(account, by=agent, at=now, name="A", email=mail).contact
    second = actions.add_contact(account, by=agent, at=now, name="B", email=otherwise).contact

    actions.edit_contact(first, by=agent, at=now, email="")

    assert marks_of(account) == [("email", mail, second)]


def test_correcting_something_else_does_not_bring_a_removed_mark_back(account, agent, now):
    contact = actions.add_contact(
        account, by=agent, at=now, name="A", email="a@customer.example"
    ).contact
    actions.remove_identity(Identity.objects.get(), by=agent, at=now)

    actions.edit_contact(contact, by=agent, at=now, title="Owner")

    assert marks_of(account) == []


def test_making_somebody_the_first_to_call_tells_once(account, agent, now, told):
    first = ContactFactory(account=account, is_primary=True)
    second = ContactFactory(account=account, name="B")

    for _ in range(2):
        actions.make_primary(second, by=agent, at=now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_primary, second.is_primary) == (False, True)
    told_of = {"name": "B", "changes": {"is_primary": ["no", "yes"]}}
    assert told(account) == [("accounts.contact_changed", told_of)]


# --- marks --------------------------------------------------------------------


def test_a_mark_is_added_once_and_removed_once(account, agent, now, told):
    for _ in range(2):
        identity = actions.add_identity(
            account, kind="domain", value="Larkspur.example", by=agent, at=now
        )
    assert (identity.normalised, identity.source) == ("larkspur.example", "added by hand")

    for _ in range(2):
        actions.remove_identity(identity, by=agent, at=now)

    assert marks_of(account) == []
    said = {"mark": "domain", "value": "Larkspur.example"}
    assert told(account) == [("accounts.identity_added", said), ("accounts.identity_removed", said)]


def test_a_mark_of_another_customer_is_refused(account, agent, now):
    theirs = IdentityFactory(value="a@customer.example")

    with pytest.raises(actions.IdentityTaken, match="Remove it there first") as caught:
        actions.add_identity(account, kind="email", value="A@customer.example", by=agent, at=now)

    assert caught.value.identity == theirs
    assert marks_of(account) == []


def test_blocking_a_value_takes_it_from_its_customer(account, admin, now, told):
    IdentityFactory(account=account, value="info@customer.example")

    for reason in ("Shared", "Shared mailbox"):
        actions.block_identity(
            kind="email", value="Info@customer.example", reason=reason, by=admin, at=now
        )

    blocked = BlockedIdentity.objects.get()
    assert (blocked.normalised, blocked.reason) == ("info@customer.example", "Shared mailbox")
    assert marks_of(account) == []
    assert [kind for kind, _ in told(account)] == ["accounts.identity_removed"]
    with pytest.raises(actions.IdentityBlocked, match="Shared mailbox"):
        actions.add_identity(account, kind="email", value="info@customer.example", by=admin, at=now)


def test_an_unblocked_value_may_recognise_somebody(account, admin, now):
    blocked = BlockedIdentityFactory(normalised="info@customer.example")

    for _ in range(2):
        actions.unblock_identity(blocked)

    actions.add_identity(account, kind="email", value="info@customer.example", by=admin, at=now)
    assert len(marks_of(account)) == 1


# --- permissions --------------------------------------------------------------


def test_permissions_are_added_never_changed(account, agent, now, told):
    contact = ContactFactory(account=account, name="Nadia")
    said = {"channel": "sms", "source": "On a call", "by": agent}

    for moment, is_given in [(now, True), (now, True), (now + timedelta(hours=1), False)]:
        actions.record_permission(contact, is_given=is_given, at=moment, **said)

    rows = ContactPermission.objects.order_by("id").values_list(
        "is_given", "said_at", "recorded_by"
    )
    assert list(rows) == [(True, now, agent.pk), (False, now + timedelta(hours=1), agent.pk)]
    told_of = {"name": "Nadia", "medium": "sms", "source": "On a call"}
    assert told(account) == [
        ("accounts.permission_given", told_of),
        ("accounts.permission_withdrawn", told_of),
    ]


def test_a_permission_of_an_earlier_day_is_told_of_that_day_once(account, agent, now):
    contact = ContactFactory(account=account)
    earlier = now - timedelta(days=40)
    actions.record_permission(
        contact, channel="sms", is_given=False, source="Letter", by=agent, at=now
    )

    for _ in range(2):
        actions.record_permission(
            contact,
            channel="sms",
            is_given=True,
            source="Contract",
            by=agent,
            at=now,
            said_at=earlier,
        )

    assert ContactPermission.objects.count() == 2
    assert Event.objects.get(kind="accounts.permission_given").happened_at == earlier
