"""Finding customers and reading their history, with a keyboard and as scripts allow."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_list_narrows_as_somebody_types_and_the_address_keeps_the_question(
    signed_in, live_server
):
    page = signed_in
    page.goto(f"{live_server.url}/customers/")
    page.keyboard.press("/")
    page.keyboard.type("larkspr")

    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=larkspr"))
    page.get_by_role("link", name="Remove filter: Search larkspr").click()
    expect(page.locator("#list tbody tr")).to_have_count(2)


def test_j_and_k_move_and_enter_opens(signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/customers/")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Larkspur Dental")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="Larkspur Dental")).to_be_visible()


def test_filters_open_in_a_dialog_and_become_chips(signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/customers/")
    page.get_by_role("link", name="Filter").click()
    dialog = page.get_by_role("dialog", name="Filter customers")
    dialog.get_by_role("checkbox", name="Wandering eye").check()
    dialog.get_by_role("button", name="Show customers").click()

    expect(page.locator(".chip.filter")).to_contain_text("Wandering eye")
    expect(page.locator("#list .between output")).to_have_text("1 of 2")


def test_a_note_appears_at_once_and_the_composer_is_ready_for_the_next(
    signed_in, live_server, workspace
):
    page = signed_in
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    note = page.get_by_label("Add a note")
    note.fill("Rang about the <b>invoice</b>")
    note.press("Control+Enter")

    expect(page.locator("#timeline .timeline")).to_contain_text("Rang about the <b>invoice</b>")
    expect(page.get_by_label("Add a note")).to_be_focused()
    expect(page.get_by_label("Add a note")).to_have_value("")


def test_single_keys_do_nothing_while_somebody_types(signed_in, live_server, workspace):
    page = signed_in
    url = f"{live_server.url}{workspace['account'].get_absolute_url()}"
    page.goto(url)
    page.get_by_label("Add a note").fill("")
    page.get_by_label("Add a note").press_sequentially("s?/q")

    expect(page).to_have_url(url)
    expect(page.get_by_label("Add a note")).to_have_value("s?/q")


def test_g_then_a_letter_goes_places_and_a_question_mark_lists_the_keys(signed_in, live_server):
    page = signed_in
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/customers/")
    expect(page.get_by_role("heading", level=1, name="Customers")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_page_scrolls_sideways(signed_in, live_server, workspace, width):
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    record = workspace["account"].get_absolute_url()
    for path in ("/", "/customers/", record, f"{record}saves/new/", f"{record}edit/"):
        page.goto(f"{live_server.url}{path}")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, path
