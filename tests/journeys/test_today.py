"""Today in a browser: by keyboard, with a page that stays open, and without scripts."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.saves import DraftFactory, SaveCaseFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


def undecided(agent, name, **more):
    account = AccountFactory(name=name)
    contact = ContactFactory(account=account, name=f"Kim of {name}")
    SaveCaseFactory(
        account=account,
        agent=agent,
        contact=contact,
        outcome="undecided",
        opened_at=timezone.now() - 72 * HOUR,
        **more,
    )
    return account


@pytest.fixture
def ada(workspace):
    return workspace["agent"]


def test_the_day_is_worked_off_by_keyboard(signed_in, live_server, ada):
    now = timezone.now()
    first = undecided(ada, "Quayside Barbers", call_back_at=now - HOUR)
    undecided(ada, "Kestrel Cycles", call_back_at=now - 2 * HOUR)
    page = signed_in
    page.reload()
    expect(page.locator("#today-news")).to_contain_text("2 call-backs, 2 overdue")

    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(":focus")).to_contain_text("Call back Kim of Quayside Barbers")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{first.pk}/saves/new/")


def test_a_page_that_stays_open_counts_again_and_moves_no_row(watched, live_server, workspace, ada):
    late = undecided(ada, "Quayside Barbers", call_back_at=timezone.now() - HOUR)
    page = watched()
    page.clock.install()
    sign_in(page, live_server.url)
    rows = page.locator("#call-backs .task")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("link", name="new. Show")).to_have_count(0)

    late.save_cases.update(call_back_at=timezone.now() - 3 * HOUR)
    undecided(ada, "Kestrel Cycles", call_back_at=timezone.now() + HOUR)
    with page.expect_response("**/today/news/**"):
        page.clock.run_for(31_000)
    expect(page.locator("#today-news")).to_contain_text("2 call-backs, 1 overdue")
    expect(page.locator("#call-backs h2 .count")).to_have_text("2")
    expect(rows).to_have_count(1)
    expect(rows.locator(".due")).to_have_text(re.compile("3 h( 1 min)? late"))
    offer = page.get_by_role("link", name="1 new. Show")
    offer.click()
    expect(rows).to_have_count(2)


def test_an_ended_session_takes_nothing_from_whoever_types(watched, live_server, workspace):
    page = watched()
    page.clock.install()
    sign_in(page, live_server.url)
    page.get_by_role("combobox").fill("lark")
    page.get_by_role("option").wait_for()
    Session.objects.all().delete()

    with page.expect_response("**/today/news/**"):
        page.clock.run_for(31_000)
    expect(page.get_by_role("combobox")).to_have_value("lark")
    assert page.url == f"{live_server.url}/"


def test_the_months_are_there_in_numbers(signed_in, ada, workspace):
    SaveCaseFactory(account=workspace["account"], agent=ada)
    signed_in.reload()

    month = signed_in.locator("#month")
    name = month.get_by_role("img").get_attribute("aria-label")
    assert name.startswith("Calls by month: ")
    assert name.endswith("This month: 1 stayed, 1 unknown.")
    month.get_by_text("Numbers by month").click()
    expect(month.get_by_role("table")).to_be_visible()


def test_today_works_without_scripts(browser, live_server, workspace, ada):
    account = undecided(ada, "Quayside Barbers", call_back_at=timezone.now() - HOUR)
    DraftFactory(account=workspace["account"], agent=ada)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, live_server.url)

    expect(page.get_by_text("Finish your call with Larkspur Dental")).to_be_visible()
    page.get_by_text("How they ended").click()
    expect(page.locator("#recent").get_by_text("Undecided.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Call back Kim of Quayside Barbers").click()
    page.wait_for_url(f"**/customers/{account.pk}/saves/new/")
    context.close()
