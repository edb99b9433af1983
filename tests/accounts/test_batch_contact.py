import pytest

from apps.accounts.models import Contact, Identity
from tests.accounts.batching import ANN, SOURCE, apply, counts, told
from tests.factories.accounts import (
    BlockedIdentityFactory,
    ContactFactory,
    IdentityFactory,
)


@pytest.mark.django_db
def test_a_new_customer_comes_with_its_contact_and_their_marks(now):
    apply({"reference": "C-1", "name": "Larkspur", **ANN}, at=now)

    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.phone) == (
        *("Ann Lee", "Ann@b.example", "+441614960142"),
    )
    assert (contact.title, contact.preferred_channel, contact.language) == ("", "phone", "en")
    assert (contact.is_primary, contact.created_at) == (True, now)
    marks = Identity.objects.order_by("kind").values_list("kind", "value", "normalised", "source")
    assert list(marks) == [
        ("email", "Ann@b.example", "ann@b.example", SOURCE),
        ("phone", "+441614960142", "+441614960142", SOURCE),
    ]
    assert {i.contact for i in Identity.objects.all()} == {contact}
    assert told(contact.account) == [("accounts.created", {"source": SOURCE})]


@pytest.mark.django_db
def test_a_contact_who_is_new_to_a_customer_is_added_and_told(now, account):
    first = ContactFactory(account=account, is_primary=True)

    planned = apply({"reference": account.reference, **ANN}, at=now)

    contact = Contact.objects.exclude(pk=first.pk).get()
    assert counts(planned) == (0, 1, 0, 0)
    assert (contact.account, contact.is_primary) == (account, False)
    assert told(account) == [("accounts.contact_added", {"name": "Ann Lee", "source": SOURCE})]
    account.refresh_from_db()
    assert account.version == 1  # the record itself is as it was


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [
        {"contact_email": "ANN@b.example", "contact_email_key": "ann@b.example"},
        {"contact_phone": "+441614960142"},
        {"contact_name": "ANN LÉE"},
    ],
)
def test_a_contact_is_found_by_address_number_or_name(now, account, row):
    contact = ContactFactory(
        account=account, name="Ann Lée", email="ann@b.example", phone="+441614960142"
    )
    ContactFactory(account=account, email="", phone="")
    ContactFactory(name="Ann Lée")

    apply({"reference": account.reference, "contact_title": "Owner", **row}, at=now)

    contact.refresh_from_db()
    assert (contact.title, Contact.objects.count()) == ("Owner", 3)
    assert contact.name == row.get("contact_name", "Ann Lée")


@pytest.mark.django_db
def test_an_address_finds_before_a_number_and_a_number_before_a_name(now, account):
    by_name = ContactFactory(account=account, name="Ann Lee", email="", phone="")
    by_phone = ContactFactory(account=account, name="B", email="", phone="+441614960142")
    by_email = ContactFactory(account=account, name="C", email="ann@b.example", phone="")

    apply({"reference": account.reference, **ANN}, at=now)

    by_email.refresh_from_db()
    assert (by_email.name, by_email.phone) == ("Ann Lee", "+441614960142")
    assert Contact.objects.get(pk=by_phone.pk).name == "B"
    assert Contact.objects.get(pk=by_name.pk).email == ""
    assert told(account) == [
        (
            "accounts.contact_changed",
            {
                "name": "Ann Lee",
                "changes": {
                    "name": ["C", "Ann Lee"],
                    "email": ["ann@b.example", "Ann@b.example"],
                    "phone": ["", "+441614960142"],
                },
                "source": SOURCE,
            },
        )
    ]


@pytest.mark.django_db
def test_a_contact_that_is_as_it_was_is_not_told(now, account):
    ContactFactory(
        account=account, name="Ann Lee", email="Ann@b.example", phone="+441614960142", title="CEO"
    )

    planned = apply({"reference": account.reference, **ANN}, at=now)

    assert counts(planned) == (0, 0, 1, 0)
    assert Identity.objects.count() == 0


@pytest.mark.django_db
def test_a_contact_without_a_name_is_called_by_address_or_number(now):
    rows = [
        {"reference": "A", "name": "A", "contact_email": "a@b.example"},
        {"reference": "B", "name": "B", "contact_phone": "+441614960142"},
        {"reference": "C", "name": "C", "contact_title": "Owner"},
    ]

    apply(*rows, at=now)

    names = Contact.objects.order_by("account__reference").values_list("name", flat=True)
    assert list(names) == ["a@b.example", "+441614960142"]


@pytest.mark.django_db
def test_marks_that_are_blocked_or_another_s_are_left_and_the_first_row_wins(now):
    theirs = IdentityFactory(kind="phone", value="+441614960142", normalised="+441614960142")
    BlockedIdentityFactory(normalised="info@b.example")
    shared = {"contact_email": "both@b.example", "contact_email_key": "both@b.example"}
    blocked = {"contact_email": "info@b.example", "contact_email_key": "info@b.example"}

    apply(
        {"reference": "A", "name": "A", **shared, "contact_phone": "+441614960142"},
        {"reference": "B", "name": "B", **shared},
        {"reference": "C", "name": "C", **blocked},
        at=now,
    )

    claimed = Identity.objects.exclude(pk=theirs.pk).get()
    assert (claimed.normalised, claimed.account.reference) == ("both@b.example", "A")
    assert Contact.objects.count() == 3
