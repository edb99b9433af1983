"""Rows about customers and contacts who are not there any more."""

import pytest

from apps.accounts import actions
from apps.accounts.models import Contact
from tests.accounts.batching import ANN, apply, counts, plan
from tests.factories.accounts import AccountFactory, ContactFactory


@pytest.fixture
def other(account):
    return AccountFactory(reference="C-2", name="Larkspur Dental Ltd")


def problems(*rows, at):
    planned = plan(*rows, at=at)
    assert counts(planned) == (0, 0, 0, 0)
    return [(problem.line, problem.column, problem.message) for problem in planned.problems]


def test_a_merged_reference_names_the_one_to_use(account, other, manager, now):
    actions.merge(account, other, by=manager, at=now)

    assert problems({"reference": "C-2", "name": "New", **ANN}, at=now) == [
        (2, "reference", "“C-2” was merged into Larkspur Dental. Write “LD-20418” instead.")
    ]


def test_a_removed_reference_says_who_can_help(other, manager, now):
    actions.remove_account(other, reason="Test", by=manager, at=now)

    assert problems({"reference": "C-2", "name": "New"}, at=now) == [
        (
            2,
            "reference",
            "“C-2” was removed. Ask an admin to restore it, or leave this line out.",
        )
    ]


def test_a_removed_contact_is_neither_changed_nor_brought_back(account, manager, now):
    contact = ContactFactory(account=account, name="Ann Lee", title="Owner")
    actions.remove_contact(contact, by=manager, at=now)

    planned = apply({"reference": account.reference, **ANN, "contact_title": "Chief"}, at=now)

    assert counts(planned) == (0, 0, 1, 0)
    assert Contact.objects.get().title == "Owner"


def test_a_row_finds_the_contact_who_is_there_beside_one_who_was_removed(account, manager, now):
    gone, there = ContactFactory.create_batch(2, account=account, email="ann@b.example")
    actions.remove_contact(gone, by=manager, at=now)

    apply({"reference": account.reference, **ANN, "contact_title": "Chief"}, at=now)

    there.refresh_from_db()
    assert there.title == "Chief"
