"""The main job: the customer is on the phone, and the call is logged."""

import re

import pytest
from playwright.sync_api import expect

from apps.saves.models import SaveCase
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_from_signing_in_to_the_history_by_keyboard_only(watched, live_server, workspace):
    page = watched()
    page.goto(live_server.url)
    page.keyboard.type("ada@example.com")
    press(page, "Tab")
    page.keyboard.type("correct horse battery")
    press(page, "Enter")
    page.wait_for_url(f"{live_server.url}/")

    # Find the customer by the caller's name; the search has the focus.
    page.keyboard.type("nadia")
    expect(page.get_by_role("option", name=re.compile("Larkspur Dental"))).to_be_visible()
    press(page, "ArrowDown", "Enter")
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    expect(page.get_by_role("heading", level=1, name="Larkspur Dental")).to_be_visible()

    # Log the save: S opens the page, numbers pick, Tab goes on.
    press(page, "s")
    page.wait_for_url("**/saves/new/")  # keys count once the page has loaded
    expect(page.get_by_role("heading", name="Why do they want to leave?")).to_be_visible()
    press(page, "1", "Tab", "1")
    expect(page.locator(".guide:visible").first).to_be_visible()
    press(page, "q")
    press(page, "Tab", "Tab", "Tab")
    page.keyboard.type("The renewal came in £62 higher.")
    press(page, "Tab", "Tab", "2", "Tab", "1")
    expect(page.locator(".savebar")).to_contain_text("Stayed")
    press(page, "Control+Enter")

    # Everybody sees it on the history.
    page.wait_for_url(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text("Saved by Ada Lovett")
    expect(timeline).to_contain_text("The renewal came in £62 higher.")
    expect(timeline).to_contain_text("Stage changed from Wandering eye to Retention")
    expect(page.get_by_role("status")).to_contain_text("Saved. Larkspur Dental stays.")
    case = SaveCase.objects.get()
    assert (case.outcome, case.get_mood_display(), case.solvable) == ("stayed", "Frustrated", "yes")
    assert case.contact.name == "Dr Nadia Rahman"
    assert case.asked_to_cancel_at is not None


def fill_in(page, words="Too dear."):
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    page.get_by_label("What almost made them leave?").fill(words)
    page.locator("[name=outcome][value=stayed]").check()


@pytest.fixture
def save_url(live_server, workspace):
    return f"{live_server.url}{workspace['account'].get_absolute_url()}saves/new/"


def test_what_is_missing_is_said_first_and_nothing_typed_is_lost(signed_in, save_url):
    page = signed_in
    page.goto(save_url)
    page.get_by_label("What almost made them leave?").fill("Too dear.")
    page.locator("[name=outcome][value=left]").check()
    press(page, "Control+Enter")

    errors = page.get_by_role("alert").filter(has_text="things to fix")
    expect(errors).to_be_focused()
    expect(errors).to_contain_text("Choose why they want to leave.")
    expect(errors).to_contain_text("Choose the day they leave.")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("What almost made them leave?")).to_have_value("Too dear.")
    expect(page.locator("[name=outcome][value=left]")).to_be_checked()
    assert SaveCase.objects.count() == 0


def test_a_double_click_makes_one_case(signed_in, save_url, workspace):
    page = signed_in
    page.goto(save_url)
    fill_in(page)
    page.get_by_role("button", name="Save call").dblclick()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")

    assert SaveCase.objects.count() == 1


def test_going_back_and_sending_again_makes_one_case(signed_in, save_url, workspace):
    page = signed_in
    page.goto(save_url)
    fill_in(page)
    press(page, "Control+Enter")
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    page.go_back()
    fill_in(page)
    press(page, "Control+Enter")
    page.wait_for_load_state()

    expect(page.locator("h1")).to_be_visible()
    assert SaveCase.objects.count() <= 2
    assert len(set(SaveCase.objects.values_list("key", flat=True))) == SaveCase.objects.count()


def test_two_tabs_of_one_call_make_one_case_and_lose_no_words(signed_in, watched, save_url):
    first, second = signed_in, watched()
    for page in (first, second):
        page.goto(save_url)
    fill_in(first, "Said in the first tab.")
    fill_in(second, "Said in the second tab.")
    press(first, "Control+Enter")
    first.wait_for_url(re.compile(r"/customers/\d+/$"))
    press(second, "Control+Enter")

    told = second.get_by_role("alert").filter(has_text="saved already, with other answers")
    expect(told).to_be_visible()
    expect(second.get_by_label("What almost made them leave?")).to_have_value(
        "Said in the second tab."
    )
    assert SaveCase.objects.count() == 1


def test_the_whole_job_without_scripts(new_context, live_server, workspace):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.get_by_label("Name, phone, e-mail or customer number").fill("larkspur")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Larkspur Dental").click()
    page.locator("main").get_by_role("link", name="Log a save").click()
    fill_in(page, "Said without scripts.")
    page.get_by_role("button", name="Save call").click()

    expect(page.locator("#timeline")).to_contain_text("Said without scripts.")
    assert SaveCase.objects.count() == 1


def test_leaving_asks_for_its_day_and_says_what_follows(signed_in, save_url, workspace):
    page = signed_in
    page.goto(save_url)
    day = page.get_by_label("They leave on")
    expect(day).to_be_hidden()
    page.locator("[name=outcome][value=left]").check()
    expect(day).to_be_visible()
    expect(page.locator(".preview")).to_contain_text("until the day you enter")

    page.locator("[name=outcome][value=undecided]").check()
    expect(day).to_be_hidden()
    expect(page.get_by_label("Call back on")).to_be_visible()


def test_a_category_changes_its_reasons_and_forgets_the_old_choice(signed_in, save_url):
    page = signed_in
    page.goto(save_url)
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    page.get_by_role("radio", name="Support", exact=True).check()

    expect(page.locator("[data-panel='1']")).to_be_hidden()
    expect(page.locator("[data-panel='3']")).to_be_visible()
    expect(page.locator("[name=reason]:checked")).to_have_count(0)


def test_the_call_time_runs_can_be_paused_and_corrected(signed_in, save_url):
    page = signed_in
    page.goto(save_url)
    time = page.get_by_label("Call time, minutes and seconds")
    expect(time).not_to_have_value("00:00")
    page.get_by_role("button", name="Pause the call time").click()
    time.fill("12:30")
    fill_in(page)
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))

    assert SaveCase.objects.get().seconds == 750
