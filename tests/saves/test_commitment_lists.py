"""Commitments among others: on the customer page, all of a customer, and those that are due."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.saves.actions import commitments as actions
from apps.saves.queries import commitments as queries
from apps.saves.queries.commitments import on_today
from tests.factories.accounts import AccountFactory
from tests.factories.saves import CommitmentFactory
from tests.factories.users import make_person

TODAY = date(2026, 6, 9)  # a Tuesday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def url(said):
    return said.get_absolute_url()


def text(response):
    return " ".join(response.content.decode().split())


# --- on the customer page, and all of them


def test_the_customer_page_counts_and_asks(as_agent, account, agent, manager, said, now):
    kept = CommitmentFactory(account=account, owner=agent, due_on=TODAY)
    actions.keep(kept, evidence="x", by=manager, at=now)
    late = CommitmentFactory(account=account, owner=agent, due_on=TODAY - DAY, text="Ring them")
    actions.break_overdue(at=now)

    response = as_agent.get(account.get_absolute_url())

    block = response.context["page"].commitments
    assert block.words == "1 kept, 1 broken"
    assert [line.pk for line in block.lines] == [late.pk, said.pk]
    page = text(response)
    assert "Was due yesterday." in page
    assert f'href="{late.get_absolute_url()}keep/"' in page
    assert "Make good<span" in page


def test_the_customer_page_shows_a_few_and_says_how_many_more(as_agent, account, agent):
    CommitmentFactory.create_batch(7, account=account, owner=agent, is_visible=False)

    page = text(as_agent.get(account.get_absolute_url()))

    assert page.count("Mark kept") == 6
    assert "1 more is open" in page
    assert "The customer does not know." in page


def test_what_was_broken_long_ago_is_only_counted(as_agent, account, agent, now):
    long_ago = {"due_on": TODAY - 40 * DAY, "state": "broken", "settled_at": now - 39 * DAY}
    CommitmentFactory(account=account, owner=agent, **long_ago)

    response = as_agent.get(account.get_absolute_url())

    block = response.context["page"].commitments
    assert (block.words, block.lines) == ("1 broken", [])
    assert "Nothing is open." in text(response)


def test_a_customer_to_whom_nobody_said_anything(as_agent, account):
    assert "Nobody has said we would do anything." in text(as_agent.get(account.get_absolute_url()))
    page = as_agent.get(reverse("saves:commitments", args=[account.pk]))
    assert "Nothing yet" in text(page)


def test_all_of_a_customer_and_of_its_merged_records(as_agent, account, agent, said, now):
    part = AccountFactory(name="Larkspur", team=account.team, plan="x")
    mended = CommitmentFactory(account=part, owner=agent, due_on=TODAY - DAY, text="Ring them")
    waived = CommitmentFactory(account=part, owner=agent, due_on=TODAY, is_visible=False)
    kept = CommitmentFactory(account=part, owner=agent, due_on=TODAY)
    CommitmentFactory(owner=agent)
    accounts.merge(account, part, by=agent, at=now)
    actions.keep(mended, evidence="Rang", by=agent, at=now)
    actions.keep(kept, evidence="Sent", by=agent, at=now)
    actions.waive(waived, evidence="They moved", by=agent, at=now)
    url = reverse("saves:commitments", args=[account.pk])

    response = as_agent.get(url)

    ledger = response.context["ledger"]
    assert [row.pk for row in ledger.page.rows] == [said.pk, kept.pk, waived.pk, mended.pk]
    assert [(chip.key, chip.count) for chip in ledger.chips] == [
        ("open", 1),
        ("kept", 1),
        ("broken", 1),
        ("waived", 1),
    ]
    assert "and made good" in text(response)
    only = as_agent.get(url, {"show": "broken"}).context["ledger"]
    assert [row.pk for row in only.page.rows] == [mended.pk]
    assert as_agent.get(url, {"show": "nonsense"}).context["ledger"].show == ""


def test_a_long_ledger_has_pages(as_agent, account, agent, django_assert_max_num_queries):
    CommitmentFactory.create_batch(60, account=account, owner=agent)
    url = reverse("saves:commitments", args=[account.pk])

    with django_assert_max_num_queries(9):
        first = as_agent.get(url, {"show": "open"})

    older = first.context["ledger"].page.older
    assert f"?show=open&amp;at={older}" in text(first)
    second = as_agent.get(url, {"show": "open", "at": older})
    assert len(second.context["ledger"].page.rows) == 10
    assert "?show=open&amp;at=" in text(second)
    assert "Earlier" in text(as_agent.get(url))
    assert "Later" in text(as_agent.get(url, {"at": older}))


def test_one_commitment_asks_little(as_agent, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        as_agent.get(url)


# --- due


def test_due_are_the_readers_own_soonest_first_with_the_late_ones(
    account, agent, manager, said, now
):
    late = CommitmentFactory(account=account, owner=agent, due_on=TODAY - 2 * DAY)
    over = CommitmentFactory(account=account, owner=agent, due_on=TODAY - DAY)
    actions.break_overdue(at=now)
    actions.keep(over, evidence="x", by=agent, at=now)
    CommitmentFactory(account=account, owner=manager)

    due = queries.due(agent, now)

    assert [line.pk for line in due.lines] == [late.pk, said.pk]
    assert (due.count, due.late, due.more) == (2, 1, 0)
    assert due.lines[0].customer == "Larkspur Dental"
    assert due.lines[0].customer_url == account.get_absolute_url()


def test_due_shows_the_first_and_counts_up_to_a_point(account, agent, now):
    CommitmentFactory.create_batch(12, account=account, owner=agent)

    due = queries.due(agent, now)
    assert (len(due.lines), due.count, due.more, due.figure) == (6, 12, 6, "12")

    CommitmentFactory.create_batch(40, account=account, owner=agent)
    assert queries.due(agent, now).figure == "49+"


def test_what_is_hidden_crowds_nothing_out(account, private_account, agent, now):
    CommitmentFactory.create_batch(
        50, account=private_account, owner=agent, due_on=TODAY - 30 * DAY
    )
    shown = CommitmentFactory(account=account, owner=agent)

    due = queries.due(agent, now)

    assert ([line.pk for line in due.lines], due.figure) == ([shown.pk], "1")


def test_due_hides_what_the_reader_may_not_see(account, private_account, agent, manager, said, now):
    CommitmentFactory(account=private_account, owner=agent)
    merged = AccountFactory(merged_into=private_account)
    CommitmentFactory(account=merged, owner=agent)
    assert queries.due(agent, now).count == 1

    accounts.remove_account(account, reason="Twice", by=manager, at=now)
    assert queries.due(agent, now).count == 0


def test_a_manager_sees_what_their_team_has_to_keep(manager, team, said, now):
    CommitmentFactory(owner=make_person(team=None))

    due = queries.due(manager, now, team=team)

    assert [line.pk for line in due.lines] == [said.pk]


@pytest.mark.parametrize("late", [False, True])
def test_the_fragment_of_today(rf, agent, account, said, now, late):
    if late:
        CommitmentFactory.create_batch(11, account=account, owner=agent, due_on=TODAY - DAY)
    request = rf.get("/")
    request.user = agent
    html = render_to_string(
        "saves/_commitments_due.html", {"due": queries.due(agent, now)}, request
    )

    assert "keep/?back=today" in html
    assert ("11 are late" in html) is late
    assert ("6 of 12" in html) is late


def test_the_fragment_of_today_with_nothing_to_keep(rf, agent, now):
    html = render_to_string("saves/_commitments_due.html", {"due": queries.due(agent, now)})

    assert "Nothing you said you would do is open." in html


def test_what_is_over_is_found_without_reading_what_is_not(account, agent, now):
    CommitmentFactory(account=account, owner=agent, due_on=TODAY - DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO saves_commitment (account_id, text, owner_id, due_on, is_visible, state,"
            " evidence, made_by_id, made_at, version)"
            " SELECT %s, 'x', %s, '2027-01-01', true, 'open', '', %s, now(), 1"
            " FROM generate_series(1, 20000)",
            [account.pk, agent.pk, agent.pk],
        )
        cursor.execute("ANALYZE saves_commitment")
        cursor.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {on_today._OVERDUE}", {"at": now, "limit": 1}
        )
        plan = cursor.fetchone()[0][0]["Plan"]

    assert queries.overdue(now, limit=1) != []
    assert "saves_commitment_due" in str(plan)
    assert "Seq Scan on saves_commitment" not in str(plan)
    assert _read_most(plan) < 100


def _read_most(plan):
    """The most rows that a step of a plan gave or threw away."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return max([own, *(_read_most(each) for each in plan.get("Plans", ()))])


@pytest.mark.parametrize(
    ("asked", "found"),
    [("open", ["Ash"]), ("broken", ["Birch", "Cedar"]), ("unmended", ["Birch"])],
)
def test_the_list_finds_customers_by_how_we_kept_our_word(as_agent, agent, now, asked, found):
    ash, birch, cedar = (AccountFactory(name=name) for name in ("Ash", "Birch", "Cedar"))
    part = AccountFactory(name="Cedar Ltd", plan="x")
    AccountFactory(name="Dogwood")
    CommitmentFactory.create_batch(2, account=ash, owner=agent)
    CommitmentFactory(account=birch, owner=agent, due_on=TODAY - DAY)
    mended = CommitmentFactory(account=part, owner=agent, due_on=TODAY - DAY)
    actions.break_overdue(at=now)
    actions.keep(mended, evidence="x", by=agent, at=now)
    accounts.merge(cedar, part, by=agent, at=now)

    response = as_agent.get("/customers/", {"commitments": asked})

    page = text(response)
    listed = [name for name in ("Ash", "Birch", "Cedar", "Dogwood") if f">{name}<" in page]
    assert listed == found
    assert "Commitments" in page
