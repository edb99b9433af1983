"""axe finds nothing on any page, light or dark."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.history import actions as history
from apps.saves import actions as saves
from apps.saves.actions import commitments, drafts, win_back
from apps.saves.models import Draft
from apps.tasks import actions as tasks
from apps.workspace.actions import presence
from tests.factories.access import InvitationFactory
from tests.factories.accounts import AccountFactory, ContactFactory, InsightFactory
from tests.factories.history import PinFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.saves import (
    CommitmentFactory,
    DraftFactory,
    SaveCaseFactory,
    WatchFactory,
    WinBackFactory,
)
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import (
    BulkChangeFactory,
    BulkRowFactory,
    SavedViewFactory,
    ViewPickFactory,
)
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


# Without preload: axe would look for the style sheets again, beside the page.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


# What may differ in the dark; the rest of a page is the same in both.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def problems(page):
    found = []
    for scheme, more in (("dark", COLOURS), ("light", {})):
        page.emulate_media(color_scheme=scheme)
        # axe reads colours at rest, not on their way from one to another.
        page.evaluate("document.getAnimations().forEach((each) => each.finish())")
        if page.evaluate("typeof axe") == "undefined":  # once a page: it is half a megabyte
            page.evaluate(Axe().axe_script)
        answer = page.evaluate("(options) => axe.run(document, options)", OPTIONS | more)
        found += [
            (page.url, scheme, each["id"], [node["html"][:200] for node in each["nodes"]])
            for each in answer["violations"]
        ]
    return found


def audit(page, base, paths):
    found = []
    for path in paths:
        page.goto(f"{base}{path}")
        found += problems(page)
    return found


def test_pages_of_an_agent(watched, live_server, workspace):
    account = workspace["account"]
    closed = SaveCaseFactory(account=account)
    case = SaveCaseFactory(account=account, agent=workspace["agent"])
    saves.correct(
        case, by=workspace["agent"], at=timezone.now(), version=1, why="A slip", verbatim="Dear!"
    )
    contact = account.contacts.get()
    NotificationFactory(user=workspace["agent"], event=account.timeline.events.first())
    view = ViewPickFactory(view__owner=workspace["agent"], subject_id=account.pk).view
    broken = SavedViewFactory(owner=workspace["agent"], query="owner=999999")
    removed_view = SavedViewFactory(owner=workspace["agent"], removed_at=timezone.now())
    page = watched()
    page.goto(f"{live_server.url}/sign-in/login/")
    assert problems(page) == []
    sign_in(page, live_server.url)
    record = account.get_absolute_url()

    paths = [
        "/",
        "/?q=larkspur",
        "/?q=zzzzz",
        "/customers/",
        "/customers/?q=zzzzz",
        "/customers/?colour=red",
        "/customers/filters/",
        "/customers/?cf_number_from=2&cf_choice=GDC&columns=cf_link.cf_yes_no",
        "/customers/columns/",
        "/customers/views/",
        "/customers/views/new/?tier=high",
        f"/customers/?view={view.pk}",
        f"/customers/?tier=high&view={broken.pk}",
        f"/customers/views/{view.pk}/remove/",
        f"/customers/views/{removed_view.pk}/removed/",
        f"{record}views/",
        "/customers/new/",
        record,
        f"{record}edit/",
        f"{record}stage/",
        f"{record}contacts/new/",
        f"{record}contacts/{contact.pk}/",
        f"{record}saves/new/",
        case.get_absolute_url(),
        f"{case.get_absolute_url()}correct/",
        f"{closed.get_absolute_url()}correct/",
        "/notifications/",
        "/notifications/?show=unread",
        "/notifications/settings/",
        "/people/me/",
        "/people/me/working-time/",
        "/sign-in/sessions/",
        "/nowhere/",
    ]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}{record}saves/new/")
    page.locator("[name=category]").first.check()
    page.locator("[data-panel='1'] [name=reason]").first.check()
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").filter(has_text="to fix").wait_for()
    assert problems(page) == []


def test_pages_of_a_draft(watched, live_server, workspace):
    account, agent, now = workspace["account"], workspace["agent"], timezone.now()
    ben = make_person("agent", name="Ben Okoro", team=workspace["team"])
    DraftFactory(account=account, agent=ben)
    aside = {"kept_at": now.isoformat(), "answers": {"verbatim": ["Said elsewhere."]}}
    draft = DraftFactory(account=account, agent=agent, asides=[aside, aside], version=2)
    page = watched()
    sign_in(page, live_server.url)
    assert audit(page, live_server.url, [f"/saves/drafts/{draft.pk}/drop/"]) == []

    page.goto(f"{live_server.url}{account.get_absolute_url()}saves/new/")
    page.locator("details.asides summary").click()
    assert problems(page) == []
    Draft.objects.filter(pk=draft.pk).update(version=3, answers={"verbatim": ["Other words."]})
    page.get_by_label("What almost made them leave?").fill("Too dear.")
    page.get_by_text("Another page with this call kept other words").wait_for()
    assert problems(page) == []

    drafts.drop(draft, reason="Wrong customer", by=agent, at=now)
    paths = [f"/saves/drafts/{draft.pk}/drop/", account.get_absolute_url()]
    assert audit(page, live_server.url, paths) == []


def test_todays_page_of_a_team(watched, live_server, workspace):
    account, agent, now = workspace["account"], workspace["agent"], timezone.now()
    max_ = make_person("manager", name="Max Brandt", email="max@example.com")
    for name in ("Northern Lights", "Southern"):
        team = TeamFactory(name=name, manager=max_)
    agent.team = team
    agent.save()
    contact = account.contacts.get()
    for at in (now - timedelta(hours=1), now + timedelta(minutes=30), now + timedelta(days=9)):
        customer = AccountFactory(owner=agent)
        SaveCaseFactory(
            account=customer,
            agent=agent,
            contact=contact,
            outcome="undecided",
            opened_at=now - timedelta(days=1),
            call_back_at=at,
        )
    WatchFactory(account=account, case__agent=agent)
    CommitmentFactory(account=account, owner=agent, due_on=now.date() - timedelta(days=2))
    DraftFactory(account=account, agent=agent)
    gone = AccountFactory(owner=agent, team=team, churned_on=now.date() - timedelta(days=40))
    WinBackFactory(account=gone, not_before=now.date() - timedelta(days=1))
    page = watched()
    sign_in(page, live_server.url)
    assert audit(page, live_server.url, ["/", "/?for=save", "/?show=all"]) == []
    page.get_by_text("How they ended").click()
    page.get_by_text("Numbers by month").click()
    assert problems(page) == []
    sign_in(page, live_server.url, "max@example.com")
    assert audit(page, live_server.url, ["/?whose=team"]) == []


def test_pages_of_a_caller(watched, live_server, workspace):
    ContactFactory(account=AccountFactory(plan="Studio"), phone="+441614960142")
    page = watched()
    sign_in(page, live_server.url)

    paths = [
        "/phone/?phone=anonymous",
        "/phone/?phone=01614960142",
        "/phone/?phone=01614960999&q=larkspur",
        f"{workspace['account'].get_absolute_url()}contacts/new/?phone=%2B441614960999",
    ]
    assert audit(page, live_server.url, paths) == []


def test_pages_of_who_left(watched, live_server, workspace):
    account, today = workspace["account"], timezone.localdate()
    account.started_on, account.churned_on = today - timedelta(days=400), today
    account.save()
    page = watched()
    sign_in(page, live_server.url)
    record = account.get_absolute_url()
    assert audit(page, live_server.url, [record, f"{record}win-back/"]) == []  # without a call

    case = SaveCaseFactory(account=account, outcome="left", leaves_on=today)
    plan = WinBackFactory(account=account, case=case, blocker="Price", next_on=today)
    paths = [record, f"{record}win-back/", f"{record}saves/new/", "/", "/customers/?win_back=due"]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}{record}win-back/")
    win_back.plan(account, by=plan.case.agent, at=timezone.now(), blocker="Theirs")
    page.get_by_label("Why they left").fill("Mine")
    page.get_by_role("button", name="Save win-back").click()
    page.get_by_text("changed this while you were typing").wait_for()
    assert problems(page) == []

    page.get_by_label("Mine – you").check()
    page.get_by_role("button", name="Leave them in peace").click()
    page.get_by_text("Left in peace.").first.wait_for()
    assert problems(page) == []


def test_pages_of_a_conflict(watched, live_server, workspace):
    account, now = workspace["account"], timezone.now()
    ben = make_person("agent", name="Ben Okoro", team=workspace["team"])
    presence.seen(ben, account, at=now)
    page = watched()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{account.get_absolute_url()}edit/")
    page.get_by_text("Ben Okoro opened this").wait_for()
    assert problems(page) == []

    accounts.edit(account, by=ben, at=now, plan="Practice", industry="Health")
    page.get_by_label("Plan").fill("Studio")
    page.get_by_label("About").fill("Dentists")
    page.get_by_role("button", name="Save details").click()
    page.get_by_text("Ben Okoro changed this").wait_for()
    assert problems(page) == []

    accounts.remove_account(account, reason="Twice", by=ben, at=now)
    page.get_by_role("button", name="Save details").click()
    page.get_by_role("heading", name="What you typed").wait_for()
    assert problems(page) == []


def test_pages_of_a_story(watched, live_server, workspace):
    account, agent = workspace["account"], workspace["agent"]
    for topic, driver in (("wants", ""), ("value_driver", "reliability"), ("expectation", "")):
        InsightFactory(account=account, topic=topic, driver=driver)
    promised, met = (InsightFactory(account=account, topic="expectation") for _ in range(2))
    accounts.settle_expectation(
        account, met, verdict="met", on=met.said_on, by=agent, at=timezone.now()
    )
    PinFactory(event=account.timeline.events.first(), pinned_by=agent)
    for tone in ("good", "bad", "info"):
        history.annotate(account.timeline, text="A day", tone=tone, by=agent, at=timezone.now())
    account.created_at = timezone.now() - timedelta(days=9)
    account.save()
    accounts.change_stage(account, to="retention", reason="Asked", by=agent, at=timezone.now())
    page = watched()
    sign_in(page, live_server.url)
    record = account.get_absolute_url()

    paths = [
        record,
        f"{record}?skip=renews_on.permission",
        f"{record}insights/",
        f"{record}insights/new/",
        f"{record}insights/new/?topic=value_driver",
        f"{record}insights/{promised.pk}/",
        f"{record}insights/{met.pk}/",
        f"{record}hand-over/",
        f"{record}annotations/new/",
        f"{record}facts/renews_on/",
    ]
    assert audit(page, live_server.url, paths) == []


def test_pages_of_commitments(watched, live_server, workspace):
    account, agent, now = workspace["account"], workspace["agent"], timezone.now()
    late, kept, said = (
        CommitmentFactory(account=account, owner=agent, due_on=now.date() - timedelta(days=days))
        for days in (2, -1, -3)
    )
    commitments.break_overdue(at=now)
    commitments.keep(kept, evidence="Invoice 4711", by=agent, at=now)
    page = watched()
    sign_in(page, live_server.url)
    record = account.get_absolute_url()

    paths = [
        "/",
        record,
        f"{record}commitments/",
        f"{record}commitments/new/",
        *(each.get_absolute_url() for each in (late, kept, said)),
        "/customers/?commitments=broken",
    ]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}{said.get_absolute_url()}")
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_role("button", name="Mark kept").click()
    page.get_by_role("alert").filter(has_text="to fix").wait_for()
    assert problems(page) == []


def test_pages_of_tasks(watched, live_server, workspace):
    account, agent, now = workspace["account"], workspace["agent"], timezone.now()
    manager = make_person("manager", name="Max Brandt", email="max@example.com")
    queue, hour = QueueFactory(team=workspace["team"]), timedelta(hours=1)

    def made(**fields):
        first = {"account": account, "owner": agent, "due_at": now + hour}
        return TaskFactory(**{**first, **fields})

    late = made(due_at=now - 3 * hour, escalated=1, priority=1, details="Which one?")
    made(state="in_progress", queue=queue)
    made(owner=None, queue=queue)
    put_off = made(snoozed_until=now + hour, snoozed_by=agent, snooze_reason="Away")
    done = made(state="done", closed_at=now, closed_by=agent, outcome="Sorted")
    HandoffFactory(task=late, receiver=manager)
    handoff = HandoffFactory(task=made(owner=manager), receiver=agent, summary="Was angry.")
    tasks.edit(late, by=agent, at=now, version=1, effort=30)
    page = watched()
    sign_in(page, live_server.url)
    url = late.get_absolute_url()

    paths = [
        "/tasks/",
        account.get_absolute_url(),
        f"{account.get_absolute_url()}tasks/new/",
        *(each.get_absolute_url() for each in (late, put_off, done, handoff.task)),
        *(f"{url}{verb}/" for verb in ("complete", "snooze", "reschedule", "edit", "hand-off")),
    ]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}/tasks/")
    page.locator(f"#task-{late.pk} [data-do=l]").click()
    page.get_by_role("dialog").wait_for()
    assert problems(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Put off").click()
    page.get_by_role("alert").filter(has_text="to fix").wait_for()
    assert problems(page) == []


def bulk_changes(manager, account):
    """Return the addresses of changes to many: none yet, and one in each state."""
    states = [
        {},
        {"arguments": {"owner": None}},
        {"state": "running", "leased_until": timezone.now() + timedelta(hours=1)},
        {"state": "done", "done": 1, "finished_at": timezone.now()},
        {"state": "undone", "done": 1, "restored": 1, "undone_by": manager},
    ]
    for fields in states:
        change = BulkChangeFactory(by=manager, kind="accounts.owner", total=1, **fields)
        change.undone_at = change.created_at
        change.save()
        BulkRowFactory(change=change, subject_id=account.pk, outcome="done")
        yield f"/customers/bulk/{change.pk}/"
    yield "/customers/bulk/"


def test_pages_of_a_manager(watched, live_server, workspace):
    manager = make_person("manager", email="max@example.com", team=workspace["team"])
    InvitationFactory(invited_by=manager)
    page = watched()
    sign_in(page, live_server.url, "max@example.com")
    record = workspace["account"].get_absolute_url()

    view = SavedViewFactory(owner=manager, sharing="everyone")
    account, now = workspace["account"], timezone.now()
    twin, part, gone = AccountFactory.create_batch(3, name="Larkspur Dental", plan="Studio")
    merge = accounts.merge(account, part, by=manager, at=now)
    contact = account.contacts.get()
    accounts.remove_account(gone, reason="A test entry.", by=manager, at=now)
    paths = [
        record,
        "/customers/duplicates/",
        f"{record}merge/",
        f"{record}merge/?q=zzzzz",
        f"{record}merge/{twin.pk}/",
        f"{record}unmerge/{merge.pk}/",
        f"{record}remove/",
        f"{record}contacts/{contact.pk}/remove/",
        f"/customers/{gone.pk}/removed/",
        *bulk_changes(manager, workspace["account"]),
        f"/customers/views/{view.pk}/edit/",
        "/people/",
        "/people/invite/",
        f"/people/{workspace['agent'].pk}/working-time/",
        f"{record}owner/",
        f"{record}tier/",
    ]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}{record}merge/{twin.pk}/")
    accounts.edit(twin, by=manager, at=timezone.now(), plan="Practice")
    page.get_by_role("button", name="Merge").click()
    page.get_by_role("alert").wait_for()
    assert problems(page) == []


def test_pages_of_the_team_queue(watched, live_server, workspace):
    account, agent, now = workspace["account"], workspace["agent"], timezone.now()
    manager = make_person("manager", email="max@example.com", team=workspace["team"])
    queue, hour = QueueFactory(team=workspace["team"]), timedelta(hours=1)
    more = {"account": account, "owner": agent}
    TaskFactory(due_at=now - hour, escalated=1, priority=1, effort=480, **more)
    TaskFactory(account=account, owner=None, queue=queue, found_nobody=True, due_at=now + hour)
    asleep = {"snoozed_by": agent, "snooze_reason": "Away", "snoozed_until": now + hour}
    TaskFactory(due_at=now + 99 * hour, **asleep, **more)
    TaskFactory(state="done", closed_at=now, closed_by=agent, outcome="Sorted", **more)
    changes = [
        BulkChangeFactory(**{"kind": "tasks.cancel", "by": manager, "total": 1, **fields})
        for fields in (
            {},
            {"arguments": {"why": "Gone"}},
            {"kind": "tasks.share", "arguments": {"why": ""}, "label": "Share out"},
            {"state": "done", "done": 1, "finished_at": now},
            {"state": "running"},
        )
    ]
    for change in changes:
        BulkRowFactory(change=change, outcome="done" if change.done else "waiting")
    page = watched()
    sign_in(page, live_server.url, "max@example.com")

    paths = [
        "/tasks/team/",
        "/tasks/team/?by=person",
        "/tasks/team/?q=zzzzz",
        *(
            f"/tasks/team/?tab={tab}"
            for tab in ("nobody", "approval", "escalated", "snoozed", "done")
        ),
        "/tasks/team/changes/",
        *(f"/tasks/team/changes/{change.pk}/" for change in changes),
        "/tasks/feed/",
    ]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}/tasks/team/")
    page.locator(".pick").first.check()
    assert problems(page) == []
    page.locator(".pick").first.uncheck()
    page.locator("[data-assign]").evaluate("(button) => button.click()")  # out of sight by now
    page.get_by_role("heading", name="Nothing was changed").wait_for()
    assert problems(page) == []
    page.goto(f"{live_server.url}/tasks/feed/")
    page.get_by_role("button", name="Make an address").click()
    page.get_by_text("Copy this address now").wait_for()
    assert problems(page) == []


def test_pages_of_what_was_removed(watched, live_server, workspace):
    admin = make_person("admin", email="iris@example.com", team=workspace["team"])
    account, now = workspace["account"], timezone.now()
    accounts.remove_contact(account.contacts.get(), by=admin, at=now)
    accounts.remove_account(AccountFactory(), reason="A test entry.", by=admin, at=now)
    page = watched()
    sign_in(page, live_server.url, "iris@example.com")

    paths = ["/customers/removed/", "/customers/removed/?show=contacts"]
    assert audit(page, live_server.url, paths) == []

    page.goto(f"{live_server.url}/customers/?view=all")
    page.locator(".pick").first.check()
    assert problems(page) == []
    page.locator(".pick").first.uncheck()
    page.locator("[data-assign]").evaluate("(button) => button.click()")  # out of sight by now
    page.get_by_role("heading", name="Nothing was changed").wait_for()
    assert problems(page) == []
