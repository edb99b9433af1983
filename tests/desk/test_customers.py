from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.desk.queries import columns, rows, search
from apps.desk.queries import customers as listing
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.users import TeamFactory
from tests.factories.workspace import ViewPickFactory

URL = "/customers/"


def names(response):
    return [account.name for account in response.context["listing"].rows]


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(listing, "SIZE", 2)


def test_the_list_shows_customers_by_name_with_the_first_person_to_call(as_agent, account):
    AccountFactory(name="Élan")
    ContactFactory(account=account, name="Dr Nadia Rahman", is_primary=True)

    response = as_agent.get(URL)

    assert names(response) == ["Élan", "Larkspur Dental"]
    page = response.content.decode()
    assert "Dr Nadia Rahman" in page
    assert "2 customers" in page


def test_an_empty_workspace_says_how_to_begin(as_agent):
    assert "Bring your customers in" in as_agent.get(URL).content.decode()


def test_no_match_says_so_and_offers_a_way_out(as_agent, account):
    page = as_agent.get(URL, {"q": "zzzzzz"}).content.decode()

    assert "No customers match" in page
    assert "0 of 1" in page


def test_customers_of_a_private_team_are_not_there(as_agent, account, private_account):
    assert names(as_agent.get(URL)) == ["Larkspur Dental"]
    assert names(as_agent.get(URL, {"q": "hushed"})) == []


@pytest.fixture
def cast(agent, team):
    today = timezone.localdate()
    return {
        "lead": AccountFactory(name="Lead", started_on=None, stage="lead", mrr=0, tier="standard"),
        "mine": AccountFactory(name="Mine", owner=agent, team=team, mrr=Decimal(500), tier="high"),
        "leaving": AccountFactory(
            name="Leaving", churned_on=today + timedelta(days=9), stage="test_drive", tier="mid"
        ),
        "gone": AccountFactory(
            name="Gone", churned_on=today - timedelta(days=9), industry="Retail", stage="churn"
        ),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "prospect"}, ["Lead"]),
        ({"status": "customer"}, ["Mine"]),
        ({"status": "leaving"}, ["Leaving"]),
        ({"status": "churned"}, ["Gone"]),
        ({"status": ["leaving", "churned"]}, ["Gone", "Leaving"]),
        ({"stage": "test_drive"}, ["Leaving"]),
        ({"tier": ["high", "mid"]}, ["Leaving", "Mine"]),
        ({"owner": "me"}, ["Mine"]),
        ({"owner": "none"}, ["Gone", "Lead", "Leaving"]),
        ({"team": "none"}, ["Gone", "Lead", "Leaving"]),
        ({"industry": "Retail"}, ["Gone"]),
        ({"mrr_from": "300"}, ["Mine"]),
        ({"mrr_to": "100"}, ["Lead"]),
        ({"q": "lea"}, ["Lead", "Leaving"]),
        ({"q": "lea", "status": "leaving"}, ["Leaving"]),
        ({"q": "lea", "sort": "-name"}, ["Leaving", "Lead"]),
        ({"sort": "-mrr", "tier": ["high", "mid"]}, ["Mine", "Leaving"]),
        ({"for": "save", "owner": "me"}, ["Mine"]),
    ],
)
def test_filters_narrow_the_list(as_agent, cast, query, expected):
    assert names(as_agent.get(URL, query)) == expected


@pytest.mark.parametrize(("days", "expected"), [("30", ["Soon"]), ("60", ["Later", "Soon"])])
def test_renewals_are_found_before_they_are_due(as_agent, days, expected):
    today = timezone.localdate()
    for name, due in (("Past", -1), ("Soon", 0), ("Later", 60), ("Far", 91)):
        AccountFactory(name=name, renews_on=today + timedelta(days=due))
    AccountFactory(name="Never")

    response = as_agent.get(URL, {"renews": days})

    assert names(response) == expected
    chips = [(chip.label, chip.value) for chip in response.context["listing"].chips]
    assert chips == [("Renews within", f"{days} days")]


def test_a_view_picked_by_hand_lists_what_was_put_into_it(as_agent, agent, cast):
    pick = ViewPickFactory(
        view__owner=agent, view__name="Spring renewals", subject_id=cast["mine"].pk
    )

    response = as_agent.get(URL, {"picked": pick.view_id})

    assert names(response) == ["Mine"]
    chips = [(chip.label, chip.value) for chip in response.context["listing"].chips]
    assert chips == [("In view", "Spring renewals")]


def test_the_picks_of_a_view_one_does_not_find_are_refused(as_agent, outsider, cast):
    pick = ViewPickFactory(view__owner=outsider, subject_id=cast["mine"].pk)

    assert as_agent.get(URL, {"picked": pick.view_id}).status_code == 400


def test_an_owner_and_a_team_are_chosen_by_id(as_agent, cast, agent, team):
    response = as_agent.get(URL, {"owner": agent.pk, "team": team.pk})

    assert names(response) == ["Mine"]
    chips = [(chip.label, chip.value) for chip in response.context["listing"].chips]
    assert chips == [("Owner", "Ada Lovett"), ("Team", "Northern")]


def test_every_filter_is_a_chip_that_can_be_removed(as_agent, cast):
    response = as_agent.get(URL, {"tier": ["high", "mid"], "q": "m", "owner": "me", "sort": "mrr"})

    chips = {chip.value: chip.url for chip in response.context["listing"].chips}
    assert set(chips) == {"High", "Mid", "m", "me"}
    assert chips["High"] == "/customers/?tier=mid&q=m&owner=me&sort=mrr"
    page = response.content.decode()
    assert "1 of 4" in page
    assert (
        '<a href="/customers/?tier=mid&amp;q=m&amp;owner=me&amp;sort=mrr"'
        ' aria-label="Remove filter: Tier High"><svg' in page
    )


def test_what_somebody_looked_for_is_said_as_they_typed_it(as_agent, account):
    page = as_agent.get(URL, {"q": "<b>lark"}).content.decode()

    assert 'Search <b>&lt;b&gt;lark</b><a href="/customers/?view=all"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "red"},
        {"stage": "nowhere"},
        {"owner": "999999"},
        {"owner": "9" * 40},
        {"team": "x"},
        {"sort": "password"},
        {"renews": "1000"},
        {"picked": "999999"},
        {"mrr_from": "NaN"},
        {"mrr_to": "1e400"},
        {"q": "x" * 121},
        {"owner__password__startswith": "a"},
    ],
)
def test_a_filter_that_the_list_does_not_know_is_refused_with_words(as_agent, account, query):
    response = as_agent.get(URL, query)

    assert response.status_code == 400
    assert "something the list does not know" in response.content.decode()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Ash", "Birch", "Cedar"]),
        ("name", ["Ash", "Birch", "Cedar"]),
        ("-name", ["Cedar", "Birch", "Ash"]),
        ("mrr", ["Cedar", "Ash", "Birch"]),
        ("-mrr", ["Birch", "Ash", "Cedar"]),
        ("renews", ["Birch", "Ash", "Cedar"]),  # without a date comes last
        ("started", ["Cedar", "Birch", "Ash"]),
        ("-started", ["Ash", "Birch", "Cedar"]),
    ],
)
def test_the_list_can_be_sorted(as_agent, small_pages, sort, expected):
    AccountFactory(name="Ash", mrr=20, started_on=date(2024, 3, 1), renews_on=date(2027, 1, 1))
    AccountFactory(name="Birch", mrr=30, started_on=date(2024, 2, 1), renews_on=date(2026, 12, 1))
    AccountFactory(name="Cedar", mrr=10, started_on=date(2024, 1, 1))

    first = as_agent.get(URL, {"sort": sort})
    second = as_agent.get(first.context["listing"].older)

    assert names(first) + names(second) == expected
    assert names(as_agent.get(second.context["listing"].newer)) == expected[:2]


def test_the_head_of_a_column_sorts_by_it_and_then_the_other_way(as_agent, account):
    def head(label, **query):
        columns = as_agent.get(URL, query).context["listing"].columns
        return next(column for column in columns if str(column.label) == label)

    assert (head("Name").sorted, head("Name").url) == ("ascending", "/customers/?sort=-name")
    assert head("Name", sort="-name").sorted == "descending"
    assert head("MRR").url == "/customers/?sort=-mrr"
    assert head("MRR", sort="-mrr").url == "/customers/?sort=mrr"
    assert head("MRR", sort="mrr").sorted == "ascending"
    assert head("Name", q="lark").sorted == ""
    assert head("Stage").url == ""

    page = as_agent.get(URL, {"sort": "-mrr"}).content.decode()
    assert (
        '<th role="columnheader" scope="col" class="num" aria-sort="descending">'
        '<a href="/customers/?sort=mrr">MRR<svg' in page
    )
    assert '<th role="columnheader" scope="col" class="">Stage</th>' in page


def test_paging_stays_right_while_rows_are_added(as_agent, small_pages):
    for name in ("Birch", "Cedar", "Elm", "Fir"):
        AccountFactory(name=name)
    first = as_agent.get(URL)

    AccountFactory(name="Ash")
    second = as_agent.get(first.context["listing"].older)

    assert names(first) + names(second) == ["Birch", "Cedar", "Elm", "Fir"]


@pytest.mark.parametrize("also", ["", "&mrr_from=0"])
def test_search_results_are_paged_by_relevance(as_agent, small_pages, also):
    for name in ("Harbour", "Harbour Inn", "Old Harbour", "Olde Harbour Inn", "New Harbour Spa"):
        AccountFactory(name=name)
    seen, url = [], f"{URL}?q=harbour{also}"
    while url:
        response = as_agent.get(url)
        seen += names(response)
        url = response.context["listing"].older

    assert seen[0] == "Harbour"
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 5
    back = as_agent.get(response.context["listing"].newer)
    assert names(back) == seen[2:4]


@pytest.mark.parametrize("cursor", ["nonsense", "9" * 30, "WyJhIiwicyJd", "0"])
def test_a_damaged_place_shows_the_first_page(as_agent, account, cursor):
    assert names(as_agent.get(URL, {"at": cursor})) == ["Larkspur Dental"]
    assert names(as_agent.get(URL, {"at": cursor, "q": "lark"})) == ["Larkspur Dental"]


def test_counting_stops_where_nobody_cares(as_agent, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 2)
    monkeypatch.setattr(search, "CAP", 2)
    for n in range(3):
        AccountFactory(name=f"Harbour {n}")

    assert "2+ customers" in as_agent.get(URL).content.decode()
    assert "2+ of 2+" in as_agent.get(URL, {"tier": "standard"}).content.decode()


def test_badges_say_what_matters_most(as_agent, cast):
    page = as_agent.get(URL).content.decode()

    for word in ("Prospect", "Leaving", "Churned", "Retention"):
        assert word in page


def test_typing_swaps_only_the_list(as_agent, account, htmx):
    response = as_agent.get(URL, {"q": "lark"}, headers=htmx("list"))

    assert response.content.decode().lstrip().startswith('<div id="list"')


def test_a_new_search_keeps_the_filters(as_agent, cast):
    response = as_agent.get(URL, {"tier": ["high", "mid"], "q": "m", "at": "x"})

    page = response.content.decode()
    for value in ("high", "mid"):
        assert f'<input type="hidden" name="tier" value="{value}">' in page
    assert 'href="/customers/filters/?tier=high&amp;tier=mid&amp;q=m"' in page


def test_the_queries_do_not_grow_with_the_rows(as_agent, agent, django_assert_max_num_queries):
    team = TeamFactory()
    for n in range(3):
        account = AccountFactory(owner=agent, team=team, name=f"Harbour {n}")
        ContactFactory(account=account, is_primary=True)

    for query in ({}, {"q": "harbour"}, {"tier": "standard"}, {"q": "harbour", "sort": "mrr"}):
        with django_assert_max_num_queries(10):
            as_agent.get(URL, query)


def test_filters_are_a_page_and_a_dialog(as_agent, cast, htmx):
    url = reverse("desk:filters")

    page = as_agent.get(url, {"industry": "Gone Fishing", "owner": "me"}).content.decode()
    fragment = as_agent.get(url, headers=htmx("filters")).content.decode()

    assert "<h1>Filter customers</h1>" in page
    assert "Gone Fishing" in page
    assert "Retail" in fragment
    assert fragment.lstrip().startswith('<div id="filters"')


def test_industries_are_offered_once_each(as_agent):
    for industry in ("Retail", "Fitness", "Retail", ""):
        AccountFactory(industry=industry)

    response = as_agent.get(reverse("desk:filters"))

    assert response.context["choices"].industries == ["Fitness", "Retail"]


def test_a_list_can_have_other_columns(account, agent, team, now):
    account.started_on, account.plan, account.industry = date(2024, 3, 1), "Studio", "Health"
    account.save()
    keys = ["status", "team", "reference", "plan", "industry", "started", "churned", "status"]
    shown = columns.chosen(keys)

    row = rows.dress(rows.values(shown), shown, at=now, url=URL)[0]

    assert [column.key for column in shown] == ["name", *keys[:-1]]
    for word in ("Customer", "Northern", "LD-20418", "Studio", "Health", "1 March 2024"):
        assert word in row.html


def test_a_column_that_there_is_not_is_refused():
    with pytest.raises(columns.UnknownColumn, match="password"):
        columns.chosen(["tier", "password"])


def test_what_somebody_typed_is_only_text_in_a_cell(as_agent):
    AccountFactory(name="<b>Bold</b>")

    assert "&lt;b&gt;Bold&lt;/b&gt;</a>" in as_agent.get(URL).content.decode()


def test_a_figure_of_many_is_kept_for_some_seconds(as_agent, monkeypatch):
    AccountFactory(tier="mid")
    monkeypatch.setattr(listing, "_count", lambda accounts: f"1,{accounts.count():03}")

    first, second = (as_agent.get(URL, {"tier": "mid"}) for _ in range(2))
    AccountFactory(tier="mid")
    third = as_agent.get(URL, {"tier": "mid", "sort": "-mrr"})

    assert {each.context["listing"].shown for each in (first, second, third)} == {"1,001"}
