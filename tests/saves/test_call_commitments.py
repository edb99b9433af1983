"""The commitments that are written down with a call, a row each."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.calendars import actions as calendars
from apps.calendars.models import Calendar
from apps.history.models import Event
from apps.saves import actions, forms
from apps.saves.models import Commitment, SaveCase
from apps.saves.queries.commitments import suggested_due
from tests.factories.calendars import PersonCalendarFactory
from tests.factories.saves import DraftFactory
from tests.factories.users import UserFactory, make_person
from tests.saves.rows import row


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture(autouse=True)
def five_minutes_later(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


def test_a_call_takes_several_commitments(as_agent, agent, url, answers, account):
    max_ = make_person("agent", name="Max Brandt", email="max@example.com")
    rows = row(1, "Honour the old price", str(max_.pk)) | row(
        4, " Send the  waiver ", due_on="2026-06-09", is_visible=""
    )

    as_agent.post(url, answers | rows)

    first, second = Commitment.objects.order_by("id")
    assert (first.text, first.owner, first.due_on) == (
        "Honour the old price",
        max_,
        date(2026, 6, 12),
    )
    assert (second.text, second.owner, second.due_on) == (
        "Send the  waiver",
        agent,
        date(2026, 6, 9),
    )
    assert (first.is_visible, second.is_visible) == (True, False)
    assert first.case == second.case == SaveCase.objects.get()
    assert Event.objects.filter(kind="saves.committed").count() == 2


def test_empty_rows_are_ignored(as_agent, url, answers):
    assert as_agent.post(url, answers).status_code == 302

    assert Commitment.objects.count() == 0


def test_a_page_that_was_open_over_midnight_suggests_nothing_by_itself(as_agent, url, answers):
    with time_machine.travel("2026-06-10T09:00Z", tick=False):
        assert as_agent.post(url, answers).status_code == 302

    assert Commitment.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        (row(2, due_on="2026-06-20"), "commitment-2-text", "or clear the row."),
        (row(2, owner="1"), "commitment-2-text", "or clear the row."),
        (row(2, "Call them", due_on=""), "commitment-2-due_on", "Choose the day it is due."),
        (row(2, "Call them", owner=""), "commitment-2-owner", "Choose who keeps it"),
        (row(2, "Call them", owner="0"), "commitment-2-owner", "Choose who keeps it"),
        (row(2, "Call them", owner="9" * 40), "commitment-2-owner", "Choose who keeps it"),
        (row(2, "Call them", owner="\0"), "commitment-2-owner", "Null characters"),
        (row(2, "Call them", due_on="2026-06-08"), "commitment-2-due_on", "from today onwards."),
        (row(2, "Call them", due_on="9999-12-31"), "commitment-2-due_on", "ten years."),
        (row(2, "Call them", due_on="soon"), "commitment-2-due_on", "Enter a valid date."),
        (row(2, "x" * 5000), "commitment-2-text", "at most 200 characters"),
        (row(2, "Call\0them"), "commitment-2-text", "Null characters"),
        (
            row(2, "Call them") | row(3, "call  THEM "),
            "commitment-3-text",
            "You wrote this one already.",
        ),
    ],
)
def test_a_row_that_is_not_whole_is_refused_on_its_field(
    as_agent, url, answers, given, field, message
):
    response = as_agent.post(url, answers | given)

    assert response.status_code == 422
    form = response.context["form"]
    assert message in " ".join(form.errors[field])
    assert form.rows_have_errors
    page = response.content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert SaveCase.objects.count() == 0


def test_the_same_words_for_somebody_else_or_another_day_are_another_commitment(
    as_agent, url, answers, agent
):
    max_ = make_person("agent", name="Max Brandt", email="max@example.com")
    rows = row(1, "Call") | row(2, "Call", str(max_.pk)) | row(3, "Call", due_on="2026-06-19")

    assert as_agent.post(url, answers | rows).status_code == 302
    assert Commitment.objects.count() == 3


def test_me_and_my_own_name_are_the_same_owner(as_agent, url, answers, agent):
    rows = row(1, "Call them") | row(2, "Call them", str(agent.pk))

    assert as_agent.post(url, answers | rows).status_code == 422


def test_somebody_who_left_keeps_nothing(as_agent, url, answers):
    gone = UserFactory(is_active=False)

    response = as_agent.post(url, answers | row(1, "Call them", str(gone.pk)))

    assert "Choose who keeps it" in response.content.decode()


def test_a_private_teams_customer_is_kept_within_the_team(
    client, outsider, agent, private_account, answers, now
):
    client.force_login(outsider)
    url = reverse("saves:new", args=[private_account.pk])
    answers["opening"] = actions.open_call(private_account, by=outsider, at=now).sign()

    page = client.get(url).content.decode()
    refused = client.post(url, answers | row(1, "Call them", str(agent.pk)))

    assert f'<option value="{agent.pk}">' not in page
    assert refused.status_code == 422
    assert client.post(url, answers | row(1, "Call them")).status_code == 302


def test_a_private_teams_colleagues_are_not_offered_from_memory(
    as_agent, url, client, outsider, private_account, agent, reason
):
    assert f'value="{agent.pk}"' in as_agent.get(url).content.decode()

    client.force_login(outsider)
    page = client.get(reverse("saves:new", args=[private_account.pk])).content.decode()

    assert agent.name not in page


def test_a_day_that_is_over_where_the_owner_works_is_refused(as_agent, url, answers):
    ahead = make_person("agent", name="Aroha", email="a@example.com", time_zone="Pacific/Auckland")

    with time_machine.travel("2026-06-09T13:00Z", tick=False):  # 10 June, 01:00 in Auckland
        response = as_agent.post(
            url, answers | row(1, "Call them", str(ahead.pk), due_on="2026-06-09")
        )

    assert "from today onwards." in response.content.decode()


@pytest.mark.parametrize(
    ("on", "due"),
    [("2026-06-08", "2026-06-11"), ("2026-06-11", "2026-06-16"), ("2026-06-13", "2026-06-17")],
)
def test_a_commitment_is_due_three_working_days_ahead(client, agent, url, reason, on, due):
    with time_machine.travel(f"{on}T09:00Z", tick=False):
        client.force_login(agent)
        page = client.get(url).content.decode()

    assert f'name="commitment-1-due_on" value="{due}"' in page
    assert f'name="suggested_due" value="{due}"' in page


@pytest.mark.parametrize(
    ("free", "due"),
    [([], "2026-06-11"), ([("2026-06-10", "2026-06-11")], "2026-06-15")],
)
def test_a_commitment_is_due_on_a_working_day_of_its_owners_calendar(
    client, agent, url, reason, free, due
):
    days = [(date.fromisoformat(day), 0, 1440, "Closed") for pair in free for day in pair]
    calendar = Calendar(name="London", time_zone="Europe/London", country="GB", region="ENG")
    calendars.save_calendar(
        calendar, week=[[(540, 1020)]] * 5 + [[], []], days_off=days, people=[agent]
    )
    with time_machine.travel("2026-06-08T09:00Z", tick=False):
        client.force_login(agent)
        page = client.get(url).content.decode()

    assert f'name="commitment-1-due_on" value="{due}"' in page


def test_a_calendar_without_working_days_suggests_one_from_monday_to_friday(agent):
    PersonCalendarFactory(user=agent)

    assert suggested_due(agent, date(2026, 6, 11)) == date(2026, 6, 16)


def test_what_was_written_stands_in_its_row_again(as_agent, url, answers, agent):
    given = row(7, "Send the waiver", str(agent.pk), "2026-06-19", is_visible="")

    page = as_agent.post(url, answers | {"verbatim": ""} | given).content.decode()

    assert 'name="commitment-7-text" value="Send the waiver"' in page
    assert 'value="2026-06-19"' in page
    assert f'<option value="{agent.pk}" selected>' in page


def test_a_commitment_laid_beside_a_draft_is_shown_whichever_row_it_stood_in(account, agent, now):
    aside = {"kept_at": now.isoformat(), "answers": {"commitment-5-text": ["Send the waiver"]}}
    draft = DraftFactory(account=account, agent=agent, answers={}, asides=[aside])
    form = forms.Call(account=account, by=agent, at=now, kept={"mood": ["1"]})

    (said,) = forms.asides(draft, form)

    assert [(str(label), words) for label, words in said.said] == [
        ("Commitment", "Send the waiver")
    ]


def test_a_second_sending_with_another_commitment_is_told(as_agent, url, answers):
    as_agent.post(url, answers | row(1, "Call them"))

    same = as_agent.post(url, answers | row(1, "Call them"))
    other = as_agent.post(url, answers | row(1, "Call them") | row(2, "Write to them"))
    words = as_agent.post(url, answers | row(1, "Call them") | {"stay_because": "The price"})

    assert (same.status_code, other.status_code, words.status_code) == (302, 409, 409)
    assert "Write to them" in other.content.decode()
    assert Commitment.objects.count() == 1


def test_five_hundred_rows_are_turned_away(as_agent, url, answers):
    many = {name: value for n in range(1, 501) for name, value in row(n, "Call them").items()}

    assert as_agent.post(url, answers | many).status_code == 400


def test_ten_commitments_are_the_most(as_agent, url, answers):
    ten = {name: value for n in range(1, 11) for name, value in row(n, f"Call {n} times").items()}

    eleven = as_agent.post(url, answers | ten | row(11, "Call once more"))

    assert "Write up to 10 commitments here." in eleven.content.decode()
    assert as_agent.post(url, answers | ten).status_code == 302
    assert Commitment.objects.count() == 10
