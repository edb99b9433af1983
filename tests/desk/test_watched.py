"""The watch of a save on the pages: the list's filter and column, and the customer's page."""

import datetime
import io
from csv import reader as csv_reader

import pytest

from apps.saves.models import Rung
from tests.factories.accounts import AccountFactory
from tests.factories.saves import WatchFactory

SAVED = datetime.date(2026, 3, 1)


@pytest.fixture
def customers(team, agent):
    """One customer for each rung, and one who was never saved."""
    made = {
        rung: AccountFactory(name=f"On {rung}", team=team, owner=agent) for rung in Rung.values
    }
    for rung, account in made.items():
        ends = rung in {"left", "tried_again"}
        WatchFactory(
            account=account,
            rung=rung,
            saved_on=SAVED,
            day=44 if ends else 0,
            why="silent" if rung == "unknown" else "",
        )
    AccountFactory(name="Never saved", team=team)
    return made


def names(response):
    return sorted(row.name for row in response.context["listing"].rows)


def test_the_list_finds_customers_by_where_their_last_save_stands(as_agent, customers):
    response = as_agent.get("/customers/", {"watch": ["left", "unknown"]})

    assert names(response) == ["On left", "On unknown"]
    chips = response.context["listing"].chips
    assert [(chip.label, chip.value) for chip in chips] == [
        ("Last save", "Left"),
        ("Last save", "Unknown"),
    ]
    assert response.context["listing"].shown == "2"


def test_only_the_last_save_counts(as_agent, customers):
    earlier = customers["verified_90"].watches.get()
    WatchFactory(account=customers["verified_90"], rung="left", is_last=False)

    assert names(as_agent.get("/customers/", {"watch": "left"})) == ["On left"]
    assert earlier.is_last


def test_a_record_that_was_merged_brings_its_watch_along(as_agent, account, customers):
    customers["left"].merged_into = account
    customers["left"].save()

    response = as_agent.get("/customers/", {"watch": "left", "columns": "watch"})

    assert names(response) == ["Larkspur Dental"]
    assert "Left, day 44" in response.content.decode()


def test_customers_of_a_private_team_stay_hidden(as_agent, private_account):
    WatchFactory(account=private_account, rung="left")

    assert names(as_agent.get("/customers/", {"watch": "left"})) == []


def test_a_rung_that_there_is_not_is_refused(as_agent):
    assert as_agent.get("/customers/", {"watch": "verified_60"}).status_code == 400


def test_the_column_says_it_in_words(as_agent, customers):
    page = as_agent.get("/customers/", {"columns": "watch"}).content.decode()

    for words in ("Deflected", "Verified for 180 days", "Tried again, day 44", "Unknown"):
        assert words in page


def test_a_file_says_it_too(as_manager, customers):
    response = as_manager.post("/customers/export/?columns=watch")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = {row[0]: row[-1] for row in csv_reader(io.StringIO(text))}

    assert rows["Name"] == "Last save"
    assert rows["On left"] == "Left, day 44"
    assert rows["Never saved"] == ""


def test_the_filter_is_offered(as_agent):
    page = as_agent.get("/customers/filters/").content.decode()

    assert 'name="watch"' in page
    assert "Verified for 90 days" in page
