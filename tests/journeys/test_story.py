"""The customer's story: one missing fact after another, and what stays on top."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def test_an_agent_answers_what_is_asked_and_pins_a_note(watched, live_server, workspace):
    page = watched()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")

    page.get_by_label("When do they renew?").fill("2027-09-01")
    page.locator("#completeness").get_by_role("button", name="Save").click()
    expect(page.locator("#record")).to_contain_text("1 September 2027")
    expect(page.locator("#completeness")).to_contain_text("What is continued value to them?")
    page.get_by_role("link", name="Not now").click()
    expect(page.locator("#completeness")).not_to_contain_text("What is continued value to them?")

    composer = page.get_by_label("Add a note. Type @ to mention someone.")
    composer.fill("Half a sentence")
    page.get_by_text("Asked for chairs").hover()
    page.locator("li", has_text="Asked for chairs").get_by_role("button", name="Pin to top").click()
    expect(page.locator("#pinned")).to_contain_text("Pinned by Ada Lovett")
    expect(composer).to_have_value("Half a sentence")
    page.locator("#pinned").get_by_role("button", name="Unpin").click()
    expect(page.locator("#pinned")).to_have_count(0)


def test_a_hand_over_from_sales_shows_on_the_record(watched, live_server, workspace):
    page = watched()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    page.get_by_role("link", name="Fill in the hand-over from sales").click()

    page.get_by_label("Who sold it").fill("Ben Ford")
    page.get_by_label("Reliability").check()
    page.get_by_label("What was promised").fill("Reminders in Welsh\nA call each quarter")
    page.get_by_role("button", name="Save hand-over").click()

    story = page.locator("#story")
    expect(story).to_contain_text("Reliability")
    expect(story).to_contain_text("A call each quarter")
    expect(story).to_contain_text("as told by Ben Ford, today")
