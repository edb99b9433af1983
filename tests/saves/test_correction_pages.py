from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import Account
from apps.history.models import Event
from apps.saves import actions
from apps.saves.forms import correction
from apps.saves.models import SaveCase
from apps.saves.templatetags.saves import answer, said_filter
from apps.saves.words import said
from tests.factories.accounts import ContactFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory
from tests.factories.saves import SaveCaseFactory

LATER = timedelta(hours=1)


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise", solvable="yes")


@pytest.fixture
def case(account, agent, reason, now):
    contact = ContactFactory(account=account, name="Nadia Rahman")
    opening = actions.open_call(account, by=agent, at=now - timedelta(minutes=5))
    return actions.log(
        opening,
        by=agent,
        at=now,
        reason=reason,
        verbatim="Too dear.\r\nFar too dear.",
        outcome="stayed",
        seconds=272,
        contact=contact,
        mood=2,
        competitor=CompetitorFactory(name="Rampart Booking"),
        asked_to_cancel_at=now - timedelta(seconds=95),
    )


@pytest.fixture
def url(case):
    return reverse("saves:correct", args=[case.pk])


@pytest.fixture(autouse=True)
def an_hour_later(now):
    with time_machine.travel(now + LATER, tick=False):
        yield


def posted(page, **changed):
    """What a browser posts of the page as it stands, with some fields changed."""
    form = page.context["form"]
    data = {
        name: form[name].value() for name in form.fields if form[name].value() not in (None, "")
    }
    for name, value in data.items():
        if hasattr(value, "strftime"):
            data[name] = form[name].value().strftime("%Y-%m-%dT%H:%M")
    return {**data, "why": "I ticked the wrong one", **changed}


def messages_of(response):
    return [str(each) for each in response.context["messages"]]


def test_the_page_shows_what_was_logged(as_agent, url, case):
    page = as_agent.get(url).content.decode()

    for text in (
        "Too dear.",
        'value="Rampart Booking"',
        'value="04:32"',
        "Price rise",
        "Nadia Rahman",
        'value="2026-06-09T10:28"',
        "You can correct it until",
    ):
        assert text in page, text


def test_the_call_links_to_it(as_agent, case, url):
    assert f'href="{url}"' in as_agent.get(case.get_absolute_url()).content.decode()


def test_what_nobody_touched_stays_whole(as_agent, url, case):
    response = as_agent.post(url, posted(as_agent.get(url)), follow=True)

    assert messages_of(response) == ["Nothing was corrected: the call says so already."]
    again = SaveCase.objects.get()
    assert (again.version, again.asked_to_cancel_at) == (1, case.asked_to_cancel_at)
    assert again.verbatim == case.verbatim


def test_a_correction_is_saved_and_stands_on_the_page_of_the_call(as_agent, url, case):
    response = as_agent.post(
        url,
        posted(as_agent.get(url), outcome="left", leaves_on="2026-07-01", mood=""),
        follow=True,
    )

    assert messages_of(response) == ["Call corrected."]
    page = response.content.decode()
    assert "I ticked the wrong one" in page
    assert "Wed 1 July" in page
    assert "Frustrated" in page
    case.refresh_from_db()
    assert (case.outcome, case.mood, str(case.leaves_on)) == ("left", None, "2026-07-01")


def test_the_timeline_says_it_and_marks_the_first_entry(as_agent, account, url):
    as_agent.post(url, posted(as_agent.get(url), verbatim="Quite dear."))

    page = as_agent.get(account.get_absolute_url()).content.decode()

    assert "Call corrected" in page
    assert "Quite dear." in page
    assert "Corrected since" in page


def test_before_saving_it_says_what_follows(as_agent, account, agent, url, now):
    def lines(outcome):
        return [line.text for line in dict(as_agent.get(url).context["preview"])[outcome]]

    assert lines("stayed") == ["It ended as logged: nothing about the customer changes."]
    assert lines("left")[-1] == "It no longer counts as a save, and its watch ends."
    assert lines("left")[0].startswith("They leave on the day you enter.")
    assert "The call back stands on the Today of Ada Lovett." in lines("undecided")

    as_agent.post(url, posted(as_agent.get(url), outcome="left", leaves_on="2026-06-09"))
    assert lines("left") == ["Another day moves their last day, and the win-back with it."]
    assert lines("stayed") == [
        "Their last day, today, is taken back.",
        "Stage changes from Churn to Retention.",
        "It counts as a save to be proved: first on Thu 9 July.",
        "The win-back that it began is closed.",
    ]

    Account.objects.update(churned_on="2026-08-01")
    assert lines("left") == ["Their last day was changed since without this call: it stays."]
    assert lines("stayed")[0] == "Their last day stays Sat 1 August: this call did not set it."


def test_before_saving_it_says_that_an_earlier_leaving_stands_again(
    as_agent, account, agent, reason, now
):
    for days, answers in ((3, {"outcome": "left", "leaves_on": now.date()}), (0, {})):
        account.refresh_from_db()
        at = now - timedelta(days=days)
        given = {"reason": reason, "verbatim": "Dear.", "outcome": "stayed", "seconds": 9}
        opening = actions.open_call(account, by=agent, at=at)
        case = actions.log(opening, by=agent, at=at, **{**given, **answers})

    page = as_agent.get(reverse("saves:correct", args=[case.pk]))

    texts = [line.text for line in dict(page.context["preview"])["undecided"]]
    assert texts[0] == "Their last day is today again, as before this call."


def test_an_older_call_says_that_it_changes_itself_alone(as_agent, account, url):
    later = SaveCaseFactory(account=account)

    page = as_agent.get(url)

    assert "A later call says how things stand." in page.content.decode()
    assert later.get_absolute_url() in page.content.decode()


def test_what_is_missing_comes_back_as_typed(as_agent, url):
    response = as_agent.post(
        url, posted(as_agent.get(url), why="", outcome="left", verbatim="Dear!", length="x")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Write why you correct it, in a sentence." in page
    assert "Choose the day they leave." in page
    assert "Write the call time as minutes and seconds, as 04:32." in page
    assert "Dear!" in page


@pytest.mark.parametrize("typed", ["2026-06-09T10:24", "2026-06-09T10:31"])
def test_asking_to_cancel_was_during_the_call(as_agent, url, typed):
    response = as_agent.post(url, posted(as_agent.get(url), asked_to_cancel_at=typed))

    assert "Choose a moment of the call, which lasted from 10:25 to 10:30." in (
        response.content.decode()
    )


def test_asking_to_cancel_is_written_down_afterwards(as_agent, url, case):
    as_agent.post(url, posted(as_agent.get(url), asked_to_cancel_at="2026-06-09T10:26"))

    case.refresh_from_db()
    assert case.asked_to_cancel_at.minute == 26


def test_a_call_back_that_has_passed_need_not_be_moved(as_agent, url, case, now):
    SaveCase.objects.update(outcome="undecided", call_back_at=now)

    response = as_agent.post(url, posted(as_agent.get(url), verbatim="Dear!"))
    assert response.status_code == 302

    response = as_agent.post(
        url, posted(as_agent.get(url), call_back_at="2026-06-09T10:31", verbatim="A")
    )
    assert "Choose a moment from now on to call back." in response.content.decode()


def test_who_and_what_is_gone_by_now_can_stay(as_agent, url, case, reason, now):
    also = ReasonFactory(category=reason.category, retired_at=now)
    case.also.add(also)
    case.contact.removed_at, case.contact.is_primary = now, False
    case.contact.save()
    type(reason).objects.filter(pk=reason.pk).update(retired_at=now)
    type(case.competitor).objects.update(retired_at=now)

    response = as_agent.post(url, posted(as_agent.get(url), verbatim="Dear!"))

    assert response.status_code == 302
    case.refresh_from_db()
    assert (case.reason, case.contact.name, list(case.also.all())) == (
        reason,
        "Nadia Rahman",
        [also],
    )


def test_the_second_corrector_sees_what_changed_and_keeps_what_was_typed(
    as_agent, url, case, manager, now
):
    page = as_agent.get(url)
    also = ReasonFactory(category=case.reason.category)
    actions.correct(
        case,
        by=manager,
        at=now + LATER,
        version=1,
        why="They rang me.",
        mood=4,
        verbatim="Max heard: too dear.",
        also=[also],
    )

    response = as_agent.post(url, posted(page, verbatim="Ada heard: dear.", channel="chat"))

    html = response.content.decode()
    assert response.status_code == 409
    assert "Max Brandt corrected this call while you were typing" in html
    assert "They rang me." in html
    assert "Taken from them: Also mentioned, Mood." in html
    assert "You both changed: In their words." in html
    assert "Ada heard: dear." in html
    form = response.context["form"]
    assert (form["mood"].value(), form["channel"].value()) == ("4", "chat")
    case.refresh_from_db()
    assert case.verbatim == "Max heard: too dear."

    response = as_agent.post(url, {**posted(response), "also": form["also"].value()})

    case.refresh_from_db()
    assert response.status_code == 302
    assert (case.verbatim, case.mood, case.channel) == ("Ada heard: dear.", 4, "chat")
    assert list(case.also.all()) == [also]


def test_a_day_that_the_record_refuses_is_said(as_agent, account, url):
    page = as_agent.get(url)
    data = posted(page, outcome="left", leaves_on="2026-07-01")
    Account.objects.update(started_on=None)

    response = as_agent.post(url, data)

    assert response.status_code == 422


def test_a_refusal_of_the_record_comes_back_on_the_form(as_agent, url, monkeypatch):
    data = posted(as_agent.get(url), outcome="left", leaves_on="2026-07-01")
    monkeypatch.setattr(correction.Correction, "_check_leaving", lambda form, answers: None)
    Account.objects.update(started_on=None)

    response = as_agent.post(url, data)

    assert response.status_code == 422
    assert "Choose a last day that is not before their first day" in response.content.decode()


def test_a_late_correction_by_the_agent_is_refused_and_what_was_typed_is_given_back(
    as_agent, agent, url, case, now
):
    page = as_agent.get(url)
    with time_machine.travel(now + timedelta(hours=24), tick=False):
        as_agent.force_login(agent)
        shown = as_agent.get(url)
        sent = as_agent.post(url, posted(page, verbatim="Ada heard: dear."))
        link = as_agent.get(case.get_absolute_url()).content.decode()

    assert (shown.status_code, sent.status_code) == (403, 403)
    assert "The day to correct this call is over" in shown.content.decode()
    assert "What you typed" not in shown.content.decode()
    assert "Ada heard: dear." in sent.content.decode()
    assert "I ticked the wrong one" in sent.content.decode()
    assert f'href="{url}"' not in link
    assert not Event.objects.filter(kind="saves.corrected").exists()


def test_nothing_typed_is_nothing_to_give_back(as_agent, agent, url, case, now):
    data = posted(as_agent.get(url), why="")
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        as_agent.force_login(agent)
        assert "What you typed" not in as_agent.post(url, data).content.decode()


def test_a_late_correction_by_a_manager_is_taken(as_manager, manager, url, case, now):
    with time_machine.travel(now + timedelta(days=40), tick=False):
        as_manager.force_login(manager)
        response = as_manager.post(url, posted(as_manager.get(url), verbatim="Max heard."))

    case.refresh_from_db()
    assert (response.status_code, case.verbatim) == (302, "Max heard.")


def test_a_colleagues_call_is_not_ones_own(client, url, outsider):
    client.force_login(outsider)

    page = client.get(url)

    assert page.status_code == 403
    assert "Ada Lovett can for a day" in page.content.decode()


def test_a_call_of_a_private_team_is_not_there(as_manager, private_account):
    hidden = SaveCaseFactory(account=private_account)

    assert as_manager.get(reverse("saves:correct", args=[hidden.pk])).status_code == 404


def test_the_pages_ask_little(as_agent, url, case, django_assert_max_num_queries):
    as_agent.post(url, posted(as_agent.get(url), verbatim="Dear!"))
    page = as_agent.get(url)

    with django_assert_max_num_queries(16):
        as_agent.get(url)
    with django_assert_max_num_queries(40):
        as_agent.post(url, posted(page, outcome="left", leaves_on="2026-07-01"))


def test_the_history_says_codes_in_words_and_unknown_names_as_they_stand():
    assert said("outcome", "left") == "Left"
    assert said("mood", "2") == "Frustrated"
    assert said("solvable", "no") == "No"
    assert said("export_help", "no") == "no"
    assert said("export_help", "yes") == "yes"
    assert said("channel", "chat") == "Chat"
    assert said("seconds", "272") == "04:32"
    assert said("leaves_on", "2026-07-01") == "Wed 1 July"
    assert said("call_back_at", "2026-06-09T09:30:00+00:00") == "today, 09:30"
    assert said("asked_to_cancel_at", "2026-06-09T09:30:00+00:00") == "today, 09:30"
    assert said("verbatim", "") == "nothing"
    assert said_filter("left", "outcome") == "Left"
    assert (answer("outcome"), answer("old_name")) == ("Outcome", "Old name")
