"""Changing many customers at once: by mouse, by keyboard, and without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.core import jobs
from tests.factories.accounts import AccountFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(workspace):
    """Max, Ada's manager."""
    return make_person(
        "manager", name="Max Brandt", email="max@example.com", team=workspace["team"]
    )


@pytest.fixture
def as_manager(watched, live_server, manager):
    """Max's browser, on the list."""
    page = watched()
    sign_in(page, live_server.url, manager.email)
    page.goto(f"{live_server.url}/customers/?view=all")
    return page


def test_five_hundred_customers_get_an_owner_and_go_back_but_for_one(
    as_manager, live_server, workspace, manager
):
    AccountFactory.create_batch(500, tier="high")
    page = as_manager
    page.goto(f"{live_server.url}/customers/?tier=high")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(page.locator(".bulk output")).to_have_text("25 selected")
    page.get_by_role("checkbox", name="All 500 that match").check()
    expect(page.locator(".bulk output")).to_have_text("All 500 selected")
    page.get_by_role("button", name="Assign owner").click()

    page.get_by_label("New owner").select_option("Ada Lovett")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Assign to Ada Lovett")).to_be_visible()
    page.get_by_role("button", name="Change 500 customers").click()
    expect(page.get_by_role("progressbar", name="Changing customers")).to_be_visible()
    jobs.run_all()
    expect(page.get_by_role("heading", name="500 changed, 0 skipped, 0 failed")).to_be_visible()
    assert Account.objects.filter(owner=workspace["agent"], tier="high").count() == 500

    edited = Account.objects.filter(tier="high").first()
    accounts.edit(edited, by=workspace["agent"], at=timezone.now(), name="Edited meanwhile")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("progressbar", name="Undoing")).to_be_visible()
    jobs.run_all()

    expect(page.get_by_role("heading", name="499 restored, 1 left as they are")).to_be_visible()
    expect(page.locator("#bulk tbody tr")).to_have_count(1)
    expect(page.locator("#bulk tbody tr")).to_contain_text("Ada Lovett changed them since.")
    assert not Account.objects.filter(tier="high").exclude(owner=None).exists()
    edited.refresh_from_db()
    assert edited.owner == workspace["agent"]


def test_the_whole_of_it_by_keyboard(as_manager, workspace):
    page = as_manager
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Larkspur Dental")).to_be_focused()
    expect(page.locator(".bulk output")).to_have_text("2 selected")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".bulk output")).to_have_text("1 selected")
    page.keyboard.press("a")

    owner = page.get_by_label("New owner")
    owner.focus()
    page.keyboard.type("Max")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Assign to Max Brandt")).to_be_visible()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("1 customer changed.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/customers/\?view=all$"))
    assert Account.objects.get(name="Larkspur Dental").owner.name == "Max Brandt"
    page.get_by_role("link", name="Results and undo").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Larkspur Dental")).to_be_visible()


def test_a_alone_assigns_the_row_in_focus_and_enter_on_a_tick_opens_it(as_manager):
    page = as_manager
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("view=all"))
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    expect(page.locator("#main li")).to_have_text(["Cobalt Climbing"])

    page.go_back()
    box = page.get_by_role("checkbox", name="Select Cobalt Climbing")
    box.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Cobalt Climbing")).to_be_visible()


def test_ticks_can_be_cleared_and_keys_rest_while_somebody_types(as_manager):
    page = as_manager
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Select Cobalt Climbing").check()
    expect(bar).to_be_visible()
    page.get_by_role("checkbox", name="All 2 that match").check()
    page.get_by_role("checkbox", name="Select Cobalt Climbing").uncheck()
    expect(bar.get_by_role("checkbox")).not_to_be_checked()
    expect(bar.locator("output")).to_have_text("1 selected")
    page.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()

    page.keyboard.press("/")
    page.keyboard.type("xaj")
    expect(page.get_by_role("searchbox")).to_have_value("xaj")


def test_shortcuts_are_switched_off_for_a_person(as_manager, live_server, manager):
    page = as_manager
    page.goto(f"{live_server.url}/people/me/")
    page.get_by_role("checkbox", name="shortcuts").uncheck()
    page.get_by_role("button", name="Save").first.click()
    page.goto(f"{live_server.url}/customers/?view=all")
    for key in ("j", "x", "a", "/", "?"):
        page.keyboard.press(key)

    expect(page.locator(".bulk")).to_be_hidden()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("tbody :focus")).to_have_count(0)


def test_without_scripts_the_ticks_and_the_buttons_are_one_form(
    new_context, live_server, workspace, manager
):
    page = new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, manager.email)
    page.goto(f"{live_server.url}/customers/?view=all")
    page.get_by_role("checkbox", name="Select Larkspur Dental").check()
    page.get_by_role("button", name="Set stage").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Choose a stage.")).to_be_visible()
    page.get_by_label("New stage").select_option("Test drive")
    page.get_by_label("Why").fill("They try somebody else")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Change 1 customer").click()
    page.get_by_role("link", name="Results and undo").click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("heading", name="1 restored, 0 left as they are")).to_be_visible()
    assert Account.objects.get(name="Larkspur Dental").stage == "wandering_eye"
