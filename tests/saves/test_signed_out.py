"""A call that is posted after the session has ended waits until its agent has signed in."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.saves import actions
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import CategoryFactory, ReasonFactory
from tests.factories.saves import DraftFactory
from tests.factories.users import make_person
from tests.writes import watch_writes

LOGIN = reverse("account_login")
TOLD = "You were signed out before this was saved."


@pytest.fixture
def reason(db):
    return ReasonFactory(category=CategoryFactory(name="Price", position=1), name="Price rise")


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture
def answers(account, agent, reason, now):
    """What a browser without scripts posts."""
    return {
        "opening": actions.open_call(account, by=agent, at=now).sign(),
        "version": "0",
        "page": "",
        "channel": "phone",
        "category": "1",
        "reason": str(reason.pk),
        "verbatim": "Too dear, and late.",
        "outcome": "stayed",
        "stay_because": "The waiver.",
        "length": "04:32",
        "commitment-1-text": "Send the waiver",
        "commitment-1-owner": "me",
        "commitment-1-due_on": "2026-06-12",
        "commitment-1-is_visible": "on",
    }


@pytest.fixture(autouse=True)
def five_minutes_later(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


def sign_in(client, person, to):
    data = {"login": person.email, "password": "correct horse battery", "next": to}
    return client.post(LOGIN, data)


def words(response):
    return " ".join(response.content.decode().split())


def posted(response):
    """Everything that a browser posts from the page as it is shown."""
    form = response.context["form"]
    data = {"opening": response.context["signed"], "version": response.context["version"]}
    data["waiting"] = response.context["waiting"]
    for name in form.fields:
        value = form[name].value()
        if name not in data and value not in (None, "", False):
            data[name] = "on" if value is True else value
    return data


def test_what_was_posted_is_there_after_signing_in_and_is_saved_once(
    client, agent, url, answers, account, reason
):
    with watch_writes() as written:
        refused = client.post(url, answers)
    assert refused.url == f"{LOGIN}?next={url}"
    assert written == set()  # a session is no table of ours
    assert "Sign in, and what you typed is there." in words(client.get(refused.url))

    assert sign_in(client, agent, url).url == url
    with watch_writes() as written:
        page = client.get(url)
    assert written == set()
    assert TOLD in words(page)
    assert "Nothing is lost: read it over and save." in words(page)
    assert "Too dear, and late." in words(page)
    form = page.context["form"]
    names = ("reason", "outcome", "stay_because", "length", "commitment-1-text")
    assert {name: form[name].value() for name in names} == {name: answers[name] for name in names}
    assert page.context["opening"] == actions.Opening.read(answers["opening"])
    assert page.context["form"].errors == {}

    assert client.post(url, posted(page)).status_code == 302
    case = SaveCase.objects.get()
    assert (case.verbatim, case.agent, case.seconds) == ("Too dear, and late.", agent, 272)
    assert [each.text for each in case.commitments.all()] == ["Send the waiver"]
    assert TOLD not in words(client.get(url))

    client.post(url, posted(page))  # once more, with the way back
    assert SaveCase.objects.count() == 1


def test_with_the_proof_of_origin_that_a_browser_sends(agent, url, answers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent)

    def token(path):
        page = browser.get(path).content.decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    before = token(url)
    Session.objects.all().delete()
    refused = browser.post(url, answers | {"csrfmiddlewaretoken": before})
    assert refused.url == f"{LOGIN}?next={url}"
    person = {"login": agent.email, "password": "correct horse battery", "next": url}
    assert browser.post(LOGIN, person | {"csrfmiddlewaretoken": token(refused.url)}).url == url

    page = browser.get(url)
    assert TOLD in words(page)
    data = posted(page)
    assert browser.post(url, data).status_code == 403
    assert browser.post(url, data | {"csrfmiddlewaretoken": token(url)}).status_code == 302
    assert SaveCase.objects.get().verbatim == "Too dear, and late."


def test_a_page_of_the_session_before_is_kept_although_its_proof_is_old(agent, url, answers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent)  # in another tab, after the session of the page had ended

    refused = browser.post(url, answers)

    assert refused.status_code == 403
    assert "Nothing was saved yet, but what you typed is kept." in words(refused)
    assert f'href="{url}"' in words(refused)
    page = browser.get(url)
    assert TOLD in words(page)
    assert "Too dear, and late." in words(page)
    assert not SaveCase.objects.exists()


def test_a_page_of_somebody_else_is_not_kept_for_whoever_is_signed_in(team, url, answers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person("agent", team=team))

    refused = browser.post(url, answers)

    assert refused.status_code == 403
    assert "Go back, load the page again" in words(refused)
    assert "saves.waiting" not in browser.session


def test_a_reload_and_a_form_with_something_to_mend_lose_nothing(client, agent, url, answers):
    client.post(url, answers | {"outcome": ""})
    sign_in(client, agent, url)
    client.get(url)
    page = client.get(url)
    assert TOLD in words(page)

    mended = client.post(url, posted(page))
    assert mended.status_code == 422
    assert 'name="waiting"' in words(mended)
    assert TOLD not in words(mended)  # it says what is to mend
    assert TOLD in words(client.get(url))
    client.post(url, posted(mended) | {"outcome": "stayed"})
    assert SaveCase.objects.count() == 1
    assert TOLD not in words(client.get(url))


def test_the_button_that_keeps_a_draft_leads_back_to_the_page_too(client, agent, url, answers):
    keep = f"{url.removesuffix('saves/new/')}saves/draft/"
    refused = client.post(keep, answers)
    assert refused.url == f"{LOGIN}?next={url}"
    sign_in(client, agent, url)

    client.post(keep, posted(client.get(url)))

    draft = Draft.objects.get()
    assert draft.answers["verbatim"] == ["Too dear, and late."]
    assert "waiting" not in draft.answers
    page = client.get(url)
    assert TOLD not in words(page)
    assert "Too dear, and late." in words(page)


def test_a_page_that_never_showed_it_does_not_take_it_away(client, agent, url, answers, account):
    client.post(url, answers)
    sign_in(client, agent, url)
    other = {"opening": actions.open_call(account, by=agent, at=account.stage_since).sign()}

    client.post(reverse("saves:keep", args=[account.pk]), other | {"verbatim": "Another tab."})

    page = client.get(url)
    assert "Too dear, and late." in words(page)
    told = client.post(url, posted(page))  # the two are told of each other
    assert told.status_code == 409
    assert "Another page with this call kept other words" in words(told)
    assert "Too dear, and late." in words(told)


def test_posting_the_same_page_twice_keeps_the_later_words(client, agent, url, answers):
    client.post(url, answers)
    client.post(url, answers | {"verbatim": "Too dear."})
    sign_in(client, agent, url)

    assert len(client.session["saves.waiting"]) == 1
    page = client.get(url)
    assert page.context["form"]["verbatim"].value() == "Too dear."


def test_the_page_of_before_saved_after_all_with_the_way_back(client, agent, url, answers):
    client.post(url, answers)
    sign_in(client, agent, url)

    client.post(url, answers)

    assert SaveCase.objects.count() == 1
    assert TOLD not in words(client.get(url))


def test_somebody_else_sees_nothing_of_it_and_it_is_dropped(client, agent, team, url, answers):
    ben = make_person("agent", email="ben@example.com", team=team)
    client.post(url, answers)
    sign_in(client, ben, url)

    page = client.get(url)

    assert TOLD not in words(page)
    assert "Too dear, and late." not in words(page)
    assert "saves.waiting" not in client.session
    sign_in(client, agent, url)
    assert TOLD not in words(client.get(url))


def test_of_two_agents_calls_each_gets_their_own(client, agent, team, url, answers, account, now):
    ben = make_person("agent", email="ben@example.com", team=team)
    client.post(url, answers)
    opening = actions.open_call(account, by=ben, at=now).sign()
    client.post(url, answers | {"opening": opening, "verbatim": "Ben heard this."})
    sign_in(client, agent, url)

    page = client.get(url)

    assert "Too dear, and late." in words(page)
    assert "Ben heard this." not in words(page)
    assert len(client.session["saves.waiting"]) == 1


def _forged(opening, account):
    return {"opening": opening[:-2]}


def _missing(opening, account):
    return {"opening": ""}


def _of_an_older_page(opening, account):
    read = actions.Opening.read(opening)
    return {"opening": actions.Opening(**vars(read) | {"agent_id": None}).sign()}


def _of_another_customer(opening, account):
    read = actions.Opening.read(opening)
    return {"opening": actions.Opening(**vars(read) | {"account_id": 0}).sign()}


def _too_long(opening, account):
    return {"verbatim": "é" * (16 * 1024)}


@pytest.mark.parametrize(
    "change", [_forged, _missing, _of_an_older_page, _of_another_customer, _too_long]
)
def test_what_proves_nothing_or_is_too_long_is_not_kept(client, url, answers, account, change):
    with watch_writes() as written:
        response = client.post(url, answers | change(answers["opening"], account))

    assert response.url == f"{LOGIN}?next={url}"
    assert written == set()
    assert not Session.objects.exists()


def test_the_longest_call_that_can_be_saved_is_kept(client, agent, url, answers):
    client.post(url, answers | {"verbatim": "€" * 5000})
    sign_in(client, agent, url)

    assert client.get(url).context["form"]["verbatim"].value() == "€" * 5000


def test_only_what_the_page_asks_is_kept(client, agent, url, answers):
    more = {"csrfmiddlewaretoken": "secret", "colour": "red", "commitment-0-text": "no row"}
    client.post(url, answers | more | {"verbatim": "Too\0 dear."})

    (entry,) = client.session["saves.waiting"]
    assert entry["answers"].keys() == answers.keys() - {"opening", "version", "page"}
    assert entry["answers"]["verbatim"] == ["Too dear."]


@pytest.mark.parametrize(("days", "length"), [(0, "0:05:00"), (2, "23:59:59"), (31, None)])
def test_the_time_until_sign_in_is_not_time_on_the_phone(client, url, answers, now, days, length):
    with time_machine.travel(now + timedelta(days=days, minutes=5), tick=False):
        client.post(url, answers | {"length": ""})

        entries = client.session.get("saves.waiting", [])
    assert [entry["answers"]["length"] for entry in entries] == ([[length]] if length else [])


def test_a_call_that_is_dropped_waits_no_longer(client, agent, url, answers, account):
    key = actions.Opening.read(answers["opening"]).key
    draft = DraftFactory(account=account, agent=agent, key=key)
    client.post(url, answers)
    sign_in(client, agent, url)
    assert "saves.waiting" in client.session

    client.post(reverse("saves:drop", args=[draft.pk]), {"why": "customer"})

    assert "saves.waiting" not in client.session


def test_a_call_that_was_logged_in_another_tab_waits_no_longer(client, agent, url, answers):
    client.force_login(agent)
    client.post(url, answers)
    client.logout()
    later = answers | {"verbatim": "Said afterwards."}
    client.post(url, later)
    sign_in(client, agent, url)
    assert "saves.waiting" in client.session

    assert client.post(url, later).status_code == 409
    assert "saves.waiting" not in client.session


def test_an_endless_version_is_none(client, url, answers):
    client.post(url, answers | {"version": "9" * 5000})

    assert client.session["saves.waiting"][0]["version"] == 0


def test_a_page_elsewhere_can_not_put_a_session_into_the_browser(url, answers):
    browser = Client(enforce_csrf_checks=True)

    response = browser.post(url, answers, headers={"Origin": "https://elsewhere.example"})

    assert response.status_code == 403
    assert not Session.objects.exists()


def test_a_script_that_knows_of_no_drafts_is_kept_too(client, agent, url, answers):
    answers.pop("version")
    client.post(url, answers)
    sign_in(client, agent, url)

    assert client.get(url).context["version"] == 0


def test_a_few_calls_wait_and_no_more(client, agent, team, answers, now):
    records = [AccountFactory(team=team) for _ in range(5)]
    for each in records:
        opening = actions.open_call(each, by=agent, at=now).sign()
        client.post(reverse("saves:new", args=[each.pk]), answers | {"opening": opening})
    pages = [reverse("saves:new", args=[each.pk]) for each in records]
    sign_in(client, agent, pages[-1])

    assert [TOLD in words(client.get(page)) for page in pages] == [False, True, True, True, True]


def test_of_a_script_in_the_page_the_browser_keeps_the_words(client, url, answers, htmx):
    response = client.post(url, answers, headers=htmx("main"))

    assert response.status_code == 401
    assert not Session.objects.exists()


def test_other_forms_are_as_they_were(client, account):
    path = reverse("saves:commitment-new", args=[account.pk])

    assert client.post(path, {"text": "x"}).url == f"{LOGIN}?next={path}"
    assert not Session.objects.exists()


def test_a_customer_who_was_hidden_meanwhile_stays_hidden(
    client, agent, url, answers, account, private_team
):
    client.post(url, answers)
    account.team = private_team
    account.owner = None
    account.save()
    sign_in(client, agent, url)

    response = client.get(url)

    assert response.status_code == 404
    assert "Too dear, and late." not in words(response)


def test_a_customer_who_was_merged_meanwhile_is_followed(
    client, agent, manager, team, url, answers, account, now
):
    client.post(url, answers)
    kept = AccountFactory(team=team)
    accounts.merge(kept, account, by=manager, at=now)
    sign_in(client, agent, url)

    moved = client.get(url)
    assert moved.url == reverse("saves:new", args=[kept.pk])
    page = client.get(moved.url)
    assert TOLD in words(page)
    client.post(moved.url, posted(page))

    case = SaveCase.objects.get()
    assert (case.account, case.verbatim) == (kept, "Too dear, and late.")
    assert TOLD not in words(client.get(moved.url))


def test_it_goes_before_the_draft_that_was_kept_earlier(client, agent, url, answers, account, now):
    DraftFactory(
        account=account,
        agent=agent,
        key=actions.Opening.read(answers["opening"]).key,
        opening=answers["opening"],
        opened_at=now,
        answers={"verbatim": ["Too dear."]},
    )
    client.post(url, answers | {"version": "1"})
    sign_in(client, agent, url)

    page = client.get(url)
    assert page.context["form"]["verbatim"].value() == "Too dear, and late."
    assert client.post(url, posted(page)).status_code == 302

    case = SaveCase.objects.get()
    assert (case.verbatim, Draft.objects.get().case) == ("Too dear, and late.", case)


def test_an_opening_of_before_it_named_its_agent_is_still_read(account, agent, now):
    opening = actions.open_call(account, by=agent, at=now)
    fields = [str(opening.key), account.pk, now.isoformat(), "9", "GBP", "mid", "retention"]

    read = actions.Opening.read(actions.opening.signing.dumps(fields, salt="saves.opened"))

    assert (read.key, read.agent_id) == (opening.key, None)
