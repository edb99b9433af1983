"""Pairs of the whole workspace that may be one customer."""

import pytest

from apps.accounts.models import Account
from apps.accounts.queries import duplicates
from tests.accounts.asking import said, url
from tests.factories.accounts import AccountFactory, ContactFactory, IdentityFactory
from tests.factories.users import make_person

PAGE = "/customers/duplicates/"


def found(user):
    return [(pair.one.name, pair.other.name, pair.reasons) for pair in duplicates.pairs(user)]


def share(one, other, kind, value):
    """Let a person of one have what is the mark of the other."""
    IdentityFactory(account=one, kind=kind, normalised=value.lower(), value=value)
    ContactFactory(account=other, **{"email": "", "phone": "", kind: value})


@pytest.fixture
def three(team):
    """Three customers with nothing in common."""
    return [AccountFactory(name=name, team=team) for name in ("Ashdown", "Bramley", "Cobalt")]


def test_the_likeliest_come_first_with_the_reason(manager, three):
    ash, bram, cob = three
    share(ash, bram, "phone", "+441614960942")
    share(cob, ash, "email", "Desk@cobalt.example")
    dental, limited = (AccountFactory(name=n) for n in ("Larkspur Dental", "Larkspur Dental Ltd"))
    share(limited, dental, "phone", "+441614960955")
    AccountFactory(name="Kestrel Cycles")
    AccountFactory(name="kestrel cycles Ltd")

    assert found(manager) == [
        ("Larkspur Dental", "Larkspur Dental Ltd", ["Same phone +44 161 496 0955", "Name alike"]),
        ("Ashdown", "Cobalt", ["Same e-mail desk@cobalt.example"]),
        ("Ashdown", "Bramley", ["Same phone +44 161 496 0942"]),
        ("Kestrel Cycles", "kestrel cycles Ltd", ["Name alike"]),
    ]


def test_ones_own_marks_and_people_who_were_removed_are_no_reason(manager, three, now):
    ash, bram, _cob = three
    share(ash, ash, "email", "desk@ash.example")
    share(ash, bram, "phone", "+441614960942")
    bram.contacts.update(removed_at=now)

    assert found(manager) == []


def test_who_is_gone_or_out_of_sight_is_in_no_pair(manager, admin, private_team, now):
    AccountFactory(name="Larkspur Dental")
    AccountFactory(name="Larkspur Dental Ltd", removed_at=now)
    AccountFactory(name="Kestrel Cycles", merged_into=Account.objects.first())
    shop = AccountFactory(name="Kestrel Cycles Ltd")
    hidden = AccountFactory(name="Kestrel Cycles Shop", team=private_team)
    share(shop, hidden, "phone", "+441614960942")

    assert found(manager) == []
    assert [pair[:2] for pair in found(admin)] == [("Kestrel Cycles Ltd", "Kestrel Cycles Shop")]


def test_no_more_than_fifty_are_found_in_the_same_few_queries(manager, django_assert_num_queries):
    for n in range(60):
        AccountFactory(name=f"Larkspur Dental {n:02}")

    with django_assert_num_queries(3):  # private teams first
        assert len(duplicates.pairs(manager)) == 50


def test_each_pair_leads_to_the_page_on_which_it_is_merged(as_manager, team):
    owner = make_person(name="Ben Okoro", team=team)
    one = AccountFactory(name="Larkspur Dental", owner=owner)
    other = AccountFactory(name="Larkspur Dental Ltd", owner=None)
    assert said(as_manager.get("/customers/"), f'href="{PAGE}"')

    page = as_manager.get(PAGE)

    for words in ("Ben Okoro", "Name alike", f'href="{url("merge-with", one.pk, other.pk)}"'):
        assert said(page, words)


def test_without_pairs_the_page_says_so_and_agents_have_none(as_manager, client, agent):
    assert said(as_manager.get(PAGE), "No duplicates found")

    client.force_login(agent)
    assert client.get(PAGE).status_code == 403
    assert not said(client.get("/customers/"), PAGE)
