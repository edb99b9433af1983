"""A manager's morning: find what is overdue, share it out, and take that back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.tasks.models import Task
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def ben(workspace):
    """Ada's colleague, who has time."""
    return make_person("agent", name="Ben Okoro", team=workspace["team"])


@pytest.fixture
def late(workspace):
    """Two overdue tasks of Ada's, and one that is not."""
    now, hour = timezone.now(), timedelta(hours=1)
    moments = {"Call back": now - 3 * hour, "Send it": now - hour, "Later": now + 99 * hour}
    return {
        what: TaskFactory(
            account=workspace["account"], owner=workspace["agent"], what=what, due_at=due_at
        )
        for what, due_at in moments.items()
    }


@pytest.fixture
def as_manager(watched, live_server, workspace, ben, late):
    """Max's browser, on the team queue."""
    max_ = make_person("manager", name="Max Brandt", team=workspace["team"])
    page = watched()
    sign_in(page, live_server.url, max_.email)
    page.goto(f"{live_server.url}/tasks/team/")
    return page


def test_what_is_overdue_is_given_to_somebody_else_and_back(as_manager, workspace, ben):
    page = as_manager
    expect(page.locator(".task")).to_have_count(3)
    page.get_by_role("combobox", name="Due").select_option("Overdue")
    expect(page.locator(".task")).to_have_count(2)
    page.get_by_role("checkbox", name="Select Call back, Larkspur Dental").check()
    expect(page.locator(".bulk output")).to_have_text("1 selected")
    page.get_by_role("checkbox", name="All 2 that match").check()
    expect(page.locator(".bulk output")).to_have_text("All 2 selected")
    page.get_by_role("button", name="Assign").click()

    page.get_by_label("Who does them?").select_option(label="Ben Okoro, 40 h left")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Assign to Ben Okoro")).to_be_visible()
    page.get_by_role("button", name="Change 2 tasks").click()
    expect(page.get_by_text("2 tasks changed.")).to_be_visible()
    assert Task.objects.filter(owner=ben).count() == 2
    expect(page.locator(".task")).to_have_count(2)  # the question is still the same one

    page.get_by_role("link", name="Results and undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 restored, 0 left as they are")).to_be_visible()
    assert set(Task.objects.values_list("owner", flat=True)) == {workspace["agent"].pk}


def test_what_nobody_has_is_shared_out(as_manager, workspace, ben):
    page = as_manager
    queue = QueueFactory(name="Follow-ups", team=workspace["team"])
    TaskFactory(account=workspace["account"], owner=None, queue=queue, what="Ring them")
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text(
        "4 open tasks, 3 overdue, 1 with nobody."
    )

    page.get_by_role("button", name="Share out").click()
    page.get_by_role("button", name="Change 1 task").click()

    expect(page.get_by_text("1 task changed.")).to_be_visible()
    assert Task.objects.get(what="Ring them").owner == ben
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.get_by_role("link", name="Results and undo").click()
    expect(page.get_by_role("cell", name="Ben Okoro has it.")).to_be_visible()


def test_it_goes_by_keyboard_too(as_manager, ben):
    page = as_manager
    for key in ("j", "x", "j", "x", "a"):
        page.keyboard.press(key)
    page.get_by_label("Who does them?").focus()
    page.keyboard.type("Ben")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Assign to Ben Okoro")).to_be_visible()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("2 tasks changed.")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Call back")).to_be_visible()


def test_tasks_by_person_and_the_load_of_each(as_manager):
    page = as_manager
    page.get_by_text("Person", exact=True).last.click()
    expect(page.get_by_role("heading", level=3, name="Ada Lovett 3")).to_be_visible()
    load = page.get_by_role("complementary", name="Team load")
    load.get_by_role("link", name="Ben Okoro").click()
    expect(page.get_by_role("heading", name="No tasks match")).to_be_visible()
