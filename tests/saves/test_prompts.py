"""Drafting aids: filled from a call, typed or logged, and nothing is written or sent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from apps.saves import actions
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, PromptFactory, ReasonFactory
from tests.factories.saves import CommitmentFactory, SaveCaseFactory
from tests.writes import watch_writes

ALL = (
    "{agent} writes to {contact} of {customer} ({plan}, {mrr}, {renews}, {tenure}, {mood}).\n"
    "{reason} / {competitor} / {words}\n{outcome}\nTold:\n{commitments}\nBesides:\n{internal}"
)


@pytest.fixture(autouse=True)
def at(now):
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def prompt(db):
    return PromptFactory(name="Summary", text=ALL)


@pytest.fixture
def known(account):
    account.plan, account.mrr = "Studio", Decimal("249.00")
    account.started_on, account.renews_on = date(2023, 5, 9), date(2026, 7, 1)
    account.save()
    return ContactFactory(account=account, name="Nadia Rahman", title="Owner")


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise at renewal")


@pytest.fixture
def url(account):
    return reverse("saves:prompts", args=[account.pk])


@pytest.fixture
def typed(account, agent, reason, known, at):
    """What a browser posts in the middle of a call."""
    return {
        "opening": actions.open_call(account, by=agent, at=at).sign(),
        "contact": str(known.pk),
        "channel": "phone",
        "category": "1",
        "reason": str(reason.pk),
        "verbatim": "The renewal came in £62 higher.",
        "mood": "2",
        "outcome": "stayed",
        "stay_because": "the old price for a year.",
    }


def texts(response):
    return [each.text for each in response.context["prompts"]]


def test_what_is_typed_fills_the_prompts_and_nothing_is_written(as_agent, url, typed, prompt):
    CompetitorFactory(name="Rampart Booking")
    said = {
        "competitor": "rampart booking",
        "commitment-1-text": "Send the invoice",
        "commitment-1-owner": "me",
        "commitment-1-due_on": "2026-06-12",
        "commitment-1-is_visible": "on",
        "commitment-2-text": "Ask billing why",
        "commitment-2-owner": "me",
        "commitment-2-due_on": "2026-06-10",
    }

    with watch_writes() as writes:
        response = as_agent.post(url, typed | said)

    assert response.status_code == 200
    assert texts(response) == [
        (
            "Ada Lovett writes to Nadia Rahman of Larkspur Dental (Studio, £249, Wed 1 July,"
            " 3 years 1 month, frustrated).\n"
            "Price: Price rise at renewal / Rampart Booking / “The renewal came in £62 higher.”\n"
            "They stay. What made them stay: the old price for a year.\n"
            "Told:\n- Send the invoice (by Fri 12 June)\n"
            "Besides:\n- Ask billing why (by tomorrow)"
        )
    ]
    assert writes == set()
    assert (SaveCase.objects.count(), Draft.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("answers", "ending"),
    [
        ({"outcome": ""}, "[how it ended]"),
        ({"stay_because": ""}, "They stay."),
        ({"outcome": "left"}, "They leave."),
        (
            {"outcome": "left", "leaves_on": "2026-07-31", "back_if": "Prices fall."},
            "They leave Fri 31 July. They would come back if: Prices fall.",
        ),
        ({"outcome": "undecided"}, "They are undecided."),
        (
            {"outcome": "undecided", "call_back_at": "2026-06-10T09:00", "waits_for": "the board"},
            "They are undecided. We call back tomorrow, 09:00. They wait for: the board.",
        ),
    ],
)
def test_the_ending_is_said_in_words_as_far_as_it_is_known(
    as_agent, url, typed, prompt, answers, ending
):
    assert texts(as_agent.post(url, typed | answers))[0].split("\n")[2] == ending


def test_an_empty_call_says_what_is_missing(as_agent, url, prompt, account):
    account.plan, account.started_on, account.renews_on = "", None, None
    account.save()

    assert texts(as_agent.post(url, {})) == [
        (
            "Ada Lovett writes to [whom you talk to] of Larkspur Dental ([plan], £249, [renewal day],"
            " [customer for], [how they sounded]).\n"
            "[reason] / [competitor] / [their own words]\n[how it ended]\n"
            "Told:\n- nothing\nBesides:\n- nothing"
        )
    ]


def test_more_commitments_than_a_call_takes_do_not_stop_the_prompts(as_agent, url, typed, prompt):
    many = {f"commitment-{n}-text": "Do it" for n in range(1, 13)}

    assert texts(as_agent.post(url, typed | many))[0].endswith("- nothing")


def test_hostile_words_are_text_and_are_filled_once(as_agent, url, typed, prompt):
    words = "<script>go()</script> {customer} {commitments}"

    response = as_agent.post(url, typed | {"verbatim": words})

    assert f"“{words}”" in texts(response)[0]
    page = response.content.decode()
    assert "&lt;script&gt;go()&lt;/script&gt; {customer} {commitments}" in page
    assert "<script>go()" not in page


def test_scripts_get_a_dialog_and_others_a_page(as_agent, url, typed, prompt, htmx):
    page = as_agent.post(url, typed).content.decode()
    dialog = as_agent.post(url, typed, headers=htmx("prompts-slot")).content.decode()

    assert "<!doctype html>" in page
    assert "For a call with Larkspur Dental that is not saved yet." in page
    assert dialog.lstrip().startswith('<dialog class="dialog" id="prompts"')
    assert f'data-copy="prompt-{prompt.pk}"' in dialog


def test_prompts_come_in_their_order_without_the_retired(as_agent, url, typed, now):
    PromptFactory(name="B", position=2)
    PromptFactory(name="A", position=2)
    PromptFactory(name="Z", position=1)
    PromptFactory(name="Gone", retired_at=now)

    shown = as_agent.post(url, typed).context["prompts"]

    assert [each.name for each in shown] == ["Z", "A", "B"]


def test_without_prompts_the_page_says_who_adds_them(as_agent, url, typed):
    assert "An admin adds them" in as_agent.post(url, typed).content.decode()


def test_a_private_teams_customer_is_not_there(as_agent, private_account, typed):
    url = reverse("saves:prompts", args=[private_account.pk])

    assert as_agent.post(url, typed).status_code == 404


def test_the_save_page_leads_to_them(as_agent, account, url):
    page = as_agent.get(reverse("saves:new", args=[account.pk])).content.decode()

    assert f'formaction="{url}"' in page
    assert 'id="prompts-slot"' in page


def test_a_logged_call_fills_them_as_it_was(as_agent, agent, account, known, prompt, at):
    case = SaveCaseFactory(
        account=account,
        contact=known,
        competitor=CompetitorFactory(name="Rampart Booking"),
        mood=1,
        mrr=Decimal("310.00"),
        outcome="undecided",
        call_back_at=datetime(2026, 6, 10, 8, tzinfo=UTC),
        verbatim="{plan} costs too much.",
        opened_at=at - timedelta(days=2),
    )
    said = {"account": account, "case": case, "owner": agent}
    CommitmentFactory(**said, text="Send the invoice", due_on=date(2026, 6, 12))
    CommitmentFactory(**said, text="Ask why", due_on=date(2026, 6, 12), is_visible=False)
    CommitmentFactory(
        **said, text="No more", due_on=at, state="waived", evidence="Why", settled_at=at
    )

    response = as_agent.get(case.get_absolute_url())

    assert texts(response) == [
        (
            "Ada Lovett writes to Nadia Rahman of Larkspur Dental (Studio, £310, Wed 1 July,"
            " 3 years 1 month, angry).\n"
            "Price: Price rise at renewal / Rampart Booking / “{plan} costs too much.”\n"
            "They are undecided. We call back tomorrow, 09:00.\n"
            "Told:\n- Send the invoice (by Fri 12 June)\nBesides:\n- Ask why (by Fri 12 June)"
        )
    ]
    assert "Copy prompt" in response.content.decode()


def test_a_logged_call_may_lack_what_is_optional(as_agent, prompt):
    case = SaveCaseFactory(account=AccountFactory())

    text = texts(as_agent.get(case.get_absolute_url()))[0]

    assert "[whom you talk to]" in text
    assert "/ [competitor] / “It costs too much.”\nThey stay.\n" in text
