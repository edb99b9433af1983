"""Whom to call back today, and who called last."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.desk.queries import today_calls
from tests.desk.days import groups, page_of, undecided
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.saves import CommitmentFactory, DraftFactory, SaveCaseFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


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
