"""Words that no server has taken outlive the end of their call, until somebody decides."""

import re

import pytest
from playwright.sync_api import expect

from apps.saves.models import Draft, SaveCase
from tests.journeys.conftest import sign_in
from tests.journeys.test_accessibility import problems

pytestmark = pytest.mark.browser

WORDS = "What almost made them leave?"
CALLOUT = "Words from a call that was not sent."


@pytest.fixture
def url(live_server, workspace):
    return f"{live_server.url}{workspace['account'].get_absolute_url()}saves/new/"


@pytest.fixture
def page(signed_in, url):
    """Ada's save page, with a clock that the test moves on."""
    signed_in.clock.install()
    signed_in.goto(url)
    return signed_in


def words(page):
    return page.get_by_label(WORDS)


def callout(page):
    return page.get_by_role("status").filter(has_text=CALLOUT)


def stored(page):
    return page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('call:'))")


def keep(page, text):
    words(page).fill(text)
    with page.expect_response("**/saves/draft/"):
        page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_have_text(re.compile("Draft kept"))


def answer(page, text):
    """Fill in what a call needs."""
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    words(page).fill(text)
    page.locator("[name=outcome][value=stayed]").check()


def save(page, text):
    answer(page, text)
    page.get_by_role("button", name="Save call").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))


def drop(page):
    page.get_by_role("link", name="Drop this draft").click()
    page.get_by_role("radio", name="They never wanted to leave").check()
    page.get_by_role("button", name="Drop draft").click()
    expect(page.get_by_role("heading", name="Draft dropped")).to_be_visible()


def refused(page, text, told):
    """Type on in a tab whose call is over, be told, and see what the browser keeps."""
    words(page).fill(text)
    page.clock.fast_forward(2000)
    expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    assert len(stored(page)) == 1


def test_words_of_a_call_that_another_browser_saved_are_shown_and_taken(
    page, context, new_context, live_server, url, workspace
):
    keep(page, "Kept in both.")
    context.set_offline(True)
    words(page).fill("Kept in both. And <b>typed</b> without a line.")
    page.get_by_label("Commitment 1", exact=True).fill("Send the <i>waiver</i>")
    page.get_by_label("Due 1", exact=True).fill("2099-12-31")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text("Kept in this browser.")
    page.close(run_before_unload=False)
    elsewhere = new_context().new_page()
    sign_in(elsewhere, live_server.url)
    elsewhere.goto(url)
    save(elsewhere, "Kept in both.")
    context.set_offline(False)

    again = context.new_page()
    again.goto(url)
    expect(callout(again)).to_contain_text("And <b>typed</b> without a line.")
    expect(callout(again)).to_contain_text("Send the <i>waiver</i>")
    expect(callout(again)).to_contain_text(re.compile(r"Typed .*\d\d:\d\d"))
    expect(callout(again)).not_to_contain_text("Talking to")
    expect(words(again)).to_have_value("")
    again.reload()
    words(again).fill("A new call.")
    callout(again).get_by_role("button", name="Take them into this call").click()
    expect(words(again)).to_have_value(
        "A new call.\nKept in both. And <b>typed</b> without a line."
    )
    expect(again.get_by_label("Commitment 1", exact=True)).to_have_value("Send the <i>waiver</i>")
    expect(again.get_by_label("Due 1", exact=True)).to_have_value("2099-12-31")
    expect(callout(again)).to_have_count(0)
    expect(again.locator("#draft")).to_have_text(re.compile("Draft kept"))
    again.reload()
    expect(words(again)).to_have_value(re.compile("without a line"))
    expect(callout(again)).to_have_count(0)
    assert stored(again) == []


def test_words_typed_in_a_second_tab_after_the_first_saved_are_shown_and_discarded(
    page, context, url
):
    second = context.new_page()
    second.clock.install()
    second.goto(url)
    save(page, "Said in the first tab.")
    refused(second, "Typed after that.", "What you typed since is not in it.")

    second.reload()
    expect(callout(second)).to_contain_text("Typed after that.")
    assert problems(second) == []
    callout(second).get_by_role("button", name="Discard them").click()
    expect(callout(second)).to_have_count(0)
    assert stored(second) == []
    second.reload()
    expect(words(second)).to_have_value("")
    expect(callout(second)).to_have_count(0)
    assert (SaveCase.objects.count(), Draft.objects.filter(case=None).count()) == (1, 0)


def test_words_typed_in_a_second_tab_after_the_first_dropped_are_shown(page, context, url):
    keep(page, "A misunderstanding.")
    second = context.new_page()
    second.clock.install()
    second.goto(url)
    drop(page)
    refused(second, "No, they do want to leave.", "You dropped this draft elsewhere")

    second.reload()
    expect(callout(second)).to_contain_text("No, they do want to leave.")
    # An error in the form takes nothing of it away.
    second.get_by_role("button", name="Save call").click()
    expect(second.get_by_role("alert").filter(has_text="to fix")).to_be_visible()
    expect(callout(second)).to_have_count(1)
    callout(second).get_by_role("button", name="Take them into this call").click()
    expect(words(second)).to_have_value("No, they do want to leave.")


def test_a_call_that_is_saved_after_all_leaves_nothing_to_show(page, context, url):
    second = context.new_page()
    second.clock.install()
    second.goto(url)
    save(page, "Said in the first tab.")
    refused(second, "A second call.", "What you typed since is not in it.")
    answer(second, "A second call.")
    second.get_by_role("button", name="Save call").click()
    told = second.get_by_role("alert").filter(has_text="saved already, with other answers")
    expect(told).to_be_visible()
    second.get_by_role("button", name="Save call").click()
    second.wait_for_url(re.compile(r"/customers/\d+/$"))
    assert stored(second) == []

    second.goto(url)
    expect(second.get_by_role("heading", level=1)).to_be_visible()
    expect(callout(second)).to_have_count(0)


def test_choices_say_their_label_and_leave_those_made_here_alone(page, context, url):
    second = context.new_page()
    second.clock.install()
    second.goto(url)
    save(page, "Said in the first tab.")
    second.get_by_role("radio", name="Support", exact=True).check()
    second.locator("[name=outcome][value=left]").check()
    second.get_by_label("They leave on").fill("2099-12-31")
    second.get_by_label("What would bring them back?").fill("A smaller plan.")
    refused(second, "Nobody called back.", "What you typed since is not in it.")

    second.reload()
    found = callout(second)
    for said in ("Support", "Left", "2099-12-31", "A smaller plan.", "Nobody called back."):
        expect(found).to_contain_text(said)
    second.locator("[name=outcome][value=stayed]").check()
    found.get_by_role("button", name="Take them into this call").click()
    expect(second.get_by_role("radio", name="Support", exact=True)).to_be_checked()
    expect(second.locator("[name=outcome][value=stayed]")).to_be_checked()
    expect(words(second)).to_have_value(
        "Nobody called back.\nWhat would bring them back? A smaller plan."
    )


def test_words_are_shown_however_old_and_those_of_nobody_are_not(page, url, workspace):
    agent, account = workspace["agent"].pk, workspace["account"].pk
    page.evaluate(
        """([agent, account]) => {
            const old = { at: 0, body: "verbatim=Long+ago.&channel=phone" };
            localStorage.setItem(`call:${agent}:${account}:old:page`, JSON.stringify(old));
            localStorage.setItem(`call:${agent}:999999:old:page`, JSON.stringify(old));
            localStorage.setItem(`call:${agent + 1}:${account}:key:page`,
                JSON.stringify({ ...old, at: Date.now() }));
        }""",
        [agent, account],
    )
    page.goto(url)
    expect(callout(page)).to_contain_text("Long ago.")
    expect(callout(page)).to_have_count(1)
    assert len(stored(page)) == 2  # of another customer, a month is enough
