"""The pages of one commitment: writing it down, reading it, saying what became of it."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.history.models import Event
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from tests.factories.accounts import AccountFactory
from tests.factories.saves import CommitmentFactory, SaveCaseFactory

TODAY = date(2026, 6, 9)  # a Tuesday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def url(said):
    return said.get_absolute_url()


def words(account, agent, **more):
    return {
        "text": "Honour the old price",
        "owner": agent.pk,
        "due_on": "2026-06-12",
        "is_visible": "on",
        "key": str(uuid.uuid4()),
        **more,
    }


def text(response):
    return " ".join(response.content.decode().split())


# --- written down


def test_the_form_suggests_oneself_and_three_working_days(as_agent, account, agent):
    form = as_agent.get(reverse("saves:commitment-new", args=[account.pk])).context["form"]

    assert form.initial["owner"] == agent.pk
    assert form.initial["due_on"] == date(2026, 6, 12)


def test_a_commitment_is_written_down_and_stands_on_the_customer(as_agent, account, agent):
    url = reverse("saves:commitment-new", args=[account.pk])
    data = words(account, agent)
    response = as_agent.post(url, data, follow=True)
    as_agent.post(url, data)

    assert response.redirect_chain == [(f"{account.get_absolute_url()}#commitments", 302)]
    page = text(response)
    assert "Commitment written down." in page
    assert "From you. Due Fri 12 June." in page
    made = Commitment.objects.get()
    assert (made.made_by, made.case, made.is_visible) == (agent, None, True)


@pytest.mark.parametrize(
    ("change", "words_"),
    [
        ({"text": " "}, "Write what we said we would do."),
        ({"due_on": ""}, "Choose the day by which it is kept."),
        ({"due_on": "2026-06-08"}, "Choose today or a later day, as it is where the owner is."),
        ({"due_on": "2046-06-09"}, "Choose a day within the next ten years."),
        ({"owner": "0"}, "Choose a colleague or a team from the list."),
        ({"owner": ""}, "Choose who keeps it."),
        ({"key": ""}, "This page is out of date. Load it again."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(as_agent, account, agent, change, words_):
    data = words(account, agent, **change)
    response = as_agent.post(reverse("saves:commitment-new", args=[account.pk]), data)

    assert response.status_code == 422
    assert words_ in text(response)
    assert Commitment.objects.count() == 0


def test_a_form_of_another_customer_is_refused(as_agent, account, agent):
    data = words(account, agent)
    as_agent.post(reverse("saves:commitment-new", args=[AccountFactory().pk]), data)
    response = as_agent.post(reverse("saves:commitment-new", args=[account.pk]), data)

    assert response.status_code == 422
    assert "This form was sent before." in text(response)


def test_only_who_may_see_a_private_customer_can_keep_it(client, private_account, outsider, agent):
    client.force_login(outsider)
    url = reverse("saves:commitment-new", args=[private_account.pk])

    response = client.post(url, words(private_account, agent))

    assert "Choose a colleague or a team from the list." in text(response)


# --- one commitment


def test_the_page_says_all_of_it(as_agent, account, agent, said, url, now):
    said.case = SaveCaseFactory(account=account)
    said.is_visible = False
    said.save()
    actions.keep(said, evidence="Invoice\n4711", by=agent, at=now)

    page = text(as_agent.get(url))

    assert "Send a card reader" in page
    assert reverse("saves:detail", args=[said.case.pk]) in page
    assert "Invoice<br>4711" in page
    assert "until the end of that day in Europe/London" in page
    assert "says Ada Lovett: Invoice" in page  # what happened
    assert "Mark kept" not in page
    assert reverse("saves:commitment-reopen", args=[said.pk]) in page


def test_each_state_has_its_page(as_agent, account, agent, manager, now):
    late, broken, mended, waived = (
        CommitmentFactory(account=account, owner=agent, due_on=TODAY - DAY) for _ in range(4)
    )
    said = CommitmentFactory(account=account, owner=agent, due_on=TODAY)
    actions.keep(mended, evidence="Sent it", by=agent, at=now)
    Commitment.objects.filter(pk=waived.pk).update(due_on=TODAY)
    actions.waive(waived, evidence="They moved", by=manager, at=now)
    Commitment.objects.filter(pk=broken.pk).update(state="broken", settled_at=now)
    actions.reassign(said, owner=manager, due_on=TODAY + DAY, why="Her week", by=agent, at=now)
    agent.is_active = False
    agent.save()
    as_agent.force_login(manager)

    pages = [
        text(as_agent.get(each.get_absolute_url())) for each in (late, broken, mended, waived, said)
    ]

    assert "Late" in pages[0]
    assert "Mark made good" in pages[0]
    assert "Waive it" not in pages[0]
    assert "(left)" in pages[0]
    assert "Make it good" in pages[1]
    assert "and made good" in pages[2]
    assert "They moved" in pages[3]
    assert "from Ada Lovett to Max Brandt, due tomorrow instead of today: Her week" in pages[4]


def test_one_to_a_hidden_customer_is_not_there(
    as_agent, account, private_account, agent, said, url
):
    hidden = CommitmentFactory(account=private_account, owner=agent)
    assert as_agent.get(hidden.get_absolute_url()).status_code == 404

    merged = AccountFactory(merged_into=private_account)
    Commitment.objects.filter(pk=said.pk).update(account=merged)
    assert as_agent.get(url).status_code == 404


def test_one_to_a_removed_customer_is_not_there(as_agent, account, manager, url, now):
    accounts.remove_account(account, reason="Twice", by=manager, at=now)

    assert as_agent.get(url).status_code == 404
    assert as_agent.post(f"{url}keep/", {"evidence": "x", "version": 1}).status_code == 404


def test_one_to_a_merged_record_leads_to_the_customer_that_stays(as_agent, account, agent, now):
    part = AccountFactory(name="Larkspur", team=account.team, plan="x")
    said = CommitmentFactory(account=part, owner=agent, due_on=TODAY)
    accounts.merge(account, part, by=agent, at=now)

    response = as_agent.post(
        f"{said.get_absolute_url()}keep/", {"evidence": "x", "version": 1}, follow=True
    )

    assert response.redirect_chain[0][0].startswith(account.get_absolute_url())
    assert response.context["page"].commitments.words == "1 kept"
    assert Event.objects.get(kind="saves.commitment_kept").timeline == part.timeline


# --- settled


@pytest.mark.parametrize(
    ("verb", "data", "answer", "state"),
    [
        ("keep", {"evidence": "Invoice 4711"}, "Kept.", "kept"),
        ("waive", {"evidence": "They moved"}, "Waived.", "waived"),
        ("move", {"due_on": "2026-06-15", "why": "They asked"}, "Changed.", "open"),
    ],
)
def test_what_became_of_it_is_said_once(as_agent, agent, said, url, verb, data, answer, state):
    data = {"version": "1", "owner": agent.pk, **data}
    for _ in range(2):
        response = as_agent.post(f"{url}{verb}/", data, follow=True)

    assert answer in text(response)
    said.refresh_from_db()
    assert said.state == state
    assert Event.objects.count() == 1


def test_one_that_is_over_is_made_good(as_agent, said, url):
    Commitment.objects.filter(pk=said.pk).update(due_on=TODAY - DAY)
    response = as_agent.post(f"{url}keep/", {"version": "1", "evidence": "Sent"}, follow=True)

    page = text(response)
    assert "<span>Made good.</span>" in page
    assert response.context["page"].commitments.words == "1 broken"
    assert f"{url}reopen/" in page


@pytest.mark.parametrize(
    ("verb", "data", "answer"),
    [
        ("keep", {"evidence": ""}, "Write what shows it, in a few words."),
        ("waive", {"evidence": ""}, "Write why it need not be kept."),
        ("move", {"due_on": "2026-06-15", "why": ""}, "Write why, in a sentence."),
        ("move", {"due_on": "2026-06-08", "why": "x"}, "Choose today or a later day"),
        ("keep", {"evidence": "Typed", "version": ""}, "This page is out of date."),
    ],
)
def test_what_is_wrong_is_said_on_its_page(as_agent, agent, said, url, verb, data, answer):
    data = {"version": "1", "owner": agent.pk, "back": "today", **data}
    response = as_agent.post(f"{url}{verb}/", data)

    assert response.status_code == 422
    assert answer in text(response)
    assert 'name="back" value="today"' in text(response)
    assert Event.objects.count() == 0


def test_who_is_slower_sees_how_it_stands_and_what_they_typed(
    as_agent, agent, manager, said, url, now
):
    actions.reassign(said, owner=manager, why="Her week", by=manager, at=now)

    response = as_agent.post(f"{url}keep/", {"version": "1", "evidence": "Invoice 4711"})

    assert response.status_code == 409
    assert "Somebody else changed this record" in text(response)
    assert "<q>Invoice 4711</q>" in text(response)
    assert response.context["commitment"].owner == manager

    data = {"version": "1", "owner": agent.pk, "due_on": "2026-06-15", "why": "They asked"}
    assert "<q>They asked</q>" in text(as_agent.post(f"{url}move/", data))


def test_undo_is_there_for_ten_minutes(as_agent, agent, said, url, clock, now):
    as_agent.post(f"{url}keep/", {"version": "1", "evidence": "Invoice 4711"})
    response = as_agent.post(f"{url}reopen/", follow=True)
    assert "<span>Undone.</span>" in text(response)
    assert Commitment.objects.get().state == "open"

    as_agent.post(f"{url}keep/", {"version": "3", "evidence": "Invoice 4711"})
    clock.shift(timedelta(minutes=11))
    response = as_agent.post(f"{url}reopen/")
    assert response.status_code == 409
    assert "Only who settled it can undo that" in text(response)


def test_what_is_settled_from_today_leads_back_to_it(as_agent, url):
    data = {"version": "1", "evidence": "Invoice 4711", "back": "today"}

    assert as_agent.post(f"{url}keep/", data).url == reverse("desk:today")


def test_how_it_was_kept_is_asked_in_its_line(as_agent, said, htmx):
    asked = as_agent.get(f"{said.get_absolute_url()}keep/?back=today", headers=htmx())

    assert "<html" not in text(asked)
    assert 'name="back" value="today"' in text(asked)
    assert f'name="version" value="{said.version}"' in text(asked)


def test_how_it_was_kept_is_asked_on_its_page_without_scripts(as_agent, said):
    asked = as_agent.get(f"{said.get_absolute_url()}keep/?back=today")

    assert "<html" in text(asked)
    assert 'name="back" value="today"' in text(asked)


@pytest.mark.parametrize("status", [204, 302])
def test_of_what_was_settled_meanwhile_nothing_is_asked(as_agent, agent, said, htmx, now, status):
    actions.keep(said, evidence="Invoice 4711", by=agent, at=now)
    headers = htmx() if status == 204 else {}

    asked = as_agent.get(f"{said.get_absolute_url()}keep/", headers=headers)

    assert asked.status_code == status
    assert said.get_absolute_url() in {
        asked.headers.get("HX-Redirect"),
        asked.headers.get("Location"),
    }
