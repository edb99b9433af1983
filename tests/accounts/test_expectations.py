"""What the sale promised is met, or is not, or is open again."""

import datetime

import pytest
from django.db import IntegrityError

from apps.accounts import actions
from apps.accounts.models import Insight
from apps.history.models import Event
from tests.accounts.asking import messages_of, said, url
from tests.factories.accounts import AccountFactory, InsightFactory, MergeFactory

MAY = datetime.date(2026, 5, 3)


@pytest.fixture
def promise(account):
    return InsightFactory(
        account=account, topic="expectation", text="Live in two weeks.", source="Ben"
    )


@pytest.fixture
def settle(account, promise, agent, now):
    def settle(verdict="met", *, on=MAY, why=""):
        given = {"verdict": verdict, "on": on, "why": why}
        actions.settle_expectation(account, promise, **given, by=agent, at=now)
        promise.refresh_from_db()
        return promise.verdict, promise.settled_on, promise.settled_why

    return settle


# --- writing it down --------------------------------------------------------------


def test_what_was_met_is_told_on_its_day(account, settle, told, now):
    assert settle() == ("met", MAY, "")
    assert settle(on=now.date()) == ("met", MAY, "")

    payload = {"verdict": "met", "text": "Live in two weeks."}
    assert told(account) == [("accounts.expectation_settled", payload)]
    assert Event.objects.get().happened_at.date() == MAY


def test_what_was_not_met_says_why_and_can_be_opened_again(account, promise, settle, agent, now):
    settle("not_met", why="Their data came late.")
    for _ in range(2):
        actions.reopen_expectation(account, promise, by=agent, at=now)

    promise.refresh_from_db()
    assert (promise.verdict, promise.settled_on, promise.settled_why) == ("", None, "")
    kinds = Event.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["accounts.expectation_settled", "accounts.expectation_reopened"]
    assert Event.objects.order_by("id").first().payload["why"] == "Their data came late."


def test_a_day_before_it_was_promised_is_refused(settle, promise, account, as_agent):
    before = promise.said_on - datetime.timedelta(days=1)
    with pytest.raises(actions.SettledTooEarly):
        settle(on=before)

    page = url("expectation", account.pk, promise.pk)
    response = as_agent.post(page, {"verdict": "met", "on": before.isoformat()})

    assert response.status_code == 422
    assert said(response, "Choose the day on which it was promised, or a later one.")


def test_a_day_to_come_and_a_second_verdict_are_refused(settle, promise, now):
    with pytest.raises(actions.SaidInFuture):
        settle(on=now.date() + datetime.timedelta(days=1))
    settle()
    with pytest.raises(actions.SettledAlready):
        settle("not_met", why="No.")

    promise.refresh_from_db()
    assert promise.verdict == "met"
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "wants", "verdict": "met", "settled_on": MAY},
        {"topic": "expectation", "verdict": "met"},
        {"topic": "expectation", "verdict": "not_met", "settled_on": MAY},
        {"topic": "expectation", "settled_on": MAY},
    ],
)
def test_the_database_refuses_half_a_verdict(account, wrong):
    with pytest.raises(IntegrityError):
        InsightFactory(account=account, **wrong)


@pytest.mark.parametrize(
    "change", [{"text": "Live in a year."}, {"source": "Nobody"}, {"account": None}]
)
def test_what_was_said_is_never_rewritten(promise, change):
    with pytest.raises(IntegrityError, match="append-only"):
        Insight.objects.filter(pk=promise.pk).update(**change, verdict="met", settled_on=MAY)


# --- the pages --------------------------------------------------------------------


def test_a_promise_is_marked_as_met_from_the_customer_page(as_agent, account, promise):
    record = account.get_absolute_url()
    assert said(as_agent.get(record), f'href="{record}insights/{promise.pk}/"')
    assert said(as_agent.get(f"{record}insights/"), "Mark as met")
    address = url("expectation", account.pk, promise.pk)
    page = as_agent.get(address)
    assert said(page, "Live in two weeks.")
    assert said(page, "as told by Ben, ")

    response = as_agent.post(address, {"verdict": "met", "on": "2026-05-03"})

    assert messages_of(response) == ["Written down."]
    assert response.url == record
    for page in (record, f"{record}insights/", address):
        assert said(as_agent.get(page), "Met on 3 May 2026")
        assert said(as_agent.get(page), "Mark as open again")


def test_marking_it_as_open_again_leads_back(as_agent, account, promise, settle):
    settle("not_met", why="Their data came late.")
    record = account.get_absolute_url()
    assert said(as_agent.get(record), "Not met on 3 May 2026: Their data came late.")

    response = as_agent.post(url("expectation-reopen", account.pk, promise.pk))

    assert messages_of(response) == ["It is open again."]
    assert not said(as_agent.get(record), "Not met on")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose whether it was met."),
        ({"verdict": "not_met"}, "Write why it was not met."),
        ({"verdict": "not_met", "why": "x" * 301}, "at most 300 characters"),
        ({"verdict": "met", "on": "2999-01-01"}, "Choose today or an earlier day."),
    ],
)
def test_what_is_missing_is_said(as_agent, account, promise, sent, words):
    response = as_agent.post(
        url("expectation", account.pk, promise.pk), {"on": "2026-05-03", **sent}
    )

    assert response.status_code == 422
    assert said(response, words)
    assert Insight.objects.get().verdict == ""


def test_who_is_second_sees_what_the_first_said(as_agent, account, promise, settle):
    settle("not_met", why="Their data came late.")

    response = as_agent.post(
        url("expectation", account.pk, promise.pk), {"verdict": "met", "on": "2026-05-03"}
    )

    assert response.status_code == 409
    assert said(response, "A colleague settled this meanwhile.")
    assert said(response, "Their data came late.")


def test_other_statements_and_other_customers_have_no_such_page(as_agent, account):
    wish = InsightFactory(account=account)
    elsewhere = InsightFactory(topic="expectation")

    for each in (wish, elsewhere):
        assert as_agent.get(url("expectation", account.pk, each.pk)).status_code == 404
        reopen = url("expectation-reopen", account.pk, each.pk)
        assert as_agent.post(reopen).status_code == 404


def test_a_promise_to_a_merged_record_is_settled_on_the_one_that_stays(as_agent, account, told):
    part = AccountFactory(merged_into=account)
    MergeFactory(kept=account, given_up=part)
    promise = InsightFactory(account=part, topic="expectation", text="Two sites.")

    as_agent.post(
        url("expectation", account.pk, promise.pk), {"verdict": "met", "on": "2026-05-03"}
    )

    promise.refresh_from_db()
    assert (promise.account, promise.verdict) == (part, "met")
    assert told(account)[-1][1] == {"verdict": "met", "text": "Two sites."}


# --- where it counts ----------------------------------------------------------------


def test_open_promises_stand_before_those_that_were_met(as_agent, account, promise):
    for n in range(5):
        InsightFactory(
            account=account,
            topic="expectation",
            text=f"Met {n}.",
            said_on=MAY,
            verdict="met",
            settled_on=MAY,
        )

    (about,) = as_agent.get(account.get_absolute_url()).context["page"].story

    texts = [each.text for each in about.statements]
    assert texts == ["Live in two weeks.", "Met 4.", "Met 3.", "Met 2.", "Met 1."]


def test_what_was_met_is_no_open_point_of_a_call(as_agent, account, promise, settle):
    InsightFactory(
        account=account,
        topic="expectation",
        text="One login.",
        verdict="not_met",
        settled_on=MAY,
        settled_why="Not built.",
    )
    page = f"/customers/{account.pk}/saves/new/"
    assert said(as_agent.get(page), "Live in two weeks.")

    settle()

    assert not said(as_agent.get(page), "Live in two weeks.")
    assert said(as_agent.get(page), "One login.")


def test_the_history_says_it_in_words(as_agent, account, promise, settle, agent, now):
    settle("not_met", why="Their data came late.")
    actions.reopen_expectation(account, promise, by=agent, at=now)
    settle("met")

    page = as_agent.get(account.get_absolute_url(), {"show": "insights"})

    for words in (
        "What the sale promised was met",
        "What the sale promised was not met",
        "What the sale promised is open again",
        "Their data came late.",
    ):
        assert said(page, words)
