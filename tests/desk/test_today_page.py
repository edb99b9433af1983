"""Today as a whole: what waits for one person, the news, and what it costs."""

from datetime import timedelta

import pytest
import time_machine

from apps.accounts import actions as accounts
from apps.saves.models import Rung, SaveCase
from tests.desk.days import page_of, stayed, undecided
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.saves import CommitmentFactory, DraftFactory, WinBackFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


# --- Drafts


def test_drafts_stand_on_today_until_they_are_logged(as_agent, agent, account):
    DraftFactory(account=account, agent=agent, answers={"verbatim": ["Too dear"]})

    page = as_agent.get("/").content.decode()

    assert "Not logged yet" in page
    assert "Finish your call with Larkspur Dental" in page
    assert "Too dear" in page


def test_a_draft_of_who_is_removed_or_hidden_is_not_listed(
    as_agent, agent, account, manager, private_team, now
):
    DraftFactory(account=account, agent=agent)

    def is_listed():
        return "Finish your call with" in as_agent.get("/").content.decode()

    assert is_listed()
    accounts.remove_account(account, reason="A test entry.", by=manager, at=now)
    assert not is_listed()
    accounts.restore_account(account, by=manager, at=now)
    assert is_listed()
    type(account).objects.update(team=private_team)
    assert not is_listed()


# --- The whole


def test_the_line_under_the_title_counts_what_waits(as_agent, agent, account, now):
    undecided(account, agent, now - HOUR)
    undecided(AccountFactory(), agent, now + HOUR)
    CommitmentFactory(owner=agent, due_on=now.date() - DAY)
    DraftFactory(agent=agent, account=account)
    gone = AccountFactory(owner=agent, churned_on=now.date() - 40 * DAY)
    WinBackFactory(account=gone, not_before=now.date() - DAY)

    page = as_agent.get("/").content.decode()

    assert "2 call-backs, 1 draft, 1 commitment, 1 win-back" in page
    assert "2 overdue" in page
    assert 'id="commitments-due"' in page
    assert gone.name in page


def test_an_empty_day_says_so(as_agent):
    page = as_agent.get("/").content.decode()

    assert "Nothing is waiting for you." in page
    assert "Nobody to call back." in page
    assert "Team" not in page


# --- News


def test_a_page_that_stays_open_asks_for_its_counts(as_agent, agent, account, now, htmx):
    undecided(account, agent, now - HOUR)
    look = as_agent.get("/").context["seen"]
    assert look == f"{SaveCase.objects.get().pk}.0.0"

    headers = htmx("today-news")
    news = as_agent.get("/today/news/", {"seen": look}, headers=headers).content.decode()
    assert "1 call-back" in news
    assert "new. Show" not in news
    assert "1 h late" in news

    undecided(AccountFactory(), agent, now + HOUR)
    CommitmentFactory(owner=agent)
    news = as_agent.get("/today/news/", {"seen": look}, headers=headers).content.decode()
    assert "2 new. Show" in news
    assert f"seen={look}" in news


@pytest.mark.parametrize("seen", ["", "1.2", "a.b.c", "1.2.3.4", "-1.0.0"])
def test_a_page_with_a_damaged_mark_is_offered_nothing(as_agent, agent, account, now, htmx, seen):
    undecided(account, agent, now - HOUR)

    news = as_agent.get("/today/news/", {"seen": seen}, headers=htmx("today-news"))

    assert "new. Show" not in news.content.decode()


def test_whoever_opens_the_news_is_led_to_today(as_agent):
    assert as_agent.get("/today/news/")["Location"] == "/"


# --- Queries


def test_the_queries_do_not_grow(
    as_agent, agent, manager, client, now, django_assert_max_num_queries
):
    for number in range(5):
        account = AccountFactory(owner=agent)
        undecided(account, agent, now - number * HOUR, contact=ContactFactory(account=account))
        stayed(agent, now - number * DAY, Rung.DEFLECTED)
        DraftFactory(agent=agent, account=account)
        CommitmentFactory(owner=agent, account=account)
        gone = AccountFactory(owner=agent, churned_on=now.date() - 40 * DAY)
        WinBackFactory(account=gone, not_before=now.date() - DAY)

    with django_assert_max_num_queries(5):  # four while the months are known
        as_agent.get("/")
    client.force_login(manager)
    with django_assert_max_num_queries(7):
        client.get("/", {"whose": "team"})


def test_what_is_counted_up_to_a_point_says_so(agent, account, now):
    CommitmentFactory.create_batch(
        51, account=account, owner=agent, due_on=now.date() - timedelta(days=2)
    )
    waiting = page_of(agent, now).waiting

    assert waiting.said == "49+ commitments"
    assert waiting.overdue == "49+"
    assert waiting.commitments.late_figure == "49+"


def test_all_that_are_due_can_be_shown(client, agent, manager, account, now):
    CommitmentFactory.create_batch(8, account=account, owner=agent, text="Ring them")

    def lines(who, query):
        client.force_login(who)
        page = client.get(f"/?{query}").content.decode()
        return page.count(">Ring them</a>"), "#commitments-due" in page

    for who, whose in ((agent, ""), (manager, "&whose=team")):
        assert lines(who, whose) == (6, True)
        assert lines(who, f"show=all{whose}") == (8, False)
