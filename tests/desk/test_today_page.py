"""Today: what waits, for one person and for their teams, and how the month goes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.desk.queries import today_calls, today_page
from apps.saves.models import Rung, SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.saves import (
    CommitmentFactory,
    DraftFactory,
    SaveCaseFactory,
    WatchFactory,
    WinBackFactory,
)
from tests.factories.users import TeamFactory, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


def undecided(account, agent, call_back_at, **more):
    opened_at = more.pop("opened_at", call_back_at - 2 * DAY)
    return SaveCaseFactory(
        account=account,
        agent=agent,
        outcome="undecided",
        call_back_at=call_back_at,
        opened_at=opened_at,
        **more,
    )


def stayed(agent, opened_at, rung=None, **more):
    case = SaveCaseFactory(agent=agent, opened_at=opened_at, **more)
    if rung:
        more = {"why": "silent"} if rung == Rung.UNKNOWN else {}
        WatchFactory(case=case, account=case.account, rung=rung, **more)
    return case


def page_of(user, now, **more):
    return today_page.today_page(user, at=now, **more)


def groups(page):
    return {
        group.key: [row.customer for row in group.rows] for group in page.waiting.call_backs.groups
    }


# --- Call-backs


def test_call_backs_are_grouped_by_the_readers_day(agent, now):
    agent.time_zone = "Europe/London"  # 10:30 on a Tuesday
    agent.save()
    for name, at in {
        "Long ago": now - 9 * DAY,
        "Just missed": now - HOUR,
        "Soon": now + HOUR,
        "Tonight": datetime(2026, 6, 9, 22, 30, tzinfo=UTC),
        "After midnight": datetime(2026, 6, 9, 23, 30, tzinfo=UTC),
        "Sunday": datetime(2026, 6, 14, 12, tzinfo=UTC),
        "Next week": datetime(2026, 6, 15, 12, tzinfo=UTC),
    }.items():
        undecided(AccountFactory(name=name), agent, at)

    with timezone.override("Europe/London"):
        found = groups(page_of(agent, now))

    assert found == {
        "overdue": ["Just missed", "Long ago"],
        "today": ["Soon", "Tonight"],
        "week": ["After midnight", "Sunday"],
        "later": ["Next week"],
    }


def test_a_later_call_answers_a_call_back_whoever_made_it(agent, manager, now):
    answered, waiting = AccountFactory(name="Answered"), AccountFactory(name="Waiting")
    for account in (answered, waiting):
        undecided(account, agent, now - HOUR, opened_at=now - 3 * DAY)
    SaveCaseFactory(account=answered, agent=manager, opened_at=now - 2 * DAY)
    SaveCaseFactory(account=waiting, agent=manager, opened_at=now - 4 * DAY)

    assert groups(page_of(agent, now)) == {"overdue": ["Waiting"]}


def test_of_two_undecided_calls_the_later_one_counts(agent, account, now):
    undecided(account, agent, now - HOUR, opened_at=now - 3 * DAY)
    undecided(account, agent, now + HOUR, opened_at=now - 2 * DAY)

    assert groups(page_of(agent, now)) == {"today": ["Larkspur Dental"]}


def test_merged_records_are_called_back_as_one(agent, account, now):
    given_up = AccountFactory(name="Larkspur", merged_into=account)
    case = undecided(given_up, agent, now - HOUR, opened_at=now - 3 * DAY)
    (row,) = page_of(agent, now).waiting.call_backs.rows
    assert (row.customer, row.save_url) == (
        "Larkspur Dental",
        f"/customers/{account.pk}/saves/new/",
    )

    other = AccountFactory(name="Larkspur D", merged_into=account)
    SaveCaseFactory(account=other, agent=agent, opened_at=case.opened_at + HOUR)
    assert page_of(agent, now).waiting.call_backs.count == 0


def test_nobody_calls_back_who_is_hidden_or_removed(agent, private_account, account, now):
    undecided(private_account, agent, now - HOUR)
    undecided(account, agent, now - HOUR)
    DraftFactory(account=private_account, agent=agent)
    CommitmentFactory(account=private_account, owner=agent)
    SaveCaseFactory(account=private_account, agent=agent)
    account.removed_at = now
    account.save()
    SaveCaseFactory(account=account, agent=agent)

    page = page_of(agent, now)

    assert page.waiting.said == ""
    assert (page.calls, page.recent, page.on_watch.saves) == ([], [], [])


def test_a_row_names_whom_to_call_and_why(as_agent, agent, account, now):
    person = ContactFactory(account=account, name="Dr Nadia Rahman", phone="+441614960142")
    undecided(
        account, agent, now - 72 * timedelta(minutes=1), contact=person, waits_for="the board"
    )

    page = as_agent.get("/").content.decode()

    assert "Call back Dr Nadia Rahman" in page
    assert "1 h 12 min late" in page
    assert "Waits for: the board" in page
    assert 'href="tel:+441614960142" aria-label="Call Dr Nadia Rahman"' in page
    assert f'href="/customers/{account.pk}/saves/new/"' in page


def test_a_person_who_was_removed_is_not_named(agent, account, now):
    person = ContactFactory(account=account, name="Dr Nadia Rahman", removed_at=now)
    undecided(account, agent, now - HOUR, contact=person)

    (row,) = page_of(agent, now).waiting.call_backs.rows
    assert (row.title, row.phone) == ("Call back", "")


def test_the_first_of_many_are_shown_until_all_are_asked_for(as_agent, agent, now):
    for number in range(today_calls.SHOWN + 2):
        undecided(AccountFactory(), agent, now - number * HOUR)

    page = as_agent.get("/")
    assert "Show all" in page.content.decode()
    assert len(page.context["waiting"].call_backs.rows) == today_calls.SHOWN

    page = as_agent.get("/", {"show": "all"})
    assert "Show all" not in page.content.decode()
    assert len(page.context["waiting"].call_backs.rows) == today_calls.SHOWN + 2


def test_call_backs_of_long_ago_are_there_when_all_are_asked_for(agent, now):
    for number in range(today_calls.LOOKED_AT):
        account = AccountFactory()
        case = undecided(account, agent, now - number * HOUR)
        SaveCaseFactory(account=account, agent=agent, opened_at=case.opened_at + HOUR)
    undecided(AccountFactory(name="Long ago"), agent, now - 99 * DAY)

    call_backs = page_of(agent, now).waiting.call_backs
    assert (call_backs.count, call_backs.has_more) == (0, True)

    call_backs = page_of(agent, now, show_all=True).waiting.call_backs
    assert (call_backs.count, call_backs.has_more) == (1, False)


@pytest.mark.parametrize(
    ("minutes", "words", "tone", "share"),
    [
        (-26 * 60 * 24, "26 days late", "bad", 100),
        (-60, "1 h late", "bad", 100),
        (-1, "1 min late", "bad", 100),
        (-0.5, "Due now", "bad", 100),
        (0, "Due now", "bad", 100),
        (0.5, "Due now", "warn", 50),
        (48, "48 min left", "warn", 50),
        (138, "2 h 18 min left", "", 50),
        (6 * 60, "by 15:30", "", 50),
        (26 * 60, "Wed, 11:30", "", 50),
        (9 * 24 * 60, "Thu 18 June, 09:30", "", 50),
    ],
)
def test_the_time_that_is_left_is_said(now, minutes, words, tone, share):
    due_at = now + minutes * timedelta(minutes=1)
    since = now - abs(due_at - now)

    due = today_calls.due(due_at, since=since, at=now)

    assert (due.words, due.tone) == (words, tone)
    assert due.share == share


# --- Who called last


def test_the_last_callers_are_named_once_the_latest_first(agent, account, manager, now):
    SaveCaseFactory(account=account, agent=agent, opened_at=now - 2 * HOUR)
    SaveCaseFactory(account=account, agent=agent, opened_at=now - 3 * DAY)
    begun = AccountFactory(name="Begun")
    DraftFactory(account=begun, agent=agent, opened_at=now - HOUR)
    SaveCaseFactory(account=AccountFactory(name="Earlier"), agent=agent, opened_at=now - DAY)
    SaveCaseFactory(account=AccountFactory(name="Not mine"), agent=manager)

    names = [each.name for each in page_of(agent, now).recent]

    assert names == ["Begun", "Larkspur Dental", "Earlier"]


def test_on_the_way_to_a_save_a_recent_caller_leads_there(agent, account, now):
    SaveCaseFactory(account=account, agent=agent)

    page = page_of(agent, now, wants_save=True)

    assert [each.url for each in page.recent] == [f"/customers/{account.pk}/saves/new/"]


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


# --- The month


def test_no_save_counts_as_a_success_before_it_is_verified(agent, now):
    for rung in (Rung.DEFLECTED, Rung.DEFLECTED, Rung.VERIFIED_30, Rung.VERIFIED_180):
        stayed(agent, now - DAY, rung)
    for rung in (Rung.TRIED_AGAIN, Rung.LEFT, Rung.UNKNOWN):
        stayed(agent, now - DAY, rung)
    SaveCaseFactory(agent=agent, outcome="left", leaves_on=now.date())
    undecided(AccountFactory(), agent, now + DAY, opened_at=now)

    month = page_of(agent, now).months.now

    assert month.said == (
        "7 stayed, 2 of them verified, 2 too early to say, 2 didn’t last, 1 unknown."
        " 1 left, 1 undecided."
    )
    assert (month.calls, month.stayed, month.verified) == (9, 7, 2)


def test_a_save_that_nobody_watches_is_unknown(agent, now):
    stayed(agent, now)

    assert page_of(agent, now).months.now.said == "1 stayed, 1 unknown."


def test_calls_of_one_attempt_count_once(agent, account, now):
    first = undecided(account, agent, now + DAY, opened_at=now - HOUR)
    stayed(agent, now, Rung.DEFLECTED, account=account, continues=first)

    month = page_of(agent, now).months.now

    assert month.said == "1 stayed, 1 too early to say. 1 went on in another call."
    assert month.calls == 2


def test_months_are_those_of_the_readers_zone(agent, now):
    # The last minute of May in London, and the first of June.
    for minute in (22 * 60 + 59, 23 * 60):
        stayed(agent, datetime(2026, 5, 31, tzinfo=UTC) + minute * timedelta(minutes=1))
    stayed(agent, datetime(2025, 12, 31, 23, 59, tzinfo=UTC))  # seven months ago

    with timezone.override("Europe/London"):
        months = page_of(agent, now).months.months

    assert [(month.name, month.calls) for month in months] == [
        ("January", 0),
        ("February", 0),
        ("March", 0),
        ("April", 0),
        ("May", 1),
        ("June", 1),
    ]


def test_few_ends_make_no_rate(as_agent, agent, now):
    for number in range(19):
        stayed(agent, now - 40 * DAY, Rung.VERIFIED_30 if number % 2 else Rung.TRIED_AGAIN)

    assert "Not enough data yet: 19 of the 20 it takes." in as_agent.get("/").content.decode()


def test_enough_ends_make_a_rate(as_agent, agent, now):
    for number in range(20):
        stayed(agent, now - 40 * DAY, Rung.VERIFIED_30 if number % 4 else Rung.LEFT)
    for _ in range(9):
        stayed(agent, now, Rung.DEFLECTED)

    page = as_agent.get("/").content.decode()

    assert "75%, 15 of 20 attempts whose end is known." in page
    assert "Calls by month: January 0, February 0, March 0, April 20, May 0, June 9." in page


def test_a_call_that_was_just_logged_counts_at_once(agent, account, now):
    stayed(agent, now - HOUR)
    assert page_of(agent, now).months.now.calls == 1
    assert page_of(agent, now).months.now.calls == 1

    stayed(agent, now, account=account)
    assert page_of(agent, now).months.now.calls == 2


def test_my_saves_on_watch_are_named_and_counted(agent, account, now):
    stayed(agent, now - DAY, Rung.DEFLECTED, account=account)
    stayed(agent, now - 60 * DAY, Rung.LEFT)
    stayed(agent, now - 70 * DAY, Rung.VERIFIED_30)

    watch = page_of(agent, now).on_watch

    assert watch.saves[0].name == "Larkspur Dental"
    assert [(count.rung, count.count) for count in watch.counts] == [
        ("deflected", 1),
        ("verified_30", 1),
        ("left", 1),
    ]
    assert watch.watched == 2


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


# --- Teams


@pytest.fixture
def two_teams(team, agent, manager, account, now):
    """Max manages Ada's team and leads another one, in which Ben is."""
    other = TeamFactory(name="Atlantic", lead=manager)
    ben = make_person("agent", name="Ben Okoro", team=other)
    stranger = make_person("agent", name="Not Theirs", team=TeamFactory())
    for person, name in ((agent, "Ada’s"), (ben, "Ben’s"), (stranger, "A stranger’s")):
        undecided(AccountFactory(name=name), person, now - HOUR)
    stayed(ben, now - DAY, Rung.DEFLECTED)
    stayed(ben, now - 40 * DAY, Rung.VERIFIED_30)
    DraftFactory(agent=agent, account=account)
    CommitmentFactory(owner=ben, account=account, due_on=now.date() - DAY)
    CommitmentFactory(owner=agent, account=account, due_on=now.date() + DAY)
    return ben


def test_a_manager_sees_all_their_teams(as_manager, manager, two_teams, now):
    page = as_manager.get("/", {"whose": "team"})

    assert groups(page.context["page"]) == {"overdue": ["Ada’s", "Ben’s"]}
    agents = page.context["page"].agents
    assert [(line.name, line.team, line.calls, line.stayed) for line in agents.lines] == [
        ("Ben Okoro", "Atlantic", 2, 1),
        ("Ada Lovett", "Northern", 1, 0),
    ]
    assert [(line.drafts, line.late) for line in agents.lines] == [(0, 1), (1, 0)]
    assert (agents.calls, agents.stayed, agents.drafts, agents.late) == (3, 1, 1, 1)
    assert page.context["waiting"].commitments.count == 2
    text = page.content.decode()
    assert "Atlantic, Northern" in text
    assert "The team’s month" in text
    assert "A stranger’s" not in text


def test_a_manager_of_one_team_sees_no_column_for_it(as_manager, team, agent):
    page = as_manager.get("/", {"whose": "team"})

    assert page.context["page"].agents.has_teams is False
    assert "Nothing is waiting for the team." in page.content.decode()


def test_who_manages_nobody_sees_their_own_day(as_agent, agent, account, now):
    undecided(account, agent, now - HOUR)

    page = as_agent.get("/", {"whose": "team"})

    assert page.context["teams"] == []
    assert page.context["page"].has_team is False
    assert page.context["waiting"].call_backs.count == 1


def test_a_team_never_tells_of_a_private_teams_customers(
    as_manager, manager, agent, private_account, now
):
    undecided(private_account, agent, now - HOUR)
    DraftFactory(agent=agent, account=private_account)
    CommitmentFactory(owner=agent, account=private_account, due_on=now.date() - DAY)
    stayed(agent, now - HOUR, Rung.DEFLECTED, account=private_account)

    page = as_manager.get("/", {"whose": "team"})

    assert "Hushed" not in page.content.decode()
    (line,) = page.context["page"].agents.lines
    assert (line.calls, line.stayed, line.drafts, line.late) == (0, 0, 0, 0)
    assert page.context["page"].months.is_empty


def test_whoever_left_the_team_is_shown_while_something_is_open(as_manager, team, agent, account):
    gone = make_person("agent", name="Gone Away", team=team)
    gone.is_active = False
    gone.save()
    lines = as_manager.get("/", {"whose": "team"}).context["page"].agents.lines
    assert [line.name for line in lines] == ["Ada Lovett"]

    DraftFactory(agent=gone, account=account)
    lines = as_manager.get("/", {"whose": "team"}).context["page"].agents.lines
    assert [line.name for line in lines] == ["Ada Lovett", "Gone Away"]


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


def test_news_of_a_team_are_the_teams(as_manager, manager, two_teams, htmx):
    query = {"seen": "0.0.0", "whose": "team"}

    news = as_manager.get("/today/news/", query, headers=htmx("today-news")).content.decode()

    assert "2 call-backs, 2 commitments" in news
    assert "?whose=team" in news


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

    with django_assert_max_num_queries(4):
        as_agent.get("/")
    client.force_login(manager)
    with django_assert_max_num_queries(6):
        client.get("/", {"whose": "team"})
