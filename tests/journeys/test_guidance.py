"""What helps the agent while they talk: guidance, what is known, and texts to copy."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.reasons.models import Reason
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import ContactFactory, ContactPermissionFactory, InsightFactory
from tests.factories.history import PinFactory
from tests.factories.reasons import CompetitorFactory
from tests.factories.saves import CommitmentFactory, SaveCaseFactory, WatchFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in
from tests.journeys.test_accessibility import problems

pytestmark = pytest.mark.browser


@pytest.fixture
def story(workspace):
    """A customer with a past: calls, commitments, expectations, a pinned note."""
    account, now = workspace["account"], timezone.now()
    ben = make_person("agent", name="Ben Hart")
    nadia = account.contacts.get()
    ContactFactory(account=account, name="Colin Frayne", title="Practice manager")
    for channel, is_given in (("phone", True), ("email", False)):
        ContactPermissionFactory(
            contact=nadia, channel=channel, is_given=is_given, said_at=now - timedelta(days=9)
        )
    saved = SaveCaseFactory(account=account, agent=ben, opened_at=now - timedelta(days=60))
    WatchFactory(case=saved, account=account, rung="verified_30")
    last = SaveCaseFactory(
        account=account,
        agent=ben,
        contact=nadia,
        opened_at=now - timedelta(hours=2),
        outcome="undecided",
        call_back_at=now + timedelta(hours=3),
        waits_for="an answer from the partners",
        verbatim="The renewal came in £62 higher and nobody told us.",
        competitor=CompetitorFactory(name="Rampart Booking"),
    )
    CommitmentFactory(account=account, case=last, owner=ben, text="Find the old invoice")
    CommitmentFactory(account=account, owner=ben, text="Move the recalls online")
    InsightFactory(account=account, topic="expectation", text="A second site", source="Sales")
    PinFactory(event=account.timeline.events.get(), timeline=account.timeline, pinned_by=ben)
    Reason.objects.filter(name="Price rise at renewal").update(
        say="{contact}, you said {words}", ask="You are on {plan} for {mrr}."
    )
    return workspace


@pytest.fixture
def save_page(signed_in, live_server, story):
    page = signed_in
    page.goto(f"{live_server.url}{story['account'].get_absolute_url()}saves/new/")
    return page


def choose(page):
    page.get_by_role("radio", name="Price", exact=True).check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    return page.locator(".guide:visible")


def test_guidance_quotes_what_is_typed_and_names_whom_you_talk_to(save_page):
    page = save_page
    guide = choose(page)
    words = page.get_by_label("What almost made them leave?")

    expect(guide).to_contain_text("Dr Nadia Rahman, you said [their own words]")
    words.fill("It went up,\n and <b>nobody</b> said {customer}.")
    expect(guide.locator("q")).to_have_text("It went up, and <b>nobody</b> said {customer}.")
    words.fill("long " * 100)
    expect(guide.locator("q")).to_have_text(re.compile(r"^long (long )+.*…$"))
    words.fill("")
    expect(guide.locator("q")).to_have_text("[their own words]")

    page.get_by_label("Talking to").select_option(label="Colin Frayne, Practice manager")
    expect(guide).to_contain_text("Colin Frayne, you said")
    expect(page.locator("[data-person]:visible")).to_have_text([re.compile("Colin Frayne")])
    page.get_by_label("Talking to").select_option(label="Somebody else")
    expect(guide).to_contain_text("[whom you talk to], you said")
    expect(page.locator("[data-person]:visible")).to_have_count(2)


def test_what_is_known_needs_no_click(save_page):
    panel = save_page.get_by_role("complementary")

    for words in (
        *("A year", "Move the recalls online", "A second site", "Asked for chairs"),
        *("Phone, yes", "E-mail, no", "Verified for 30 days", "2 open"),
    ):
        expect(panel).to_contain_text(words)
    chain = save_page.locator("#chain")
    expect(chain).to_contain_text(re.compile(r"Continues the call of .* with Ben Hart"))
    expect(chain).to_contain_text("They wait for: an answer from the partners")
    expect(chain).to_contain_text("Find the old invoice")
    assert problems(save_page) == []


def test_on_a_phone_the_panel_needs_no_tap_and_leaves_room_for_the_questions(save_page):
    page = save_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()

    expect(page.locator("#chain")).to_be_visible()
    panel = page.locator(".glance > .body")
    expect(panel.get_by_role("heading", name="Open", exact=True)).to_be_visible()
    last = panel.get_by_role("heading", name="Lately")
    expect(last).to_be_visible()
    # It scrolls by itself, with keys too.
    panel.focus()
    page.keyboard.press("End")
    expect(last).to_be_in_viewport()
    assert panel.bounding_box()["height"] < 844 * 0.4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_prompt_is_copied_over_the_call_that_goes_on(save_page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = save_page
    choose(page)
    page.get_by_label("What almost made them leave?").fill("It went up.")
    page.get_by_role("button", name="Drafting aids").click()
    dialog = page.get_by_role("dialog", name="Drafting aids")
    expect(dialog).to_be_visible()
    dialog.locator("summary", has_text="Apology").click()
    expect(dialog).to_contain_text("What went wrong, in their own words: “It went up.”")
    assert problems(page) == []
    dialog.get_by_role("button", name="Copy prompt Apology").click()

    expect(dialog.get_by_role("status")).to_have_text("Copied. Read it before you paste it.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "in their own words: “It went up.”\n" in copied
    page.keyboard.press("Escape")
    expect(page.get_by_label("What almost made them leave?")).to_have_value("It went up.")
    assert SaveCase.objects.count() == 2


def test_where_the_clipboard_is_closed_the_text_is_selected(signed_in, live_server, story):
    page = signed_in
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error());")
    page.add_init_script("Document.prototype.execCommand = () => false;")
    case = SaveCase.objects.latest("opened_at")
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    page.get_by_role("button", name="Copy prompt Farewell").click()

    expect(page.get_by_role("status").filter(has_text="Selected")).to_be_visible()
    selected = page.evaluate("getSelection().toString()")
    assert selected.startswith("Write a farewell from Ada Lovett to Dr Nadia Rahman")
    assert problems(page) == []


def test_without_scripts_prompts_open_beside_the_call(new_context, live_server, story):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{story['account'].get_absolute_url()}saves/new/")
    page.get_by_label("What almost made them leave?").fill("It went up.")
    with context.expect_page() as opened:
        page.get_by_role("button", name="Drafting aids").click()
    aids = opened.value

    aids.locator("summary", has_text="Apology").click()
    expect(aids.get_by_text("in their own words: “It went up.”")).to_be_visible()
    expect(aids.get_by_role("button", name="Copy prompt")).to_have_count(0)
    expect(page.get_by_label("What almost made them leave?")).to_have_value("It went up.")
    assert (SaveCase.objects.count(), Draft.objects.count()) == (2, 0)


def test_an_admin_sees_the_card_before_it_is_saved(watched, live_server, story):
    make_person("admin", name="Iris Kaya", email="iris@example.com", team=story["team"])
    reason = Reason.objects.get(name="Price rise at renewal")
    page = watched()
    sign_in(page, live_server.url, "iris@example.com")
    page.goto(f"{live_server.url}/admin/reasons/reason/{reason.pk}/change/")
    page.get_by_label("Say:").fill("Hello {contact}, {agent} speaking.")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview .card")).to_contain_text(
        "Hello Nadia Rahman, Iris Kaya speaking."
    )
    page.get_by_label("Say:").fill("Hello {someone}.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".errorlist")).to_contain_text("Nothing fills {someone}.")
    reason.refresh_from_db()
    assert reason.say == "{contact}, you said {words}"
