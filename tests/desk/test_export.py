"""The list as a file: exactly what the list shows, safe to open, and written down."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from apps.desk.queries import columns, export
from apps.history.models import Event
from tests.factories.accounts import AccountFactory, CustomFieldFactory
from tests.factories.workspace import SavedViewFactory

URL = "/customers/export/"


def read(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def customers(team, agent):
    ash = AccountFactory(
        name="Ash",
        reference="A-1",
        tier="high",
        mrr=Decimal("300.50"),
        team=team,
        owner=agent,
        stage="retention",
        started_on=date(2024, 1, 2),
        renews_on=date(2027, 1, 2),
    )
    ash.timeline.last_touch_at = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)
    ash.timeline.save()
    AccountFactory(
        name="Birch", reference="B-1", tier="high", mrr=900, stage="onboarding", currency="EUR"
    )
    AccountFactory(name="Cedar", reference="C-1", tier="mid")


def test_the_file_holds_the_lists_rows_in_its_order_with_its_columns(as_manager, customers):
    response = as_manager.post(f"{URL}?tier=high&sort=-mrr&columns=mrr.owner.touch")

    assert read(response) == [
        ["Name", "Number", "MRR", "Currency", "Owner", "Last touch (Europe/London)"],
        ["Birch", "B-1", "900.00", "EUR", "", ""],
        ["Ash", "A-1", "300.50", "GBP", "Ada Lovett", "2026-06-09 10:30"],
    ]


def test_every_column_says_plain_text(as_manager, customers):
    keys = [key for key in columns.COLUMNS if key != "name"]

    head, ash, *_others = read(as_manager.post(f"{URL}?columns={'.'.join(keys)}"))

    assert len(set(head)) == len(head) == len(columns.COLUMNS)
    said = dict(zip(head, ash, strict=True))
    assert (said["Stage"], said["Status"], said["Tier"]) == ("Retention", "Customer", "High")
    assert (said["Renews"], said["Customer since"], said["Last day"]) == (
        "2027-01-02",
        "2024-01-02",
        "",
    )
    assert said["Team"] == "Northern"


def test_a_list_without_money_has_no_currency(as_manager, customers):
    assert read(as_manager.post(f"{URL}?columns=tier"))[0] == ["Name", "Number", "Tier"]


def test_search_results_come_best_first(as_manager):
    for name in ("Old Harbour", "Harbour", "Harbour Inn"):
        AccountFactory(name=name)

    lines = read(as_manager.post(f"{URL}?q=harbour&columns=tier"))

    assert lines[1][0] == "Harbour"
    assert len(lines) == 4


def test_the_name_of_a_custom_field_is_no_formula_either(as_manager, customers):
    CustomFieldFactory(key="trap", label='=HYPERLINK("https://evil.example")')

    response = as_manager.post(f"{URL}?columns=cf_trap")

    assert read(response)[0] == ["Name", "Number", '\'=HYPERLINK("https://evil.example")']


def test_long_lists_are_read_in_pieces_and_who_is_gone_meanwhile_is_left_out(
    as_manager, monkeypatch
):
    monkeypatch.setattr(export, "CHUNK", 2)
    accounts = [AccountFactory(name=name) for name in "ABCDE"]
    response = as_manager.post(URL)
    accounts[3].removed_at = datetime(2026, 6, 9, tzinfo=UTC)
    accounts[3].save()

    assert [line[0] for line in read(response)] == ["Name", "A", "B", "C", "E"]


def test_an_export_is_in_the_history_of_who_did_it(as_manager, manager, customers):
    view = SavedViewFactory(owner=manager, name="Best ones", query="tier=high")

    with time_machine.travel(datetime(2026, 6, 9, 23, 30, tzinfo=UTC), tick=False):
        response = as_manager.post(f"{URL}?tier=high&view={view.pk}&columns=tier")

    event = Event.objects.get(kind="desk.exported")
    assert event.timeline == manager.member.timeline
    assert event.payload == {
        "count": 2,
        "view": "Best ones",
        "filters": ["Tier High"],
        "columns": ["Name", "Number", "Tier"],
    }
    # In London the day is another already.
    assert response["Content-Disposition"] == (
        'attachment; filename="customers-best-ones-2026-06-10.csv"'
    )
    page = as_manager.get(reverse("access:person", args=[manager.pk])).content.decode()
    assert "2 customers exported" in page


def test_agents_export_nothing_and_see_no_button(as_agent, customers):
    assert "Export" not in as_agent.get("/customers/").content.decode()
    assert as_agent.post(URL).status_code == 403


def test_the_button_asks_for_what_the_list_shows(as_manager, customers):
    page = as_manager.get("/customers/?tier=high&columns=tier").content.decode()

    assert 'action="/customers/export/?tier=high&amp;columns=tier"' in page


def test_a_question_that_the_list_does_not_know_makes_no_file(as_manager):
    response = as_manager.post(f"{URL}?colour=red")

    assert (response.status_code, Event.objects.count()) == (302, 0)


def test_an_export_takes_a_few_queries_however_many_rows(
    as_manager, customers, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        read(as_manager.post(URL))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-Foo", "'-Foo"),
        ("@sum", "'@sum"),
        ("  =1", "'  =1"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-12.50", "-12.50"),
        ("Ash", "Ash"),
        ("", ""),
    ],
)
def test_a_spreadsheet_runs_no_cell(cell, safe):
    assert export.inert(cell) == safe
