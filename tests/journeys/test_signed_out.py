"""A call is saved after the session has ended, in a browser without scripts."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from apps.saves.models import Draft, SaveCase
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

WORDS = "What almost made them leave?"


@pytest.fixture
def page(new_context, live_server, workspace):
    """Ada's save page, filled in; her session is over."""
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}saves/new/")
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    page.get_by_label(WORDS).fill("Said before the session ended.")
    page.locator("[name=outcome][value=stayed]").check()
    page.get_by_label("What made them stay?").fill("The waiver forms.")
    page.get_by_label("Commitment 1", exact=True).fill("Send the waiver")
    Session.objects.all().delete()
    return page


def sign_in_by_hand(page):
    expect(page.get_by_text("Sign in, and what you typed is there.")).to_be_visible()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    told = page.get_by_role("status").filter(has_text="You were signed out before this was saved.")
    expect(told).to_contain_text("Nothing is lost: read it over and save.")


def test_a_call_saved_without_scripts_after_the_session_ended(page, workspace):
    page.get_by_role("button", name="Save call").click()
    sign_in_by_hand(page)
    expect(page.get_by_label(WORDS)).to_have_value("Said before the session ended.")
    page.reload()
    expect(page.get_by_label("What made them stay?")).to_have_value("The waiver forms.")
    expect(page.get_by_label("Commitment 1", exact=True)).to_have_value("Send the waiver")
    expect(page.locator("[name=outcome][value=stayed]")).to_be_checked()
    assert not SaveCase.objects.exists()

    page.get_by_role("button", name="Save call").click()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    case = SaveCase.objects.get()
    assert (case.verbatim, case.agent) == ("Said before the session ended.", workspace["agent"])
    assert [each.text for each in case.commitments.all()] == ["Send the waiver"]


def test_a_draft_kept_without_scripts_after_the_session_ended(page):
    page.get_by_role("button", name="Keep draft").click()
    sign_in_by_hand(page)
    page.get_by_role("button", name="Keep draft").click()

    expect(page.get_by_label(WORDS)).to_have_value("Said before the session ended.")
    expect(page.get_by_text("You were signed out before this was saved.")).to_be_hidden()
    assert Draft.objects.get().answers["verbatim"] == ["Said before the session ended."]
