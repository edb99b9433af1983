"""The main job: the customer is on the phone, and the call is logged."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.saves.models import Commitment, SaveCase
from tests.factories.saves import CommitmentFactory, SaveCaseFactory
from tests.journeys.conftest import sign_in
from tests.journeys.test_accessibility import problems

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


def test_going_back_shows_an_empty_form_and_sending_it_again_makes_no_second_case(
    signed_in, save_url, workspace
):
    page = signed_in
    page.goto(save_url)
    fill_in(page)
    page.get_by_label("What made them stay?").fill("The waiver forms.")
    page.get_by_label("Commitment 1", exact=True).fill("Send the waiver")
    press(page, "Control+Enter")
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    page.go_back()
    page.wait_for_url("**/saves/new/")
    press(page, "Control+Enter")

    expect(page.get_by_role("alert").filter(has_text="things to fix")).to_be_visible()
    for name in ("verbatim", "stay_because", "commitment-1-text"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    expect(page.locator("#call :is([name=reason], [name=outcome]):checked")).to_have_count(0)
    assert SaveCase.objects.count() == 1


def hold(page):
    """Let the server be slow: a call that is saved waits until the test lets it go on."""
    held = []
    page.route(
        "**/saves/new/",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    return held


def test_a_call_on_its_way_takes_no_more_input(signed_in, save_url, workspace):
    page = signed_in
    page.goto(save_url)
    words = page.get_by_label("What almost made them leave?")
    held = hold(page)
    fill_in(page)
    words.focus()
    press(page, "Control+Enter")
    expect(page.locator("#call[inert][aria-busy=true]")).to_have_count(1)
    expect(page.locator("[data-submit][inert]")).to_have_count(1)
    page.keyboard.type("S comes late, and is no shortcut either.")
    expect(words).to_have_value("Too dear.")

    (route,) = held
    route.continue_()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    assert SaveCase.objects.get().verbatim == "Too dear."


@pytest.mark.parametrize("how", ["no connection", "something is missing"])
def test_a_call_that_was_not_saved_takes_input_again(signed_in, save_url, how):
    page = signed_in
    page.goto(save_url)
    words = page.get_by_label("What almost made them leave?")
    held = hold(page)
    words.fill("Too dear.")
    press(page, "Control+Enter")
    expect(page.locator("#call[inert]")).to_have_count(1)
    (route,) = held
    if how == "no connection":
        route.abort("internetdisconnected")
        expect(words).to_be_focused()
    else:
        route.continue_()
        expect(page.get_by_role("alert").filter(has_text="things to fix")).to_be_focused()
        words.focus()
        press(page, "End")

    expect(page.locator("#call[inert]")).to_have_count(0)
    page.keyboard.type(" And late.")
    expect(words).to_have_value("Too dear. And late.")
    expect(page.get_by_role("button", name="Save call")).to_be_enabled()


def test_enter_in_a_field_saves_nothing(signed_in, save_url, workspace):
    page = signed_in
    page.goto(save_url)
    fill_in(page)
    fields = ("Competitor", "What made them stay?", "Commitment 1", "Due 1", "Call time, minutes")
    for label in fields:
        page.get_by_label(label).first.focus()
        press(page, "Enter")
    expect(page.locator("#call[aria-busy]")).to_have_count(0)
    expect(page).to_have_url(save_url)
    assert SaveCase.objects.count() == 0

    page.get_by_label("Commitment 1", exact=True).fill("Send the waiver")
    press(page, "Control+Enter")
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    assert SaveCase.objects.get().commitments.get().text == "Send the waiver"


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


class Typist:
    """Somebody at the keyboard: keys count, the customer's own words do not."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        press(self.page, *keys)
        self.count += len(keys)

    def type(self, words):
        self.page.keyboard.type(words)


def test_a_routine_save_takes_few_keys_and_less_than_a_minute(signed_in, live_server, workspace):
    page, ada = signed_in, Typist(signed_in)
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    began = time.monotonic()

    ada.press("s")
    page.wait_for_url("**/saves/new/")
    ada.press("1", "Tab", "1", "Tab", "Tab", "Tab")
    expect(page.get_by_label("What almost made them leave?")).to_be_focused()
    ada.type("The renewal came in £62 higher.")
    ada.press("Tab", "Tab", "2", "Tab", "1", "Tab")
    expect(page.get_by_label("What made them stay?")).to_be_focused()
    ada.type("The old price until June.")
    ada.press("Tab")
    expect(page.get_by_label("Commitment 1", exact=True)).to_be_focused()
    ada.type("Honour the old price on the June invoice")
    expect(page.locator(".preview")).to_contain_text("1 commitment, due ")
    expect(page.locator(".savebar")).to_contain_text("1 commitment")
    ada.press("Control+Enter")
    page.wait_for_url(f"{live_server.url}{workspace['account'].get_absolute_url()}")

    assert ada.count <= 25
    assert time.monotonic() - began <= 60
    case = SaveCase.objects.get()
    assert case.seconds <= 60
    assert case.stay_because == "The old price until June."
    commitment = case.commitments.get()
    assert (commitment.owner, commitment.is_visible) == (workspace["agent"], True)


def test_the_whole_form_by_keyboard_alone(signed_in, save_url, workspace):
    page, day = signed_in, timezone.localdate() + timedelta(days=9)
    page.goto(save_url)
    press(page, "1", "Tab", "1", "Tab", "Tab", "Tab")
    page.keyboard.type("They close the branch.")
    press(page, "Tab", "Tab", "Tab", "2", "Tab")
    page.keyboard.type(f"{day:%m%d%Y}")
    expect(page.get_by_label("They leave on")).to_have_value(day.isoformat())
    expect(page.locator(".preview")).to_contain_text(f"{day.day} {day:%B}")
    press(page, "Tab", "Tab", "1")  # past the button that opens a calendar
    expect(page.locator("[name=export_help][value=yes]")).to_be_checked()
    press(page, "Tab")
    page.keyboard.type("A smaller plan.")
    press(page, "Tab")
    page.keyboard.type("Send the export")
    # Past the owner, three parts of the day and its calendar; then the cross, and another row.
    press(page, *["Tab"] * 6, "Space", "Tab", "Tab", "Enter")
    expect(page.get_by_label("Commitment 2", exact=True)).to_be_focused()
    page.keyboard.type("Call them in spring")
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))

    case = SaveCase.objects.get()
    assert (case.outcome, case.leaves_on, case.export_help) == ("left", day, True)
    assert case.back_if == "A smaller plan."
    first, second = case.commitments.order_by("id")
    assert (first.text, first.is_visible) == ("Send the export", False)
    assert (second.text, second.is_visible) == ("Call them in spring", True)


def test_rows_of_commitments_come_and_go_as_they_are_needed(signed_in, save_url):
    page = signed_in
    page.goto(save_url)
    page.locator("[name=outcome][value=stayed]").check()
    rows = page.locator("[data-commitments] > li:visible")
    add = page.get_by_role("button", name="Add another")
    expect(rows).to_have_count(1)
    page.get_by_label("Commitment 1", exact=True).fill("First")
    for _ in range(9):
        add.click()
    expect(rows).to_have_count(10)
    expect(add).to_be_disabled()
    expect(page.get_by_label("Commitment 10", exact=True)).to_be_focused()
    page.get_by_label("Commitment 10", exact=True).fill("Last")
    page.get_by_label("Due 10", exact=True).fill((timezone.localdate()).isoformat())
    expect(page.locator(".preview")).to_contain_text("2 commitments, first due ")
    expect(page.locator(".stepper")).to_contain_text("2 commitments")

    page.get_by_role("button", name="Clear commitment 1", exact=True).click()
    expect(rows).to_have_count(9)
    expect(add).to_be_enabled()
    expect(page.locator(".preview")).to_contain_text("1 commitment, due ")


def test_what_follows_is_said_in_place_as_it_is_typed(signed_in, save_url):
    page, preview = signed_in, signed_in.locator(".preview")
    page.goto(save_url)
    expect(preview).to_contain_text("Choose how it ended to see what follows.")
    page.locator("[name=outcome][value=stayed]").check()
    expect(preview).to_contain_text("Watched: first proof on ")
    expect(preview).to_contain_text(", after 30 days.")

    page.locator("[name=outcome][value=left]").check()
    expect(preview).to_contain_text("Nobody offers them anything for a while after that")
    page.get_by_label("They leave on").fill("2099-12-31")
    expect(preview).to_contain_text("They are a customer until 31 December 2099.")
    expect(preview).to_contain_text("Nobody offers them anything before 30 January 2100.")
    page.get_by_role("radio", name="Price", exact=True).check()
    reason = page.locator("[data-panel='1'] [name=reason]").first
    reason.evaluate("(each) => (each.dataset.winBack = 1)")
    reason.check()
    expect(preview).to_contain_text("Nobody offers them anything before 1 January 2100.")
    page.get_by_label("They leave on").fill("2020-02-28")
    expect(preview).to_contain_text("They count as left since 28 February 2020")
    page.get_by_label("They leave on").fill("")
    expect(preview).to_contain_text("Nobody offers them anything for a while after that")

    page.locator("[name=outcome][value=undecided]").check()
    expect(preview).to_contain_text("at the moment you enter")
    page.get_by_label("Call back on").fill("2099-06-10T09:05")
    expect(preview).to_contain_text("You call them back on 10 June 2099, 09:05")


def write(page, label, words):
    """Tap a field and type, as a thumb does."""
    page.get_by_label(label).first.tap()
    page.keyboard.type(words)


def test_the_whole_job_with_a_thumb(new_context, live_server, workspace):
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, live_server.url)
    write(page, "Name, phone, e-mail or customer number", "nadia")
    page.get_by_role("option", name=re.compile("Larkspur Dental")).tap()
    page.wait_for_url(f"**{workspace['account'].get_absolute_url()}")
    page.get_by_role("link", name="Log a save").filter(visible=True).first.tap()
    page.wait_for_url("**/saves/new/")

    page.locator(".chip", has_text="Price").first.tap()
    page.locator("[data-panel='1'] .chip").first.tap()
    page.locator("label", has_text="Asked to cancel").tap()
    write(page, "What almost made them leave?", "Too dear.")
    page.locator(".moods label").nth(1).tap()
    page.locator(".option", has_text="Undecided").tap()
    moment = timezone.localtime() + timedelta(days=2)
    # The one thing that is no tap: a phone shows its own wheels for a day and an hour.
    page.get_by_label("Call back on").fill(f"{moment:%Y-%m-%dT%H:%M}")
    write(page, "What are they waiting for?", "The board.")
    write(page, "Commitment 1", "Send the numbers")
    page.get_by_role("button", name="Add another").tap()
    write(page, "Commitment 2", "Call the board")
    expect(page.locator(".preview")).to_contain_text("2 commitments, first due ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Save call").tap()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))

    case = SaveCase.objects.get()
    assert (case.outcome, case.waits_for, case.verbatim) == ("undecided", "The board.", "Too dear.")
    assert (case.mood, case.asked_to_cancel_at is not None) == (2, True)
    assert case.commitments.count() == 2


def test_a_row_that_is_half_filled_is_shown_with_what_is_missing(signed_in, save_url):
    page = signed_in
    page.goto(save_url)
    fill_in(page)
    page.get_by_role("button", name="Add another").click()
    page.get_by_label("Commitment 2", exact=True).fill("Call them")
    page.get_by_label("Due 2", exact=True).fill("")
    press(page, "Control+Enter")

    expect(page.get_by_role("alert").filter(has_text="thing to fix")).to_be_focused()
    page.get_by_role("link", name="Choose the day it is due.").click()
    expect(page.get_by_label("Due 2", exact=True)).to_be_focused()
    expect(page.get_by_label("Commitment 2", exact=True)).to_have_value("Call them")
    expect(page.locator(".preview")).to_contain_text("Watched: first proof on ")
    assert Commitment.objects.count() == 0


def test_axe_finds_nothing_at_the_end_of_a_call(signed_in, save_url, workspace, live_server):
    page, account = signed_in, workspace["account"]
    page.goto(save_url)
    page.locator("[name=outcome][value=left]").check()
    page.get_by_label("They leave on").fill("2099-12-31")
    page.get_by_label("Commitment 1", exact=True).fill("Send the export")
    page.get_by_label("Due 1", exact=True).fill("")
    assert problems(page) == []
    press(page, "Control+Enter")
    page.get_by_role("alert").filter(has_text="to fix").wait_for()
    assert problems(page) == []

    first = SaveCaseFactory(account=account, stay_because="The waiver forms.")
    case = SaveCaseFactory(account=account, continues=first)
    for state in ("open", "broken"):
        settled = None if state == "open" else timezone.now()
        CommitmentFactory(account=account, case=case, state=state, settled_at=settled)
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    assert problems(page) == []


def test_the_whole_job_without_scripts(new_context, live_server, workspace):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.get_by_label("Name, phone, e-mail or customer number").fill("larkspur")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Larkspur Dental").click()
    page.locator("main").get_by_role("link", name="Log a save").click()
    fill_in(page, "Said without scripts.")
    page.get_by_label("What made them stay?").fill("The waiver forms.")
    expect(page.get_by_role("button", name="Add another")).to_be_hidden()
    expect(page.locator(".preview")).to_contain_text("stands on the Today of its owner")
    page.get_by_label("Commitment 1", exact=True).fill("Send the waiver")
    page.get_by_label("Commitment 3", exact=True).fill("Call them")
    page.get_by_label("Due 3", exact=True).fill("")
    page.get_by_role("button", name="Save call").click()
    expect(page.locator(".errors")).to_contain_text("Choose the day it is due.")
    page.get_by_label("Due 3", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Save call").click()

    expect(page.locator("#timeline")).to_contain_text("Said without scripts.")
    case = SaveCase.objects.get()
    assert case.stay_because == "The waiver forms."
    assert sorted(each.text for each in case.commitments.all()) == ["Call them", "Send the waiver"]


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
