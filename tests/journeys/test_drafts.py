"""Nothing that was typed on a call is lost, whatever fails while it is typed."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from apps.saves.models import Draft, SaveCase
from tests.factories.saves import DraftFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

WORDS = "What almost made them leave?"
KEPT = re.compile(r"Draft kept \d\d:\d\d")


@pytest.fixture
def path(workspace):
    return f"{workspace['account'].get_absolute_url()}saves/new/"


@pytest.fixture
def page(signed_in, live_server, path):
    """Ada's save page, with a clock that the test moves on."""
    signed_in.clock.install()
    signed_in.goto(f"{live_server.url}{path}")
    return signed_in


def words(page):
    return page.get_by_label(WORDS)


def keep(page, text):
    """Type, wait as an agent does, and see it kept."""
    words(page).fill(text)
    with page.expect_response("**/saves/draft/"):
        page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_have_text(re.compile("Draft kept"))


def kept():
    return Draft.objects.get().answers["verbatim"]


def fill_in(page):
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    page.locator("[name=outcome][value=stayed]").check()


def stored(page):
    return page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('call:'))")


def test_it_is_kept_two_seconds_after_the_last_change_and_on_today_until_logged(
    page, live_server, path, workspace
):
    page.get_by_role("radio", name="Price", exact=True).check()
    keep(page, "Too dear, and")
    assert stored(page) == []

    words(page).fill("Too dear, and late.")
    page.goto(f"{live_server.url}/customers/")  # before the two seconds are over
    page.goto(f"{live_server.url}{path}")
    expect(words(page)).to_have_value("Too dear, and late.")
    expect(page.get_by_role("radio", name="Price", exact=True)).to_be_checked()
    expect(page.locator("#draft")).to_contain_text(KEPT)

    fill_in(page)
    page.get_by_role("button", name="Save call").click()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    case = SaveCase.objects.get()
    assert case.verbatim == "Too dear, and late."
    assert Draft.objects.get().case == case
    assert stored(page) == []


def test_a_lost_connection_while_typing(page, context):
    context.set_offline(True)
    words(page).fill("Said while nothing came through.")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text("No connection. Kept in this browser.")
    assert not Draft.objects.exists()

    context.set_offline(False)
    page.clock.fast_forward(5000)
    expect(page.locator("#draft")).to_contain_text(KEPT)
    assert kept() == ["Said while nothing came through."]
    assert stored(page) == []


def test_a_lost_connection_while_saving(page, context, workspace):
    words(page).fill("The line broke.")
    fill_in(page)
    context.set_offline(True)
    page.get_by_role("button", name="Save call").click()
    told = page.get_by_role("alert").filter(has_text="The call is not saved yet.")
    expect(told).to_contain_text("Your text is kept in this browser.")
    expect(words(page)).to_have_value("The line broke.")
    assert SaveCase.objects.count() == 0

    context.set_offline(False)
    told.get_by_role("button", name="Try again").click()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    assert SaveCase.objects.get().verbatim == "The line broke."
    assert stored(page) == []


def test_a_session_that_ended_while_typing(page, live_server, path):
    Session.objects.all().delete()
    words(page).fill("Said after the session had ended.")
    page.clock.fast_forward(2000)
    told = page.get_by_role("alert").filter(has_text="You are signed out.")
    expect(told).to_contain_text("Your text is kept in this browser.")

    told.get_by_role("link", name="Sign in again").click()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    back = page.get_by_role("status").filter(has_text="What this browser had kept is back.")
    expect(back).to_be_visible(timeout=20_000)
    expect(words(page)).to_have_value("Said after the session had ended.")
    assert kept() == ["Said after the session had ended."]


def test_a_session_that_ended_before_saving(page, path, context, live_server, workspace):
    words(page).fill("Saved after the session had ended.")
    fill_in(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save call").click()
    expect(page.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()
    expect(words(page)).to_have_value("Saved after the session had ended.")

    # Signed in again in another tab, which brings another token too: this one just saves.
    other = context.new_page()
    sign_in(other, live_server.url)
    page.get_by_role("button", name="Save call").click()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    assert SaveCase.objects.get().verbatim == "Saved after the session had ended."


def test_a_browser_that_crashed(page, context, live_server, path):
    keep(page, "Kept before.")
    context.set_offline(True)  # nothing leaves any more, not even on the way out
    words(page).fill("Typed in the last second.")
    page.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{live_server.url}{path}")
    expect(words(again)).to_have_value("Typed in the last second.")
    expect(again.locator("#draft")).to_contain_text(KEPT)
    assert stored(again) == []


def test_another_computer_finds_what_the_server_kept(page, new_context, live_server, path):
    keep(page, "Begun at the desk.")

    elsewhere = new_context().new_page()
    sign_in(elsewhere, live_server.url)
    elsewhere.goto(f"{live_server.url}{path}")
    expect(words(elsewhere)).to_have_value("Begun at the desk.")


def test_two_tabs_the_later_one_is_told_and_chooses(page, context, live_server, path):
    second = context.new_page()
    second.clock.install()
    second.goto(f"{live_server.url}{path}")
    keep(page, "Said in the first tab.")
    words(second).fill("Said in the second tab.")
    second.clock.fast_forward(2000)

    told = second.get_by_role("alert").filter(has_text="Another page with this call kept")
    expect(told).to_contain_text(re.compile(r"today, \d\d:\d\d"))
    assert kept() == ["Said in the first tab."]
    told.get_by_role("button", name="Keep what is here").click()
    aside = second.locator("details.asides")
    aside.locator("summary").click()
    expect(aside).to_contain_text("Said in the first tab.")
    expect(words(second)).to_have_value("Said in the second tab.")
    assert kept() == ["Said in the second tab."]

    # The first is behind now, and gives way.
    words(page).fill("Said in the first tab, later.")
    page.clock.fast_forward(2000)
    page.get_by_role("button", name="Use the other").click()
    expect(words(page)).to_have_value("Said in the second tab.")
    page.locator("details.asides summary").click()
    expect(page.locator("details.asides")).to_contain_text("Said in the first tab, later.")
    page.locator("details.asides").get_by_role("button", name="Use this one").first.click()
    expect(words(page)).to_have_value("Said in the first tab, later.")
    keep(page, "Said in the first tab, at last.")
    assert kept() == ["Said in the first tab, at last."]


def test_saving_from_a_tab_that_is_behind_is_told_first(page, context, live_server, path):
    second = context.new_page()
    second.goto(f"{live_server.url}{path}")
    keep(page, "Said in the first tab.")
    fill_in(second)
    words(second).fill("Said in the second tab.")
    second.get_by_role("button", name="Save call").click()
    expect(second.get_by_role("alert").first).to_contain_text("Another page with this call kept")
    assert SaveCase.objects.count() == 0

    second.get_by_role("button", name="Keep what is here").click()
    expect(second.locator("details.asides")).to_be_visible()
    second.get_by_role("button", name="Save call").click()
    second.wait_for_url(re.compile(r"/customers/\d+/$"))
    assert SaveCase.objects.get().verbatim == "Said in the second tab."


def test_a_draft_is_dropped_with_a_reason_and_taken_up_again(page, workspace):
    keep(page, "A misunderstanding.")
    page.get_by_role("link", name="Drop this draft").click()
    page.get_by_role("button", name="Drop draft").click()
    expect(page.get_by_role("alert").filter(has_text="to fix")).to_be_focused()
    page.get_by_role("radio", name="They never wanted to leave").check()
    page.get_by_role("button", name="Drop draft").click()
    expect(page.get_by_role("heading", name="Draft dropped")).to_be_visible()
    page.get_by_role("button", name="Take it up again").click()
    expect(words(page)).to_have_value("A misunderstanding.")


def test_a_colleagues_call_is_named(page, workspace, live_server, path):
    ben = make_person("agent", name="Ben Okoro", team=workspace["team"])
    DraftFactory(account=workspace["account"], agent=ben)
    page.goto(f"{live_server.url}{path}")

    expect(page.locator("#call")).to_contain_text(
        re.compile("Ben Okoro has begun a call with them, today")
    )


def test_without_scripts_a_button_keeps_it(new_context, live_server, path):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{path}")
    second = page.context.new_page()
    second.goto(f"{live_server.url}{path}")
    words(page).fill("Said without scripts.")
    page.get_by_role("button", name="Keep draft").click()
    expect(words(page)).to_have_value("Said without scripts.")
    expect(page.locator("#draft")).to_contain_text(KEPT)

    words(second).fill("Said beside it.")
    second.get_by_role("button", name="Keep draft").click()
    second.get_by_role("button", name="Use the other").click()
    expect(words(second)).to_have_value("Said without scripts.")
    second.locator("details.asides summary").click()
    expect(second.locator("details.asides")).to_contain_text("Said beside it.")
