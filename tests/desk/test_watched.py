"""The watch of a save on the pages: the list's filter and column, and the customer's page."""

import datetime
import io
from csv import reader as csv_reader

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from apps.saves.actions import watch as reckoning
from apps.saves.models import Rung
from apps.saves.queries import watches
from tests.factories.accounts import AccountFactory
from tests.factories.saves import WatchFactory

SAVED = datetime.date(2026, 3, 1)


@pytest.fixture
def customers(team, agent):
    """One customer for each rung, and one who was never saved."""
    made = {rung: AccountFactory(name=f"On {rung}", team=team, owner=agent) for rung in Rung.values}
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
    page = as_agent.get(f"/customers/{account.pk}/").content.decode()
    assert "Left, day 44" in page

    reckoning.reckon(account, at=timezone.now())  # as the worker does at once; they did not leave
    response = as_agent.get("/customers/", {"watch": "deflected", "columns": "watch"})

    assert names(response) == ["Larkspur Dental", "On deflected"]


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


# --- The customer's page ----------------------------------------------------------


@pytest.fixture
def steps(as_agent, account, time_machine):
    """The steps of the ladder on the customer's page, fifty days after the save."""

    def show(**place):
        WatchFactory(account=account, saved_on=SAVED, **place)
        time_machine.move_to(datetime.datetime(2026, 4, 20, 12, tzinfo=datetime.UTC))
        watch = as_agent.get(f"/customers/{account.pk}/").context["page"].watch
        return [(step.state, step.name, step.note) for step in watch.steps]

    return show


def test_a_ladder_says_what_was_reached_and_what_lies_ahead(steps):
    assert steps(rung="verified_30") == [
        ("reached", "Saved", "Sun 1 March"),
        ("reached", "30 days", "Tue 31 March"),
        ("ahead", "90 days", "on Sat 30 May"),
        ("ahead", "180 days", "on Fri 28 August"),
    ]


def test_a_ladder_that_ended_says_on_which_day(steps):
    assert steps(rung="tried_again", day=44)[1:] == [
        ("reached", "30 days", "Tue 31 March"),
        ("ended", "Tried again, day 44", "Tue 14 April"),
    ]


def test_a_ladder_of_one_who_left_on_day_thirty_has_no_rung(steps):
    assert steps(rung="left", day=30)[1:] == [("ended", "Left, day 30", "Tue 31 March")]


def test_a_ladder_that_nobody_knows_says_why(steps, as_agent, account):
    assert steps(rung="unknown", why="silent")[1:3] == [
        ("unsure", "30 days", "not known"),
        ("ahead", "90 days", "on Sat 30 May"),
    ]
    text = as_agent.get(f"/customers/{account.pk}/").content.decode()
    assert "Nothing was heard of them since the call." in text


def test_the_page_has_a_badge_while_the_save_is_watched(as_agent, account):
    watch = WatchFactory(account=account)
    page = as_agent.get(f"/customers/{account.pk}/").content.decode()
    assert page.count("Deflected") == 2

    watch.rung, watch.day = "left", 3
    watch.save()
    page = as_agent.get(f"/customers/{account.pk}/").content.decode()
    assert page.count("Left, day 3") == 2  # in the card's head, and as its last rung


def test_who_was_never_saved_has_no_ladder(as_agent, account):
    assert 'id="watch"' not in as_agent.get(f"/customers/{account.pk}/").content.decode()


# --- Today and figures --------------------------------------------------------------


def test_the_fragment_for_today_says_it_in_words():
    none = watches.OnWatch(saves=[], counts=[], watched=0)
    assert "Nobody was saved" in show_on_watch(none)

    save = watches.Watched("/customers/1/", "Larkspur", "info", "", "Deflected", SAVED, SAVED)
    count = watches.Count("deflected", "info", "", "Deflected", 1)
    text = show_on_watch(watches.OnWatch(saves=[save], counts=[count], watched=1))

    assert "Larkspur" in text
    assert "?watch=deflected&amp;watch=verified_30&amp;" in text


def show_on_watch(found):
    return render_to_string("saves/_on_watch.html", {"on_watch": found})
