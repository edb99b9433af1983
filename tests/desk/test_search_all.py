"""All that match: the list, its count, changes to many and the file mean the same customers."""

import csv
import io
import uuid

import pytest

from apps.accounts import actions
from apps.accounts.models import Account
from apps.desk.queries import customers as listing
from apps.desk.queries import search
from apps.workspace.models import BulkChange
from tests.factories.accounts import AccountFactory, ContactFactory

LIST, BULK, FILE = "/customers/", "/customers/bulk/", "/customers/export/"
# Words that each way of searching answers: beginnings, names, people, both, slips of the finger.
TEXTS = ["ha", "harbour", "robin", "harbour robin", "harbuor", "robbin"]


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """Two on a page, and no more than three are looked for first."""
    monkeypatch.setattr(listing, "SIZE", 2)
    monkeypatch.setattr(search, "CAP", 3)


def harbour(name, **more):
    account = AccountFactory(name=f"Harbour {name}", **more)
    ContactFactory(account=account, name="Robin Reed", email="")
    return account


@pytest.fixture
def harbours(manager, now):
    """Five of the high tier, and more than the first three of another one."""
    for name in ("Five", "Four", "One", "Two"):
        harbour(name, tier="standard", mrr=900)
    for n, name in enumerate(("Alpha", "Beta", "Gamma", "Sigma")):
        harbour(name, tier="high", mrr=100 * n)
    kept = AccountFactory(name="Zenith", tier="high", mrr=50)
    actions.merge(kept, harbour("Omega"), by=manager, at=now)
    gone = harbour("Gone", tier="high")
    actions.remove_account(gone, reason="Test", by=manager, at=now)
    AccountFactory(name="Quill", tier="high")
    return {"Harbour Alpha", "Harbour Beta", "Harbour Gamma", "Harbour Sigma", "Zenith"}


def on_pages(client, query):
    """Return the names on all pages of a list, and its figure."""
    names, url = [], f"{LIST}?{query}"
    while url:
        shown = client.get(url).context["listing"]
        names += [row.name for row in shown.rows]
        url = shown.older
    return names, shown.shown


def in_bulk(client, query):
    client.post(BULK, {"do": "accounts.pick", "key": uuid.uuid4(), "all": "1", "question": query})
    return set(BulkChange.objects.latest("pk").rows.values_list("label", flat=True))


def in_file(client, query):
    response = client.post(f"{FILE}?{query}&columns=tier")
    text = b"".join(response.streaming_content).decode()
    return [line[0] for line in csv.reader(io.StringIO(text))][1:]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("sort", ["", "&sort=-mrr"])
def test_words_and_a_filter_find_all_that_fit_both(as_manager, harbours, text, sort):
    query = f"q={text}&tier=high{sort}"

    names, figure = on_pages(as_manager, query)

    assert (set(names), len(names), figure) == (harbours, 5, "5")
    assert in_bulk(as_manager, query) == harbours
    assert in_file(as_manager, query) == names
    if sort:
        assert names[:3] == ["Harbour Sigma", "Harbour Gamma", "Harbour Beta"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_search_alone_shows_the_best_and_all_that_match_means_all(as_manager, harbours, text):
    names, figure = on_pages(as_manager, f"q={text}")

    assert figure.endswith("+")
    assert len(names) <= search.CAP
    assert len(in_bulk(as_manager, f"q={text}")) == 9
    everybody = in_file(as_manager, f"q={text}")
    assert len(everybody) == len(set(everybody)) == 9
    assert set(names) <= set(everybody)


def test_customers_out_of_sight_take_nobodys_place(as_agent, private_team, harbours):
    Account.objects.filter(tier="standard").update(team=private_team)

    names, figure = on_pages(as_agent, "q=harbour")

    assert (set(names), figure) == (harbours, "5")
    assert in_bulk(as_agent, "q=harbour") == harbours


def test_a_search_alone_shows_those_of_the_best_that_are_in_sight(
    as_agent, private_team, monkeypatch
):
    for name in ("A", "B", "C", "D"):
        harbour(name, team=private_team if name == "B" else None)

    names, figure = on_pages(as_agent, "q=harbour")
    assert (names, figure) == (["Harbour A", "Harbour C", "Harbour D"], "3")

    monkeypatch.setattr(listing, "SIZE", 1)
    names, figure = on_pages(as_agent, "q=harbour")
    assert (names, figure) == (["Harbour A", "Harbour C"], "2+")
    assert in_bulk(as_agent, "q=harbour") == {"Harbour A", "Harbour C", "Harbour D"}


def test_the_best_come_first_whatever_else_is_asked(as_manager):
    for name in ("Old Harbour", "Harbourside", "New Harbour Inn", "Harbour"):
        AccountFactory(name=name, tier="high")

    names, _figure = on_pages(as_manager, "q=harbour&tier=high")

    assert names == ["Harbour", "Harbourside", "New Harbour Inn", "Old Harbour"]


def test_many_who_begin_with_it_are_not_taken_for_all(monkeypatch, db):
    monkeypatch.setattr(search, "CAP", 200)
    for n in range(120):
        AccountFactory(name=f"Harbour {n}")

    found = search.look("harbour")

    assert (len(found.ids), found.is_cut) == (120, False)


def test_people_of_a_few_customers_may_crowd_out_others(db):
    busy = AccountFactory(name="Busy")
    for _ in range(12):
        ContactFactory(account=busy, name="Robin")
    ContactFactory(name="Robin")

    found = search.look("robin")

    assert found.is_cut
    assert found.narrow(Account.objects.all()).count() == 2


def test_a_question_that_contradicts_itself_has_no_best(db):
    for n in range(4):
        AccountFactory(name=f"Harbour {n}")

    assert search.look("harbour").in_order(Account.objects.none()) == []
