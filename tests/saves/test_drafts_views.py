"""What the save page answers while a call goes on."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.saves import actions
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.reasons import CategoryFactory, ReasonFactory
from tests.factories.saves import DraftFactory, SaveCaseFactory
from tests.factories.users import make_person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def says(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def reason(db):
    return ReasonFactory(category=CategoryFactory(name="Price", position=1), name="Price rise")


@pytest.fixture
def page(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture
def url(account):
    return reverse("saves:keep", args=[account.pk])


@pytest.fixture
def typed(account, agent, now):
    """What a page posts in the middle of a call that was opened at `now`."""
    return {
        "opening": actions.open_call(account, by=agent, at=now).sign(),
        "version": "0",
        "csrfmiddlewaretoken": "secret",
        "category": "1",
        "verbatim": "Too dear.",
    }


@pytest.fixture
def drop(account, agent, now):
    draft = DraftFactory(account=account, agent=agent, opened_at=now)
    draft.answers = {"verbatim": ["Too dear."]}
    draft.save()
    return reverse("saves:drop", args=[draft.pk])


@pytest.fixture(autouse=True)
def five_minutes_later(now):
    with time_machine.travel(now + 5 * MINUTE, tick=False):
        yield


def test_a_keeping_answers_when_it_was_kept_and_the_version(as_agent, url, typed, htmx):
    response = as_agent.post(url, typed, headers=htmx("draft"))

    assert response.status_code == 200
    html = response.content.decode()
    assert "Draft kept 10:35" in html  # London, in summer
    assert 'name="version" value="1"' in html
    assert Draft.objects.get().answers == {"category": ["1"], "verbatim": ["Too dear."]}


def test_a_keeping_asks_little(as_agent, url, typed, htmx, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        as_agent.post(url, typed, headers=htmx("draft"))


def test_the_page_goes_on_with_what_was_kept(as_agent, url, page, typed, reason, now):
    answers = {"reason": reason.pk, "outcome": "left", "length": "02:00", "also": [reason.pk]}
    as_agent.post(url, typed | answers)
    Account.objects.update(mrr=1)
    with time_machine.travel(now + 7 * MINUTE, tick=False):
        response = as_agent.get(page)

    html = response.content.decode()
    assert "Too dear." in html
    assert "things to fix" not in html
    form = response.context["form"]
    assert (str(form["reason"].value()), form["outcome"].value()) == (str(reason.pk), "left")
    assert response.context["opening"] == actions.Opening.read(typed["opening"])
    assert response.context["clock"].seconds == 240  # goes on from the call time, not the clock
    assert "Draft kept 10:35" in html


def test_a_page_without_a_draft_counts_from_its_opening(as_agent, page):
    response = as_agent.get(page)

    assert response.context["clock"].seconds == 0
    assert 'name="version" value="0"' in response.content.decode()
    assert "Draft kept" not in response.content.decode()


def test_a_button_keeps_it_without_scripts(as_agent, account, url, page, typed):
    response = as_agent.post(url, typed, follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert "Too dear." in response.content.decode()


def test_null_characters_are_left_out(as_agent, url, typed):
    as_agent.post(url, typed | {"verbatim": "Too\0 dear."})

    assert Draft.objects.get().answers["verbatim"] == ["Too dear."]


@pytest.mark.parametrize("target", ["draft", "main"])
def test_a_page_that_is_behind_is_told_and_keeps_what_was_typed(
    as_agent, url, page, typed, htmx, target
):
    as_agent.post(url, typed)

    response = as_agent.post(url, typed | {"verbatim": "Other words."}, headers=htmx(target))

    html = response.content.decode()
    assert response.status_code == 409
    assert "Another page with this call kept other words, today, 10:35." in html
    assert ("Other words." in html) == (target == "main")
    assert Draft.objects.get().answers["verbatim"] == ["Too dear."]
    if target == "main":
        assert 'name="version" value="0"' in html  # or the next keeping would go through


def test_the_choice_leads_back_to_the_page_with_the_other_words_beside(
    as_agent, url, page, typed, reason
):
    stranger = ContactFactory(name="Nadia Rahman")
    as_agent.post(url, typed | {"contact": stranger.pk})
    other = {
        "verbatim": "Other words.",
        "choice": "mine",
        "reason": reason.pk,
        "also": [reason.pk],
        "asked_to_cancel": "on",
    }

    response = as_agent.post(url, typed | other, follow=True)

    html = response.content.decode()
    assert "1 other version of what you typed" in html
    assert [said for aside in response.context["asides"] for _label, said in aside.said] == [
        str(stranger.pk),  # of another customer: no name here
        "Too dear.",
    ]
    aside = response.context["asides"][0].key
    swapped = as_agent.post(url, typed | {"version": 2, **other, "choice": "", "use": aside})
    assert swapped.status_code == 302
    assert Draft.objects.get().answers["verbatim"] == ["Too dear."]
    asides = as_agent.get(page).context["asides"]
    assert [text for _label, text in asides[0].said] == [
        "Price rise",
        "Price rise",
        "Other words.",
        "Yes",
    ]


def test_words_with_fewer_answers_are_named_so(as_agent, account, agent, page, now):
    aside = {"kept_at": now.isoformat(), "answers": {"page": ["x.1"], "verbatim": [""]}}
    DraftFactory(account=account, agent=agent, asides=[aside])

    html = as_agent.get(page).content.decode()

    assert "Fewer answers than here" in html


def test_choices_are_said_in_words(as_agent, account, agent, page, reason, now):
    aside = {
        "kept_at": now.isoformat(),
        "answers": {"category": ["1"], "outcome": ["left"], "mood": ["2"], "solvable": ["odd"]},
    }
    DraftFactory(account=account, agent=agent, asides=[aside])

    said = as_agent.get(page).context["asides"][0].said

    assert [text for _label, text in said] == ["Price", "odd", "Frustrated", "Left"]


def test_what_a_browser_had_kept_is_announced(as_agent, url, page, typed, htmx):
    response = as_agent.post(url, typed | {"choice": "restored"}, headers=htmx("draft"))

    assert response.status_code == 200
    assert "What this browser had kept is back." in as_agent.get(page).content.decode()


def test_a_dropped_draft_tells_its_other_pages(as_agent, url, typed, htmx, drop, agent):
    Draft.objects.all().delete()
    as_agent.post(url, typed)
    draft = Draft.objects.get()
    as_agent.post(reverse("saves:drop", args=[draft.pk]), {"why": "cut"})

    response = as_agent.post(url, typed | {"version": "1"}, headers=htmx("draft"))

    assert response.status_code == 409
    assert "You dropped this draft elsewhere, today, 10:35." in response.content.decode()
    assert "Use the other" not in response.content.decode()


def test_a_call_that_is_saved_tells_its_other_pages(as_agent, url, page, typed, htmx, reason):
    answers = {"reason": reason.pk, "outcome": "stayed", "channel": "phone"}
    as_agent.post(page, typed | answers)
    case = SaveCase.objects.get()

    response = as_agent.post(url, typed, headers=htmx("draft"))

    assert response.status_code == 409
    assert "This call is saved already." in response.content.decode()
    assert case.get_absolute_url() in response.content.decode()
    assert not Draft.objects.exists()


def test_too_much_is_refused_in_words(as_agent, url, typed, htmx):
    response = as_agent.post(url, typed | {"verbatim": "x" * 66_000}, headers=htmx("draft"))

    assert response.status_code == 422
    assert "longer than 64 kB. Shorten it." in response.content.decode()


def test_an_opening_that_cannot_be_read_begins_the_call_now(as_agent, url, typed, now):
    as_agent.post(url, typed | {"opening": "damaged", "version": ""})

    assert Draft.objects.get().opened_at == now + 5 * MINUTE


def test_an_opening_of_another_customer_is_refused(as_agent, agent, team, url, typed, now, htmx):
    other = actions.open_call(AccountFactory(team=team), by=agent, at=now).sign()

    for headers in (htmx("draft"), {}):
        response = as_agent.post(url, typed | {"opening": other}, headers=headers)
        assert response.status_code == 422
        assert "open for a call with another customer" in response.content.decode()
    assert not Draft.objects.exists()


def test_a_draft_of_a_merged_record_is_kept_with_the_one_that_stays(
    as_agent, account, manager, team, url, typed, now
):
    kept = AccountFactory(team=team)
    accounts.merge(kept, account, by=manager, at=now)

    response = as_agent.post(url, typed)

    assert response.url == reverse("saves:new", args=[kept.pk])
    assert Draft.objects.get().account == kept


def test_who_signed_in_since_in_this_browser_writes_into_nobodys_draft(
    as_manager, agent, url, typed, htmx
):
    DraftFactory(account=Account.objects.get(), agent=agent, answers={"verbatim": ["Mine."]})

    for headers in (htmx("draft"), {}):
        response = as_manager.post(url, typed, headers=headers)
        assert response.status_code == 422
        assert f"{agent} had this page open, and you are signed in now." in says(response)
    assert Draft.objects.get().answers == {"verbatim": ["Mine."]}


def test_a_call_is_logged_for_who_had_the_page_open_or_for_somebody_who_says_so(
    as_manager, agent, manager, page, typed, reason
):
    answers = {"reason": reason.pk, "outcome": "stayed", "channel": "phone"}

    response = as_manager.post(page, typed | answers | {"version": "3"})

    assert response.status_code == 422
    assert "If you had the call, save again: what is typed is kept here." in says(response)
    assert not SaveCase.objects.exists()

    again = {"opening": response.context["signed"], "version": response.context["version"]}
    assert as_manager.post(page, typed | answers | again).status_code == 302
    assert SaveCase.objects.get().agent == manager


def test_a_draft_of_another_day_says_that_the_call_is_of_that_day(
    as_agent, account, agent, page, now
):
    DraftFactory(account=account, agent=agent, opened_at=now - 5 * DAY, kept_at=now - 5 * DAY)

    html = says(as_agent.get(page))

    assert "You began this call Thu 4 June, 10:30." in html
    assert "Draft kept Thu 4 June, 10:30" in html
    Draft.objects.update(opened_at=now, kept_at=now)
    assert "You began this call" not in says(as_agent.get(page))


def test_a_removed_customer_keeps_nothing_more(as_agent, account, manager, url, typed, now):
    accounts.remove_account(account, reason="A test entry.", by=manager, at=now)

    assert as_agent.post(url, typed).status_code == 404


@pytest.mark.parametrize("words", ["Too dear.", "Other words."])
def test_saving_from_a_page_that_is_behind_is_told_first(as_agent, url, page, typed, reason, words):
    as_agent.post(url, typed | {"reason": reason.pk})
    answers = {"reason": reason.pk, "outcome": "stayed", "channel": "phone", "verbatim": words}

    response = as_agent.post(page, typed | answers)

    assert response.status_code == 409
    assert "Another page with this call kept other words" in response.content.decode()
    assert not SaveCase.objects.exists()


def test_a_saved_call_leads_scripts_to_the_customer(as_agent, account, page, typed, reason, htmx):
    answers = {"reason": reason.pk, "outcome": "stayed", "channel": "phone"}

    response = as_agent.post(page, typed | answers, headers=htmx("main"))

    assert (response.status_code, response["HX-Redirect"]) == (204, account.get_absolute_url())


def test_a_colleague_who_has_begun_is_named(as_agent, account, page, team, now):
    ben = make_person("agent", name="Ben Okoro", team=team)
    DraftFactory(account=account, agent=ben, opened_at=now, answers={"verbatim": ["Secret."]})

    html = as_agent.get(page).content.decode()

    assert "Ben Okoro has begun a call with them, today, 10:30." in html
    assert "Secret." not in html


def test_what_was_not_saved_stays_on_the_page_of_the_call_for_its_agent(
    client, as_agent, account, agent, manager, now
):
    case = SaveCaseFactory(account=account, agent=agent)
    aside = {"kept_at": now.isoformat(), "answers": {"verbatim": ["In the other tab."]}}
    draft = DraftFactory(account=account, agent=agent, case=case)
    assert "other version" not in as_agent.get(case.get_absolute_url()).content.decode()
    draft.asides = [aside]
    draft.save()

    html = as_agent.get(case.get_absolute_url()).content.decode()
    assert "1 other version of what you typed" in html
    assert "In the other tab." in html
    assert "Use this one" not in html
    client.force_login(manager)
    assert "In the other tab." not in client.get(case.get_absolute_url()).content.decode()


def test_dropping_asks_why(as_agent, drop):
    assert "Drop this draft?" in as_agent.get(drop).content.decode()

    response = as_agent.post(drop, {})

    assert response.status_code == 422
    assert "Choose why, so that colleagues understand it later." in response.content.decode()
    assert Draft.objects.get().is_open


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"why": "customer"}, "Wrong customer"),
        ({"why": "cut", "text": "They call back."}, "The call was cut off. They call back."),
        ({"why": "other", "text": "A rehearsal."}, "A rehearsal."),
    ],
)
def test_a_draft_is_dropped_for_a_reason_and_its_page_offers_it_again(
    as_agent, drop, answers, reason
):
    response = as_agent.post(drop, answers, follow=True)

    assert response.redirect_chain == [(drop, 302)]
    html = response.content.decode()
    assert "Draft dropped" in html
    assert reason in html
    assert "Too dear." in html
    assert Draft.objects.get().drop_reason == reason


@pytest.mark.parametrize("text", ["", "x" * 151])
def test_something_else_wants_a_few_words(as_agent, drop, text):
    response = as_agent.post(drop, {"why": "other", "text": text})

    assert response.status_code == 422
    said = "Ensure this value" if text else "Write why in a few words."
    assert said in response.content.decode()


def test_a_dropped_draft_is_taken_up_again(as_agent, drop, page):
    as_agent.post(drop, {"why": "customer"})

    response = as_agent.post(drop.replace("drop", "reopen"), follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert "Too dear." in response.content.decode()


def test_a_draft_that_was_logged_leads_to_its_case(as_agent, drop, account, agent, monkeypatch):
    case = SaveCaseFactory(account=account)
    draft = Draft.objects.get()
    draft.case = case
    draft.save()

    for address in (drop, drop.replace("drop", "reopen")):
        assert as_agent.post(address, {"why": "customer"}).url == case.get_absolute_url()


def test_a_draft_that_is_logged_this_very_moment_is_not_dropped(
    as_agent, drop, account, monkeypatch
):
    case = SaveCaseFactory(account=account)

    def too_late(draft, **more):
        raise actions.drafts.Logged(case)

    monkeypatch.setattr(actions.drafts, "drop", too_late)

    assert as_agent.post(drop, {"why": "customer"}).url == case.get_absolute_url()


def test_a_draft_is_its_agents_alone(as_manager, drop):
    assert as_manager.get(drop).status_code == 404
    assert as_manager.post(drop, {"why": "customer"}).status_code == 404


def test_dropping_stands_in_the_history(as_agent, account, drop):
    as_agent.post(drop, {"why": "customer"})
    as_agent.post(drop.replace("drop", "reopen"))

    html = as_agent.get(account.get_absolute_url()).content.decode()

    assert "by Ada Lovett, of a call begun today, 10:30: “Wrong customer”" in html
    assert "Draft taken up again" in html
