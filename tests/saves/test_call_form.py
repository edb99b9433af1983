"""What each outcome asks for, what the page says will follow, and the commitments of a call."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.history.models import Event
from apps.saves import actions, forms
from apps.saves.models import Commitment, SaveCase
from tests.factories.reasons import CategoryFactory, ReasonFactory
from tests.factories.saves import CommitmentFactory, DraftFactory, SaveCaseFactory, WatchFactory
from tests.factories.users import UserFactory, make_person

# NOW is a Tuesday: three working days later is Friday.
FRIDAY = "2026-06-12"


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", question="What about the price?", position=1)
    return ReasonFactory(category=category, name="Price rise at renewal", win_back_days=45)


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture
def answers(account, agent, reason, now):
    """What a browser without scripts posts: three rows, of which nothing was touched."""
    return {
        "opening": actions.open_call(account, by=agent, at=now).sign(),
        "channel": "phone",
        "category": "1",
        "reason": str(reason.pk),
        "verbatim": "The renewal came in £62 higher.",
        "outcome": "stayed",
        "length": "04:32",
        "suggested_due": FRIDAY,
        **row(1),
        **row(2),
        **row(3),
    }


def row(number, text="", owner="me", due_on=FRIDAY, is_visible="on"):
    name = f"commitment-{number}"
    given = {f"{name}-text": text, f"{name}-owner": owner, f"{name}-due_on": due_on}
    return given | ({f"{name}-is_visible": is_visible} if is_visible else {})


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


def test_what_was_written_stands_in_its_row_again(as_agent, url, answers, agent):
    given = row(7, "Send the waiver", str(agent.pk), "2026-06-19", is_visible="")

    page = as_agent.post(url, answers | {"verbatim": ""} | given).content.decode()

    assert 'name="commitment-7-text" value="Send the waiver"' in page
    assert 'value="2026-06-19"' in page
    assert f'<option value="{agent.pk}" selected>' in page


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


def test_five_hundred_rows_are_turned_away(as_agent, url, answers):
    many = {name: value for n in range(1, 501) for name, value in row(n, "Call them").items()}

    assert as_agent.post(url, answers | many).status_code == 400


def test_ten_commitments_are_the_most(as_agent, url, answers):
    ten = {name: value for n in range(1, 11) for name, value in row(n, f"Call {n} times").items()}

    eleven = as_agent.post(url, answers | ten | row(11, "Call once more"))

    assert "Write up to 10 commitments here." in eleven.content.decode()
    assert as_agent.post(url, answers | ten).status_code == 302
    assert Commitment.objects.count() == 10


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
