"""Tasks in somebody's own calendar, by a private address."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core.logs import Line
from apps.tasks.models import Feed
from apps.tasks.rules.ical import LONGEST, Entry, calendar
from tests.factories.accounts import AccountFactory
from tests.factories.tasks import TaskFactory

FEED = "/tasks/feed/"
HOUR = timedelta(hours=1)


def says(response):
    """Return what a page says, without markup."""
    return response.content.decode()


@pytest.fixture
def url(as_agent):
    """Ada's address."""
    return as_agent.post(FEED, {"do": "new"}).context["url"]


@pytest.fixture
def shown(client, url):
    """What her calendar reads, with long lines put together."""

    def ask():
        client.logout()
        return says(client.get(url)).replace("\r\n ", "")

    return ask


def test_open_tasks_are_entries_that_end_when_they_are_due(shown, account, agent, manager, now):
    more = {"account": account, "owner": agent}
    call = TaskFactory(what="Call, then write", due_at=now, effort=30, details="One\nTwo", **more)
    asleep = {"snoozed_by": agent, "snooze_reason": "Away", "snoozed_until": now + HOUR}
    TaskFactory(what="Put off", due_at=now, **more, **asleep)
    TaskFactory(what="Done", state="cancelled", closed_at=now, **more)
    TaskFactory(what="Somebody else’s", account=account, owner=manager)

    text = shown()

    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == 2
    assert f"UID:task-{call.pk}@testserver\r\n" in text
    assert "DTSTART:20260609T090000Z\r\nDTEND:20260609T093000Z\r\n" in text
    assert "DTEND:20260609T103000Z" in text
    assert "SUMMARY:Call\\, then write (Larkspur Dental)\r\n" in text
    link = f"http://testserver/tasks/{call.pk}/"
    assert f"DESCRIPTION:Call\\nOne\\nTwo\\n{link}\r\nURL:{link}" in text
    assert "Done" not in text
    assert "Somebody else" not in text


def test_customers_out_of_sight_are_left_out(shown, private_account, agent, account, team):
    TaskFactory(what="Hidden", account=private_account, owner=agent)
    given_up = AccountFactory(merged_into=account, team=team)
    TaskFactory(what="Merged", account=given_up, owner=agent)

    text = shown()

    assert "Hidden" not in text
    assert "SUMMARY:Merged (Larkspur Dental)" in text


def test_the_answer_is_for_calendars_and_kept_by_nobody(client, url):
    response = client.get(url)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert client.post(url).status_code == 405


def test_the_address_is_shown_once(as_agent, agent):
    assert "Make an address" in says(as_agent.get(FEED))
    made = as_agent.post(FEED, {"do": "new"})
    secret = made.context["url"].split("/")[-1].removesuffix(".ics")

    assert len(secret) >= 43
    assert made.context["url"] in says(made)
    assert secret not in says(as_agent.get(FEED))
    assert "You have an address, made" in says(as_agent.get(FEED))
    assert secret not in Feed.objects.get(user=agent).secret_hash


def test_a_new_address_ends_the_one_before_and_it_can_be_ended(as_agent, url):
    newer = as_agent.post(FEED, {"do": "new"}).context["url"]
    assert as_agent.get(url).status_code == 404
    assert as_agent.get(newer).status_code == 200

    ended = as_agent.post(FEED, {"do": "end"}, follow=True)
    assert "Address ended." in says(ended)
    assert as_agent.get(newer).status_code == 404
    assert not Feed.objects.exists()
    assert as_agent.post(FEED, {"do": "end"}).status_code == 302


def test_a_wrong_secret_is_not_there(client, db):
    assert client.get("/tasks/feed/wrong.ics").status_code == 404


def test_the_log_does_not_hold_the_secret(client, db, caplog):
    line = Line("%(message)s")
    client.get("/tasks/feed/wrong.ics")

    assert "wrong" not in "".join(line.format(record) for record in caplog.records)


def test_who_has_left_or_lost_the_right_has_no_calendar(client, url, agent):
    agent.is_active = False
    agent.save()
    assert client.get(url).status_code == 404
    agent.is_active = True
    agent.save()
    agent.member.delete()
    assert client.get(url).status_code == 404


def test_a_calendar_asks_little_whatever_it_holds(
    client, url, agent, django_assert_max_num_queries
):
    client.logout()
    for _time in range(2):
        for _number in range(20):
            TaskFactory(account=AccountFactory(), owner=agent)
        with django_assert_max_num_queries(4):
            client.get(url)


def test_nothing_in_a_text_ends_its_line_and_long_lines_are_folded():
    at = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)
    title = "a;b\\c\r\nBEGIN:VEVENT\rx\ny\x00z" + "ü" * 100
    entry = Entry("1", at, at, title, "", "", 1)

    text = calendar("Mine", [entry], at=at)

    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= LONGEST
    assert text.count("\nBEGIN:VEVENT") == 1
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:a\\;b\\\\c\\nBEGIN:VEVENT\\nx\\nyz" + "ü" * 100 + "\r\n" in whole
