from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.history.models import Event
from apps.saves import actions, forms
from apps.saves.models import SaveCase
from apps.saves.queries import call_page
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.history import EventFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory
from tests.factories.saves import SaveCaseFactory


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", question="What about the price?", position=1)
    return ReasonFactory(
        category=category,
        name="Price rise at renewal",
        solvable="yes",
        say="I see why that hurts.",
        ask="What would be fair?",
        offer="A longer contract.",
    )


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture
def answers(account, agent, reason, now):
    """What a browser posts for a routine call, begun at `now`."""
    return {
        "opening": actions.open_call(account, by=agent, at=now).sign(),
        "channel": "phone",
        "category": "1",
        "reason": str(reason.pk),
        "verbatim": "The renewal came in £62 higher.",
        "outcome": "stayed",
        "length": "04:32",
    }


@pytest.fixture(autouse=True)
def five_minutes_later(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


def test_the_page_shows_reasons_guidance_and_what_happened_before(as_agent, account, url, reason):
    SaveCaseFactory(account=account, verbatim="We booked the Rampart demo.")
    EventFactory(timeline=account.timeline)

    page = as_agent.get(url).content.decode()

    for text in ("Price rise at renewal", "I see why that hurts.", "What would be fair?"):
        assert text in page
    assert "We booked the Rampart demo." in page
    assert "left a note" in page


def test_showing_the_page_writes_nothing(as_agent, url, reason, django_assert_max_num_queries):
    with django_assert_max_num_queries(13) as asked:
        as_agent.get(url)

    assert [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_the_page_knows_a_few_earlier_calls_and_every_own_one(as_agent, agent, account, url, now):
    own = SaveCaseFactory(account=account, agent=agent, opened_at=now - timedelta(days=9))
    rival = CompetitorFactory(name="Rampart Booking")
    for _ in range(3):
        SaveCaseFactory(account=account, competitor=rival)

    response = as_agent.get(url)

    assert len(response.context["page"].cases) == 3
    assert "Rampart Booking" in response.content.decode()
    before = call_page.before(account, agent=agent)
    assert before.own == own.pk
    assert response.context["opening"].key == actions.open_call(account, by=agent, at=now).key


def test_the_first_person_to_call_is_chosen(as_agent, account, url):
    ContactFactory(account=account, name="Colin Frayne", title="", is_primary=False)
    first = ContactFactory(account=account, name="Nadia Rahman", title="Owner", is_primary=True)

    page = as_agent.get(url).content.decode()

    assert f'<option value="{first.pk}" selected>Nadia Rahman, Owner</option>' in page
    assert ">Colin Frayne</option>" in page
    assert '<option value="">Somebody else</option>' in page


def test_saving_asks_little(as_agent, url, answers, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        as_agent.post(url, answers)


def test_a_workspace_without_reasons_says_who_adds_them(as_agent, url):
    assert "An admin adds them" in as_agent.get(url).content.decode()


def test_a_call_is_saved_and_the_agent_lands_on_the_customer(as_agent, account, url, answers):
    response = as_agent.post(url, answers, follow=True)

    case = SaveCase.objects.get()
    assert response.redirect_chain == [(account.get_absolute_url(), 302)]
    assert f"Saved. {account.name} stays." in response.content.decode()
    assert (case.seconds, case.mood, case.competitor) == (272, None, None)


def test_everything_that_was_asked_is_kept(as_agent, account, url, answers, reason):
    contact = ContactFactory(account=account)
    rival = CompetitorFactory(name="Rampart Booking")
    also = ReasonFactory(category=reason.category)

    as_agent.post(
        url,
        answers
        | {
            "contact": contact.pk,
            "competitor": "rampart booking",
            "mood": "2",
            "solvable": "no",
            "also": [also.pk, reason.pk],
            "channel": "chat",
        },
    )

    case = SaveCase.objects.get()
    assert (case.contact, case.competitor, case.mood) == (contact, rival, 2)
    assert (case.solvable, case.channel) == ("no", "chat")
    assert list(case.also.all()) == [also]  # the main reason is not mentioned twice


def test_a_double_click_makes_one_case_and_the_same_answer(as_agent, url, answers):
    first, second = as_agent.post(url, answers), as_agent.post(url, answers)

    assert SaveCase.objects.count() == 1
    assert (first.status_code, first.url) == (second.status_code, second.url)


def test_a_second_tab_with_other_answers_is_told_and_keeps_what_was_typed(as_agent, url, answers):
    as_agent.post(url, answers)

    response = as_agent.post(url, answers | {"verbatim": "Other words."})

    assert response.status_code == 409
    page = response.content.decode()
    assert "This call is saved already, with other answers." in page
    assert "Other words." in page
    assert SaveCase.objects.count() == 1


def test_saving_again_after_that_logs_a_second_call(as_agent, url, answers):
    as_agent.post(url, answers)
    page = as_agent.post(url, answers | {"verbatim": "Other words."})

    fresh = page.context["signed"]
    as_agent.post(url, answers | {"verbatim": "Other words.", "opening": fresh})

    assert SaveCase.objects.count() == 2


def test_an_empty_form_says_what_is_missing(as_agent, url, answers):
    response = as_agent.post(url, {"opening": answers["opening"], "channel": "phone"})

    assert response.status_code == 422
    page = response.content.decode()
    assert "<title>Error: Log a save" in page
    for text in (
        "Choose why they want to leave.",
        "Choose the exact reason.",
        "Write what almost made them leave.",
        "Choose how the call ended.",
    ):
        assert text in page
    assert SaveCase.objects.count() == 0


def test_a_refused_form_keeps_what_was_typed_and_when_the_call_began(
    as_agent, url, answers, account, agent
):
    response = as_agent.post(url, answers | {"outcome": "", "competitor": "Unheard Of"})

    page = response.content.decode()
    assert "The renewal came in £62 higher." in page
    assert "Unheard Of" in page
    assert "Choose a competitor from the list" in page
    assert response.context["opening"].key == actions.Opening.read(answers["opening"]).key


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": "left"}, "Choose the day they leave."),
        ({"outcome": "left", "leaves_on": "2020-01-01"}, "leave before they were a customer"),
        ({"outcome": "left", "leaves_on": "31.12.2026"}, "Enter a valid date."),
        ({"outcome": "undecided"}, "Choose a moment from now on"),
        ({"outcome": "undecided", "call_back_at": "2026-06-09T10:00"}, "Choose a moment from now"),
        ({"outcome": "undecided", "call_back_at": "soon"}, "Enter a valid date/time."),
        ({"length": "4 minutes"}, "as 04:32"),
        ({"length": "999:00:00"}, "longer than a day"),
        ({"category": "2"}, "Choose the exact reason in the category"),
        ({"reason": "999999"}, "This reason was retired."),
        ({"mood": "9"}, "Select a valid choice."),
        ({"opening": "forged"}, "This page was open for another call."),
        ({"verbatim": "\0"}, "Null characters are not allowed."),
    ],
)
def test_bad_answers_are_refused_with_words(as_agent, url, answers, changes, message):
    CategoryFactory(name="Support", position=2)

    response = as_agent.post(url, answers | changes)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert SaveCase.objects.count() == 0


def test_a_prospect_cannot_leave(as_agent, agent, team, answers, now):
    prospect = AccountFactory(team=team, started_on=None)
    opening = actions.open_call(prospect, by=agent, at=now).sign()

    response = as_agent.post(
        reverse("saves:new", args=[prospect.pk]),
        answers | {"opening": opening, "outcome": "left", "leaves_on": "2026-07-01"},
    )

    assert response.status_code == 422
    assert "They never began as a customer" in response.content.decode()


def test_a_record_that_changed_meanwhile_refuses_with_words(
    as_agent, url, answers, account, monkeypatch
):
    account.started_on = None
    account.save()
    monkeypatch.setattr(forms.Call, "_check_leaving", lambda form, given: None)

    response = as_agent.post(url, answers | {"outcome": "left", "leaves_on": "2026-07-01"})

    assert response.status_code == 422
    assert "not before their first day as a customer" in response.content.decode()
    assert SaveCase.objects.count() == 0


def test_a_retired_reason_cannot_be_chosen(as_agent, url, answers, reason, now):
    reason.retired_at = now
    reason.save()

    assert as_agent.post(url, answers).status_code == 422


def test_leaving_keeps_only_the_day_they_leave(as_agent, url, answers, account):
    as_agent.post(
        url,
        answers
        | {"outcome": "left", "leaves_on": "2026-07-31", "call_back_at": "2026-07-01T09:00"},
    )

    case = SaveCase.objects.get()
    assert (case.leaves_on, case.call_back_at) == (date(2026, 7, 31), None)


def test_a_call_back_is_read_in_the_agents_zone(as_agent, url, answers):
    as_agent.post(url, answers | {"outcome": "undecided", "call_back_at": "2026-06-10T09:00"})

    moment = SaveCase.objects.get().call_back_at
    assert moment == datetime.fromisoformat("2026-06-10T08:00:00+00:00")  # London, in summer


def test_without_a_length_the_call_lasted_from_opening_to_saving(as_agent, url, answers):
    as_agent.post(url, answers | {"length": ""})

    assert SaveCase.objects.get().seconds == 300


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [
        ("2026-06-09T09:32:00Z", 2),
        ("2020-01-01T00:00:00Z", 0),  # before the call: when it began
        ("2030-01-01T00:00:00Z", 5),  # in the future: now
        ("2026-06-09T09:32:00", 5),  # without a zone nobody knows when
        ("2026-99-99T09:32:00Z", 5),
        ("", 5),
    ],
)
def test_the_moment_they_asked_to_cancel_lies_within_the_call(
    as_agent, url, answers, now, clock, minutes
):
    as_agent.post(url, answers | {"asked_to_cancel": "on", "asked_at": clock})

    assert SaveCase.objects.get().asked_to_cancel_at == now + timedelta(minutes=minutes)


def test_a_case_is_shown_as_it_was_logged(as_agent, account, reason, now):
    first = SaveCaseFactory(account=account, reason=reason)
    case = SaveCaseFactory(
        account=account,
        continues=first,
        outcome="undecided",
        call_back_at=now + timedelta(days=1),
        asked_to_cancel_at=now,
        contact=ContactFactory(account=account, name="Nadia Rahman"),
        competitor=CompetitorFactory(name="Rampart Booking"),
        mood=1,
    )
    case.also.add(reason)

    page = as_agent.get(case.get_absolute_url()).content.decode()

    for text in ("Nadia Rahman", "Rampart Booking", "Angry", "One attempt to leave"):
        assert text in page


def test_a_private_teams_customer_is_not_there(as_agent, private_account, answers):
    url = reverse("saves:new", args=[private_account.pk])
    case = SaveCaseFactory(account=private_account)

    assert as_agent.get(url).status_code == 404
    assert as_agent.post(url, answers).status_code == 404
    assert as_agent.get(case.get_absolute_url()).status_code == 404
    assert Event.objects.count() == 0


def test_an_opening_of_another_customer_is_refused(as_agent, agent, url, answers, team, now):
    other = actions.open_call(AccountFactory(team=team), by=agent, at=now)

    response = as_agent.post(url, answers | {"opening": other.sign()})

    assert response.status_code == 422
    assert SaveCase.objects.count() == 0
