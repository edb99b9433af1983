import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions, family
from apps.accounts.models import Account, Insight
from apps.history.models import Event
from tests.accounts.editing import fields_of
from tests.factories.accounts import ContactFactory, CustomFieldFactory, InsightFactory
from tests.factories.users import make_person


@pytest.fixture
def at(account):
    """Address of a page of the story: `at("hand-over")`."""
    return lambda name, *more: reverse(f"accounts:{name}", args=[account.pk, *more])


def form(**said):
    return {"key": str(uuid.uuid4()), **said}


def insight(**said):
    first = {"topic": "wants", "text": "Fewer calls.", "source": "Nadia", "said_on": "2026-01-09"}
    return form(**first | said)


# --- One thing that we learned


def test_what_we_learned_is_written_down(as_agent, agent, account, at):
    response = as_agent.post(at("insight-new"), insight(), follow=True)

    statement = Insight.objects.get()
    assert (statement.account, statement.text, statement.recorded_by) == (
        *(account, "Fewer calls."),
        agent,
    )
    page = response.content.decode()
    assert "Written down." in page
    assert "as told by Nadia, " in page


def test_a_topic_can_be_chosen_by_the_address(as_agent, at):
    page = as_agent.get(at("insight-new"), {"topic": "value_driver"}).content.decode()
    other = as_agent.get(at("insight-new"), {"topic": "nonsense"}).content.decode()

    assert '<option value="value_driver" selected>' in page
    assert '<option value="wants" selected>' in other


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text": ""}, "Write what you learned."),
        ({"topic": "value_driver"}, "Choose what keeps them."),
        ({"topic": "weather"}, "weather"),
        ({"source": ""}, "Write who said so, or where it is written."),
        ({"said_on": "2999-01-01"}, "Choose today or an earlier day."),
        ({"said_on": ""}, "This field is required."),
    ],
)
def test_a_statement_that_lacks_something_is_refused(as_agent, at, said, words):
    response = as_agent.post(at("insight-new"), insight(**said))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Insight.objects.exists()


def test_a_value_driver_belongs_to_its_topic(as_agent, at):
    as_agent.post(at("insight-new"), insight(driver="convenience"))
    as_agent.post(at("insight-new"), insight(topic="value_driver", driver="convenience", text=""))

    assert set(Insight.objects.values_list("topic", "driver")) == {
        ("wants", ""),
        ("value_driver", "convenience"),
    }


@pytest.mark.parametrize("name", ["insight-new", "hand-over"])
def test_a_form_of_something_else_is_refused(as_agent, agent, at, name):
    said = insight(sold_by="Ben", why="To sleep.")
    other = "hand-over" if name == "insight-new" else "insight-new"
    as_agent.post(at(other), said)

    response = as_agent.post(at(name), said)

    assert response.status_code == 422
    assert "This form was sent before." in response.content.decode()


def test_every_statement_is_listed_newest_first(
    as_agent, agent, account, at, django_assert_max_num_queries
):
    assert "Nothing yet" in as_agent.get(at("insights")).content.decode()
    for n in range(3):
        InsightFactory(
            account=account,
            text=f"Statement {n}",
            said_on=date(2026, 1, 1) + timedelta(days=n),
            recorded_by=agent if n else None,
        )
    InsightFactory(account=account, topic="success", text="Full.", due_on=date(2024, 9, 1))
    InsightFactory(account=account, topic="value_driver", driver="recognition", text="")
    InsightFactory(text="Another customer’s.")

    with django_assert_max_num_queries(10):
        response = as_agent.get(at("insights"))

    texts = [each.text for each in response.context["statements"]]
    assert texts == ["", "Full.", "Statement 2", "Statement 1", "Statement 0"]
    page = response.content.decode()
    for words in ("By 1 September 2024", "<b>Recognition</b>", "Ada Lovett", "Mainstay"):
        assert words in page


# --- The hand-over


def test_sales_hands_a_customer_over(as_agent, account, at):
    assert "One promise a line." in as_agent.get(at("hand-over")).content.decode()
    said = form(
        sold_by="Ben Ford",
        said_on="2026-01-12",
        why="The desk is one person.",
        driver="convenience",
        promises=" Reminders in Welsh \n\nA call each quarter\nReminders in Welsh",
        success="Half the no-shows",
        success_by="2026-12-31",
        decides="Nadia",
    )

    page = as_agent.post(at("hand-over"), said, follow=True).content.decode()

    promises = Insight.objects.filter(topic="expectation").order_by("id")
    assert [each.text for each in promises] == ["Reminders in Welsh", "A call each quarter"]
    assert Insight.objects.count() == 5
    for words in (
        "Hand-over saved.",
        "Handed over from sales",
        "sold by Ben Ford",
        "What the sale",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Write down at least one thing."),
        ({"why": "x", "sold_by": ""}, "Write who sold it."),
        ({"why": "x", "said_on": "2999-01-01"}, "Choose today or an earlier day."),
        ({"why": "x", "success_by": "2026-12-31"}, "Write what success is"),
        ({"promises": "\n".join(map(str, range(21)))}, "Write 20 promises at most."),
        ({"promises": "x" * 2001}, "Write 2000 characters a line at most."),
    ],
)
def test_a_hand_over_that_lacks_something_is_refused(as_agent, at, said, words):
    response = as_agent.post(
        at("hand-over"), form(**{"sold_by": "Ben", "said_on": "2026-01-12", **said})
    )

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Insight.objects.exists()


# --- Days worth a mark


def test_a_day_is_annotated_once(as_agent, account, at):
    said = form(on="2026-01-09", tone="bad", text="Their first order was lost.", prefers="phone")

    for _again in range(2):
        page = as_agent.post(at("annotation-new"), said, follow=True).content.decode()

    event = Event.objects.get()
    assert (event.kind, event.timeline) == ("history.annotated", account.timeline)
    assert event.happened_at.date() == date(2026, 1, 9)
    assert "Annotation added." in page
    assert "Preferred then: Phone" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": "2999-01-01"}, "Choose today or an earlier day."),
        ({"tone": ""}, "Choose what it was."),
        ({"text": " "}, "Write what happened."),
    ],
)
def test_an_annotation_that_lacks_something_is_refused(as_agent, at, said, words):
    said = {"on": "2026-01-09", "tone": "bad", "text": "Lost.", **said}

    response = as_agent.post(at("annotation-new"), form(**said))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Event.objects.exists()


# --- One fact


def test_an_answer_is_kept_and_leads_to_the_next_question(as_agent, account, at):
    url = f"{at('fact', 'renews_on')}?skip=contact.driver"

    response = as_agent.post(url, {"value": "2026-09-01"})

    account.refresh_from_db()
    assert account.renews_on == date(2026, 9, 1)
    assert response["Location"] == f"{account.get_absolute_url()}?skip=contact.driver#completeness"
    page = as_agent.get(response["Location"]).content.decode()
    assert "What did the sale promise them?" in page


def test_what_is_missing_can_be_asked_on_a_page(as_agent, account, at):
    page = as_agent.get(at("fact", "plan")).content.decode()

    assert "Which plan are they on?" in page


def test_a_person_is_made_the_first_to_call(as_agent, account, at):
    nadia = ContactFactory(account=account, name="Nadia")

    as_agent.post(at("fact", "first"), {"value": nadia.pk})

    nadia.refresh_from_db()
    assert nadia.is_primary


def test_a_field_of_the_workspace_is_answered(as_agent, account, at):
    CustomFieldFactory(key="seats", label="Seats", kind="number", is_required=True)
    url = at("fact", "cf_seats")

    refused = as_agent.post(url, {"value": "many"})
    as_agent.post(url, {"value": "12"})

    assert refused.status_code == 422
    assert "is not a number" in refused.content.decode()
    assert Account.objects.get().custom == {"seats": 12}


@pytest.mark.parametrize(
    ("key", "value"), [("renews_on", "soon"), ("plan", ""), ("industry", "x" * 61), ("first", "0")]
)
def test_an_answer_that_does_not_fit_is_asked_again(as_agent, account, at, key, value):
    ContactFactory(account=account)

    response = as_agent.post(at("fact", key), {"value": value})

    assert response.status_code == 422
    assert not Event.objects.exists()


def test_what_somebody_answered_meanwhile_stays_until_one_knows(as_agent, account, at, now):
    helen = make_person("agent", name="Helen Ward", email="helen@example.com", team=account.team)
    with time_machine.travel(now, tick=False):
        actions.edit(account, by=helen, at=now, plan="Club")

    url = f"{at('fact', 'plan')}?skip=contact"
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        met = as_agent.post(url, {"value": "Studio"})

    account.refresh_from_db()
    assert (met.status_code, account.plan) == (409, "Club")
    (said,) = met.context["form"].errors["value"]
    assert said.startswith("This became “Club” meanwhile (Helen Ward, 2 min ago). Yours is still")
    again = fields_of(met.context["form"])
    assert again == {"value": "Studio", "shown": "Club"}
    assert as_agent.post(url, again).url.endswith("?skip=contact#completeness")
    account.refresh_from_db()
    assert account.plan == "Studio"
    assert as_agent.post(url, {"value": "Bureau", "shown": "Club"}).status_code == 409


def test_an_answer_given_in_the_same_moment_is_met_as_well(
    as_agent, agent, account, at, now, monkeypatch
):
    real, old = family.find, Account.objects.for_page().get(pk=account.pk)
    actions.edit(account, by=agent, at=now, plan="Club")
    olds = [old]
    monkeypatch.setattr(
        "apps.accounts.family.find", lambda *pk, **more: olds.pop() if olds else real(*pk, **more)
    )

    assert as_agent.post(at("fact", "plan"), {"value": "Studio"}).status_code == 409


def test_the_same_answer_given_twice_is_no_conflict(as_agent, account, at):
    account.plan = "Club"
    account.save()

    for page in (
        as_agent.post(at("fact", "plan"), {"value": "Club"}, follow=True),
        as_agent.get(at("fact", "plan"), follow=True),
    ):
        assert "Somebody answered that already." in page.content.decode()


def test_whatever_somebody_answered_is_said_in_words(as_agent, account, at):
    CustomFieldFactory(key="fee", label="Fee", kind="money", is_required=True)
    first = ContactFactory(account=account, name="Nadia", is_primary=True)
    other = ContactFactory(account=account, name="Omar")
    account.custom, account.renews_on = {"fee": 12.5}, date(2031, 9, 1)
    account.save()
    answers = {
        "cf_fee": ("14", "12.50", "£12.50"),
        "first": (other.pk, str(first.pk), "Nadia"),
        "renews_on": ("2031-10-01", "2031-09-01", "1 September 2031"),
    }

    for key, (mine, shown, words) in answers.items():
        met = as_agent.post(at("fact", key), {"value": mine})
        form = met.context["form"]
        assert met.status_code == 409
        assert f"This became “{words}” meanwhile. Yours is still here" in form.errors["value"][0]
        assert fields_of(form) == {"value": str(mine), "shown": shown}
        assert as_agent.post(at("fact", key), fields_of(form)).status_code == 302

    account.refresh_from_db()
    other.refresh_from_db()
    assert (account.custom, account.renews_on) == ({"fee": 14}, date(2031, 10, 1))
    assert other.is_primary


@pytest.mark.parametrize("key", ["weather", "cf_weather", "owner", "expectations"])
def test_what_is_no_question_of_this_page_is_not_there(as_agent, account, at, key):
    account.owner = None
    account.save()

    assert as_agent.post(at("fact", key), {"value": "x"}).status_code == 404


def test_a_field_that_is_retired_meanwhile_takes_no_answer(as_agent, account, at, monkeypatch):
    gone = CustomFieldFactory(key="seats", label="Seats", kind="number", is_required=True)
    as_agent.get(at("fact", "cf_seats"))  # and the process remembers the field for some seconds
    gone.retired_at = gone.timeline.last_touch_at or account.created_at
    gone.save()

    response = as_agent.post(at("fact", "cf_seats"), {"value": "12"})

    assert response.status_code == 422
    assert "taken out of use" in response.content.decode()
