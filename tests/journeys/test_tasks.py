"""An agent's day with tasks: claim the next one, put off, hand off, done, by mouse and by keys."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.tasks.models import Handoff, Task
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


@pytest.fixture
def day(workspace):
    """Two tasks of Ada's, one that waits in her team's queue, and a colleague."""
    agent, account, now = workspace["agent"], workspace["account"], timezone.now()
    queue = QueueFactory(name="Follow-ups", team=workspace["team"])
    tasks = {
        "late": TaskFactory(
            account=account,
            owner=agent,
            what="Check the invoice",
            kind="check",
            due_at=now - 30 * HOUR,
        ),
        "later": TaskFactory(
            account=account, owner=agent, what="Ring about chairs", due_at=now + 400 * HOUR
        ),
        "waiting": TaskFactory(
            account=account, owner=None, queue=queue, what="Call back", due_at=now + 500 * HOUR
        ),
    }
    bea = make_person("agent", name="Bea Stone", email="bea@example.com", team=workspace["team"])
    return {**workspace, **tasks, "bea": bea}


def row(page, task):
    return page.locator(f"#task-{task.pk}")


def test_claim_next_put_off_hand_off_and_done(signed_in, live_server, day):
    page = signed_in
    page.get_by_role("link", name="Tasks").first.click()
    page.get_by_role("heading", name="My queue").wait_for()

    # The next one comes with a key, and the focus is on it.
    page.keyboard.press("c")
    expect(row(page, day["waiting"]).locator("[data-open-row]")).to_be_focused()
    page.get_by_text("Taken: Call back.").wait_for()

    # Put off, in a dialog that keeps what was typed when something is missing.
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="Put it off")
    dialog.get_by_role("button", name="Put off").click()
    dialog.get_by_text("Write why it waits, in a few words.").first.wait_for()
    dialog.get_by_label("Why?").fill("They are away")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#group-off")).to_contain_text("They are away")

    # Handed off: it waits for the colleague, who has little to do.
    row(page, day["later"]).locator("[data-open-row]").focus()
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Hand the task off")
    dialog.get_by_label("Who takes it?").select_option(str(day["bea"].pk))
    dialog.get_by_label("Why them?").fill("She knows chairs")
    dialog.get_by_role("button", name="Ask them").click()
    expect(row(page, day["later"])).to_contain_text("Waits for Bea Stone")

    # Done with a key, undone with another one, and done for good.
    row(page, day["late"]).locator("[data-open-row]").focus()
    page.keyboard.press("e")
    expect(row(page, day["late"])).to_have_count(0)
    expect(row(page, day["later"]).locator("[data-open-row]")).to_be_focused()
    page.keyboard.press("z")
    expect(row(page, day["late"]).locator("[data-open-row]")).to_be_focused()
    row(page, day["late"]).get_by_role("button", name="Mark done").click()
    expect(row(page, day["late"])).to_have_count(0)

    assert Task.objects.get(pk=day["late"].pk).state == "done"
    assert Task.objects.get(pk=day["waiting"].pk).snooze_reason == "They are away"
    assert Handoff.objects.get().receiver == day["bea"]


def test_a_hand_off_is_accepted_by_the_colleague(watched, live_server, day):
    Handoff.objects.create(
        task=day["later"],
        sender=day["agent"],
        receiver=day["bea"],
        why="You know them",
        sent_at=timezone.now(),
    )
    page = watched()
    sign_in(page, live_server.url, "bea@example.com")
    page.goto(f"{live_server.url}/tasks/")

    page.locator("#to-answer").get_by_role("button", name="Accept").click()

    row(page, day["later"]).wait_for()
    expect(page.locator("#to-answer")).to_have_count(0)
    assert Task.objects.get(pk=day["later"].pk).owner == day["bea"]


def test_a_queue_that_stays_open_goes_on_and_moves_no_row(watched, live_server, day):
    page = watched()
    page.clock.install()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/tasks/")
    rows, claim = page.locator("[data-row]"), page.get_by_role("button", name="Claim next")
    expect(rows).to_have_count(2)
    expect(claim.locator(".count")).to_have_text("1")

    Task.objects.filter(pk=day["later"].pk).update(due_at=timezone.now() - 50 * HOUR)
    Task.objects.filter(pk=day["waiting"].pk).update(owner=day["agent"])
    with page.expect_response("**/tasks/news/**"):
        page.clock.run_for(31_000)

    expect(page.locator("#my-news")).to_contain_text("3 open tasks")
    expect(page.locator("#my-news")).to_contain_text("2 overdue")
    expect(row(page, day["later"]).locator(".due")).to_have_class("due bad")
    expect(claim).to_be_disabled()
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("Ring about chairs")
    page.get_by_role("link", name="1 new. Show").click()
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ring about chairs")


def test_a_new_task_for_a_colleague_waits_for_them(signed_in, live_server, day):
    page = signed_in
    page.goto(live_server.url + day["account"].get_absolute_url())
    page.locator("#tasks").get_by_role("link", name="Add").wait_for()
    page.keyboard.press("n")
    page.get_by_label("What is to be done?").fill("Send the form")
    page.get_by_label("Kind").select_option("email")
    page.get_by_label("Who does it?").select_option("Bea Stone")
    page.get_by_role("button", name="Add task").click()
    page.get_by_text("Write why, in a sentence.").first.wait_for()
    page.get_by_label("Why them?").fill("She knows forms")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("It is yours until Bea Stone accepts")).to_be_visible()
    page.goto(f"{live_server.url}/tasks/")
    made = Task.objects.get(what="Send the form")
    expect(row(page, made)).to_contain_text("Waits for Bea Stone")
    assert made.owner == day["agent"]


def test_the_same_on_a_phone_without_scripts(new_context, live_server, day):
    context = new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)

    page.goto(live_server.url + day["account"].get_absolute_url())
    page.locator("#tasks").get_by_role("link", name="Add").click()
    page.get_by_label("What is to be done?").fill("Send the form")
    page.get_by_label("Kind").select_option("email")
    page.get_by_role("button", name="Add task").click()
    expect(page.locator("#tasks")).to_contain_text("Send the form")

    page.goto(f"{live_server.url}/tasks/")
    page.get_by_role("button", name="Claim next").click()
    row(page, day["waiting"]).get_by_role("link", name="Mark done").click()
    page.get_by_label("What came of it?").fill("They stay")
    page.get_by_role("button", name="Mark done").click()
    page.get_by_role("button", name="Undo").click()

    row(page, day["waiting"]).wait_for()
    assert Task.objects.get(pk=day["waiting"].pk).state == "open"
    assert Task.objects.get(what="Send the form").kind == "email"
