"""A colleague is mentioned in a note, hears of it, and finds what was written."""

import re

import pytest
from playwright.sync_api import expect

from apps.core import jobs
from apps.history.models import Event
from apps.notifications.models import Notification
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def helen(workspace):
    team = workspace["team"]
    make_person("agent", name="Henrik Walsh", email="henrik@example.com", team=team)
    make_person("agent", name="Thea Wren", email="thea@example.com", team=team)
    return make_person("manager", name="Helen Adeyemi", email="helen@example.com", team=team)


def names(page):
    return page.get_by_role("option").locator("b").all_text_contents()


def test_from_a_mention_by_keyboard_to_the_colleague_who_reads_it(
    signed_in, new_context, live_server, workspace, helen
):
    page, record = signed_in, workspace["account"].get_absolute_url()
    hers = new_context().new_page()
    sign_in(hers, live_server.url, "helen@example.com")
    expect(hers.get_by_role("link", name="Notifications", exact=True)).to_be_visible()

    page.goto(f"{live_server.url}{record}")
    text = page.get_by_label("Add a note.")
    text.focus()
    page.keyboard.type("Ask @he")
    expect(page.get_by_role("listbox", name="People")).to_be_visible()
    assert names(page) == ["Helen Adeyemi", "Henrik Walsh", "Thea Wren"]
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name=re.compile("Henrik"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Ask @Helen Adeyemi ")
    expect(page.get_by_role("listbox", name="People")).to_be_hidden()
    page.keyboard.type("about the chairs")
    page.keyboard.press("Control+Enter")
    entry = page.locator("#timeline li", has_text="about the chairs")
    expect(entry.locator(".mention")).to_have_text("@Helen Adeyemi")

    jobs.run_all()
    hers.reload()
    hers.get_by_role("link", name="Notifications, 1 unread").click()
    hers.wait_for_url("**/notifications/")
    expect(hers.get_by_role("listitem").filter(has_text="Larkspur Dental")).to_contain_text(
        "You were mentioned"
    )
    hers.get_by_role("button", name="Open: Larkspur Dental").click()
    hers.wait_for_url(re.compile(rf"{record}#event-\d+$"))
    expect(hers.locator("#timeline")).to_contain_text("Ask @Helen Adeyemi about the chairs")
    expect(hers.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    # Mentioned, she follows the customer; she need not.
    expect(hers.locator("#following")).to_contain_text("Helen Adeyemi")
    hers.get_by_role("button", name="Stop following").click()
    expect(hers.get_by_role("button", name="Follow", exact=True)).to_be_focused()


def test_a_name_is_typed_to_its_end_and_a_part_of_one_is_said_to_tell_nobody(
    signed_in, live_server, workspace, helen
):
    page = signed_in
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    page.get_by_label("Add a note.").press_sequentially("@Helen Adeyemi please")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .mention")).to_have_text("@Helen Adeyemi")
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)

    page.get_by_label("Add a note.").press_sequentially("@Helen please")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts [data-toast].warn")).to_contain_text(
        "Nobody was told: @Helen is not a colleague’s full name."
    )


def test_the_bell_looks_for_news_while_the_page_is_open(signed_in, live_server, workspace):
    page, event = signed_in, workspace["account"].timeline.events.get()
    page.clock.install()
    page.goto(f"{live_server.url}/customers/")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()

    Notification.objects.create(
        user=workspace["agent"], event=event, why="owner", created_at=event.recorded_at
    )
    page.clock.fast_forward(31_000)

    expect(page.get_by_role("link", name="Notifications, 1 unread")).to_be_visible()


def test_the_list_of_colleagues_goes_as_it_came(signed_in, live_server, workspace, helen):
    page = signed_in
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    text, people = page.get_by_label("Add a note."), page.get_by_role("listbox", name="People")

    page.get_by_role("button", name="Mention someone").click()
    expect(people).to_be_visible()
    page.keyboard.press("Escape")
    expect(people).to_be_hidden()
    expect(text).to_be_focused()

    text.fill("mail@")
    page.keyboard.type("he")
    expect(people).to_be_hidden()  # the middle of a word mentions nobody

    text.fill("")
    page.keyboard.type("@zzz")
    expect(people).to_be_hidden()

    text.fill("")
    page.keyboard.type("@thea")
    page.get_by_role("option", name=re.compile("Thea Wren")).click()
    expect(text).to_have_value("@Thea Wren ")
    expect(text).to_be_focused()
    text.fill("Nobody after all")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .timeline")).to_contain_text("Nobody after all")
    assert "mentions" not in Event.objects.order_by("pk").last().payload


def test_colleagues_are_told_without_scripts(new_context, live_server, workspace, helen):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    page.get_by_label("Add a note.").fill("Please look at this")
    page.get_by_text("Tell colleagues").click()
    page.get_by_label("Tell", exact=True).select_option(["Helen Adeyemi"])
    page.get_by_role("button", name="Add note").click()

    expect(page.locator("#timeline .mention")).to_have_text("@Helen Adeyemi")
    jobs.run_all()
    assert Notification.objects.get().user == helen
