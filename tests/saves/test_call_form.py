"""What each outcome asks for, what the page says will follow, and what is turned away."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.history.models import Event
from apps.saves import forms
from apps.saves.models import SaveCase
from tests.factories.saves import CommitmentFactory, SaveCaseFactory, WatchFactory
from tests.saves.rows import FRIDAY, row


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture(autouse=True)
def five_minutes_later(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


def test_staying_keeps_what_made_them_stay_and_nothing_of_the_others(
    as_agent, url, answers, account
):
    as_agent.post(
        url,
        answers
        | {"stay_because": "The waiver forms.", "back_if": "Cheaper", "waits_for": "The board"}
        | {"export_help": "yes", "leaves_on": "soon", "call_back_at": "2026-99-99"},
    )

    case = SaveCase.objects.get()
    assert (case.stay_because, case.back_if, case.waits_for) == ("The waiver forms.", "", "")
    assert (case.leaves_on, case.export_help, case.call_back_at) == (None, None, None)
    assert Event.objects.get(kind="saves.stayed").payload["stay_because"] == "The waiver forms."
    assert "The waiver forms." in as_agent.get(account.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("yes", True), ("no", False), ("", None)])
def test_leaving_keeps_what_would_bring_them_back_and_whether_help_was_offered(
    as_agent, url, answers, account, typed, kept
):
    left = {"outcome": "left", "leaves_on": "2026-07-31", "back_if": "A smaller plan."}

    as_agent.post(url, answers | left | {"export_help": typed, "stay_because": "Nothing"})

    case = SaveCase.objects.get()
    assert (case.leaves_on, case.back_if, case.export_help) == (
        date(2026, 7, 31),
        "A smaller plan.",
        kept,
    )
    payload = Event.objects.get(kind="saves.left").payload
    assert (payload["back_if"], payload.get("export_help")) == ("A smaller plan.", kept)
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert "A smaller plan." in page
    assert {True: "Offered", False: "Not offered", None: "Back if"}[kept] in page


def test_being_undecided_keeps_what_they_wait_for(as_agent, url, answers, account):
    undecided = {"outcome": "undecided", "call_back_at": "2026-06-10T09:00"}

    as_agent.post(url, answers | undecided | {"waits_for": "The board meets on Thursday."})

    case = SaveCase.objects.get()
    assert case.waits_for == "The board meets on Thursday."
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert "The board meets on Thursday." in page


def test_what_is_wrong_with_another_outcomes_answers_stops_nobody(as_agent, url, answers):
    response = as_agent.post(url, answers | {"leaves_on": "31.12.2026", "back_if": "x" * 9000})

    assert response.status_code == 302


def test_the_page_says_what_follows_from_each_outcome(as_agent, url, answers, account, now):
    account.churned_on = date(2026, 8, 1)
    account.save()

    page = as_agent.get(url).content.decode()

    for text in (
        "Watched: first proof on <strong>Thu 9 July</strong>, after 30 days.",
        "Their leaving date, <strong>Sat 1 August</strong>, is taken back.",
        "The day you enter takes the place of <strong>Sat 1 August</strong>",
        "Their leaving date stays <strong>Sat 1 August</strong>.",
        "Nobody offers them anything for a while after that",
        'data-win-back="45"',
        "What did you commit to?",
    ):
        assert text in page


def test_the_first_proof_is_a_day_of_the_customers_calendar(as_agent, url, account, reason):
    account.time_zone = "Pacific/Kiritimati"  # 14 hours ahead: midnight comes at 10:00 UTC
    account.save()

    assert as_agent.get(url).context["page"].first_proof == date(2026, 7, 9)
    with time_machine.travel("2026-06-09T10:00Z", tick=False):
        assert as_agent.get(url).context["page"].first_proof == date(2026, 7, 10)


def test_a_draft_is_shown_as_it_was_typed_without_finding_fault(account, agent, now, reason):
    kept = {
        "outcome": ["left"],
        "leaves_on": ["31.12"],
        "also": [str(reason.pk)],
        "suggested_due": [FRIDAY],
        "mood": [],
        "commitment-1-text": ["Send the waiver"],
        "commitment-1-due_on": ["2020-01-01"],
    }

    form = forms.Call(account=account, by=agent, at=now, kept=kept)

    assert not form.is_fresh
    assert form["leaves_on"].value() == "31.12"
    assert form["also"].value() == [str(reason.pk)]
    first, second, _ = form.rows
    assert (first.text.value(), first.due_on.value()) == ("Send the waiver", "2020-01-01")
    assert first.is_open
    assert not first.has_errors
    assert not form.rows_have_errors
    assert not form.outcome_has_errors
    assert (first.is_visible.value(), second.is_visible.value()) == (False, True)
    assert second.is_empty


HOSTILE = '"><script>alert(1)</script>'


def test_hostile_words_stay_words(as_agent, url, answers, account):
    as_agent.post(
        url,
        answers | {"stay_because": HOSTILE, "verbatim": HOSTILE} | row(1, f"{HOSTILE} {'é' * 150}"),
    )

    for page in (
        as_agent.get(SaveCase.objects.get().get_absolute_url()),
        as_agent.get(account.get_absolute_url()),
        as_agent.post(url, answers | {"verbatim": "", "stay_because": HOSTILE} | row(2, HOSTILE)),
    ):
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"stay_because": "x" * 5000},
        {"stay_because": "a\0b"},
        {"outcome": "left", "leaves_on": "2026-07-01", "back_if": "x" * 5000},
        {"outcome": "left", "leaves_on": "9999-12-31"},
        {"outcome": "left", "leaves_on": "2026-07-01", "export_help": "perhaps"},
        {"outcome": "undecided", "call_back_at": "9999-12-31T23:59"},
        {"outcome": "undecided", "call_back_at": "0001-01-01T00:00"},
        {"outcome": "undecided", "call_back_at": "2026-07-01T09:00", "waits_for": "x" * 5000},
        {"suggested_due": "\0"},
        {f"commitment-{number}-text": "Call them" for number in range(1, 200)},
        {"commitment-9999-text": "Call them"},
    ],
)
def test_what_no_browser_sends_is_refused_with_words(as_agent, url, answers, changes):
    response = as_agent.post(url, answers | changes)

    assert response.status_code == 422
    assert "to fix" in response.content.decode()
    assert SaveCase.objects.count() == 0


def test_the_page_of_a_call_shows_all_that_was_said(as_agent, account, reason, now):
    case = SaveCaseFactory(account=account, reason=reason, stay_because="The waiver forms.")
    WatchFactory(case=case, account=account)
    for state, evidence in [("kept", "Invoice 20418"), ("waived", "They said no"), ("broken", "")]:
        CommitmentFactory(
            account=account, case=case, state=state, evidence=evidence, settled_at=now
        )
    CommitmentFactory(account=account, case=case, text="Call in June", is_visible=False)

    page = as_agent.get(case.get_absolute_url()).content.decode()

    for text in ("The waiver forms.", "Deflected", "Kept", "Broken", "Waived", "Open"):
        assert text in page
    for text in ("Invoice 20418", "Call in June", "The customer does not know."):
        assert text in page
    assert "One attempt to leave" not in page


def test_the_pages_of_a_chain_lead_to_each_other(
    as_agent, account, reason, now, django_assert_max_num_queries
):
    first = SaveCaseFactory(
        account=account,
        outcome="undecided",
        call_back_at=now,
        waits_for="The board",
        opened_at=now - timedelta(hours=20),
    )
    second = SaveCaseFactory(account=account, continues=first, opened_at=now - timedelta(hours=9))
    third = SaveCaseFactory(
        account=account,
        continues=second,
        outcome="left",
        leaves_on=now.date(),
        back_if="A smaller plan",
        export_help=False,
        opened_at=now,
    )

    with django_assert_max_num_queries(12):
        pages = [as_agent.get(each.get_absolute_url()).content.decode() for each in (second,)]
    pages += [as_agent.get(each.get_absolute_url()).content.decode() for each in (first, third)]

    for each in (first, third):
        assert f'href="{each.get_absolute_url()}"' in pages[0]
        assert f'href="{second.get_absolute_url()}"' in "".join(pages)
    assert pages[0].count("Earlier call") == pages[0].count("Later call") == 1
    assert "The board" in pages[1]
    assert "A smaller plan" in pages[2]
    assert "Not offered" in pages[2]
    assert "Nobody committed to anything on this call." in pages[0]


def test_a_call_with_commitments_asks_little(as_agent, url, answers, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        as_agent.post(url, answers)
