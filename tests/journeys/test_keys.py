"""Every list is walked with J and K, and / finds a customer from every page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts import actions as accounts
from apps.saves.models import SaveCase
from apps.workspace.models import BulkRow
from tests.factories.access import InvitationFactory
from tests.factories.accounts import AccountFactory, ContactFactory, InsightFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.saves import CommitmentFactory, DraftFactory, SaveCaseFactory
from tests.factories.tasks import TaskFactory
from tests.factories.users import make_person
from tests.factories.workspace import BulkChangeFactory, BulkRowFactory, SavedViewFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

# The row in focus: which of its list it is, and where its Enter leads.
IN_FOCUS = """() => {
    const row = document.activeElement.closest("[data-list] :is(li, tbody tr)");
    const list = row?.closest("[data-list]");
    return row && [
        [...list.querySelectorAll("li, tbody tr")].indexOf(row),
        document.activeElement.getAttribute("href"),
    ];
}"""


@pytest.fixture
def iris(workspace):
    """An admin of Ada's team, who has something in every list."""
    iris = make_person("admin", name="Iris Lam", email="iris@example.com", team=workspace["team"])
    account, now = workspace["account"], timezone.now()
    InvitationFactory(invited_by=iris)
    for name in ("Larkspur Dental Ltd", "Larkspur Dentals"):
        AccountFactory(name=name, plan="Studio")
    for _ in range(2):
        person = ContactFactory(account=account)
        accounts.remove_contact(person, by=iris, at=now)
        accounts.remove_account(AccountFactory(), reason="A test entry.", by=iris, at=now)
        InsightFactory(account=account, topic="wants")
        case = SaveCaseFactory(account=account, agent=iris)
        CommitmentFactory.create_batch(2, account=account, owner=iris, case=case)
        SavedViewFactory(owner=iris)
        DraftFactory(account=AccountFactory(), agent=iris)
        change = BulkChangeFactory(by=iris, kind="accounts.owner", state="done", finished_at=now)
        for each in (account, AccountFactory()):
            BulkRowFactory(change=change, subject_id=each.pk, outcome="done")
        TaskFactory(account=account, owner=iris)
        given = BulkChangeFactory(by=iris, kind="tasks.cancel", state="done", finished_at=now)
        for each in TaskFactory.create_batch(2, account=account, owner=iris):
            BulkRowFactory(change=given, subject_id=each.pk, outcome="done")
    return iris


@pytest.fixture
def hers(watched, live_server, iris):
    """Iris's browser, on Today."""
    page = watched()
    sign_in(page, live_server.url, iris.email)
    return page


def press(page, *keys):
    """Press keys one after the other where nobody types."""
    page.evaluate("document.activeElement.blur()")
    for key in keys:
        page.keyboard.press(key)


def test_j_k_and_enter_walk_every_list(hers, live_server, workspace):
    record = workspace["account"].get_absolute_url()
    call = SaveCase.objects.first().get_absolute_url()
    change = BulkRow.objects.filter(change__kind="accounts.owner").first().change_id
    given = BulkRow.objects.filter(change__kind="tasks.cancel").first().change_id
    leads = {  # to the row's own page; of what has none, the row itself is read
        "/": "/saves/new/",
        "/customers/": "/customers/",
        "/customers/removed/": "/removed/",
        "/customers/removed/?show=contacts": "/removed/",
        "/customers/duplicates/": "/merge/",
        f"{record}merge/": "/merge/",
        f"{record}insights/": None,
        f"{record}commitments/": "/commitments/",
        record: None,
        call: None,
        "/customers/views/": "/customers/",
        "/customers/bulk/": "/customers/bulk/",
        f"/customers/bulk/{change}/": "/customers/",
        "/tasks/": "/tasks/",
        "/tasks/team/": "/tasks/",
        "/tasks/team/changes/": "/tasks/team/changes/",
        f"/tasks/team/changes/{given}/": "/tasks/",
        "/people/": None,
        "/people/me/": "/people/me/working-time/",
    }
    for path, wanted in leads.items():
        hers.goto(f"{live_server.url}{path}")
        press(hers, "j")
        first = hers.evaluate(IN_FOCUS)
        assert first, f"J goes nowhere on {path}"
        hers.keyboard.press("j")
        assert hers.evaluate(IN_FOCUS) != first, f"J stays on {path}"
        hers.keyboard.press("k")
        at, href = hers.evaluate(IN_FOCUS)
        assert [at, href] == first, f"K does not come back on {path}"
        if wanted is None:
            continue
        assert wanted in href, f"{path} leads to {href}"
        hers.keyboard.press("Enter")
        hers.wait_for_url(f"{live_server.url}{href.split('#')[0]}**")


def test_a_slash_finds_a_customer_from_every_page(hers, live_server, workspace):
    record = workspace["account"].get_absolute_url()
    paths = ["/customers/removed/", "/customers/duplicates/", "/customers/bulk/", "/people/"]
    paths += ["/customers/views/", "/notifications/", record, f"{record}insights/"]
    for path in paths:
        hers.goto(f"{live_server.url}{path}")
        press(hers, "/")
        hers.wait_for_url(f"{live_server.url}/")
        expect(hers.get_by_role("combobox")).to_be_focused()

    hers.goto(f"{live_server.url}{record}")
    note = hers.get_by_label("Add a note")
    note.press_sequentially("and/or")
    expect(note).to_have_value("and/or")
    assert hers.url == f"{live_server.url}{record}"


def test_without_shortcuts_no_single_key_does_anything(hers, live_server, iris):
    iris.has_shortcuts = False
    iris.save()
    hers.goto(f"{live_server.url}/customers/removed/")
    press(hers, "j", "/")

    assert hers.evaluate(IN_FOCUS) is None
    assert hers.url == f"{live_server.url}/customers/removed/"


@pytest.mark.parametrize("how", ["keys", "mouse"])
def test_opening_a_notification_marks_it_read(signed_in, live_server, workspace, how):
    account, page = workspace["account"], signed_in
    event = account.timeline.events.first()
    told = NotificationFactory(
        user=workspace["agent"], event=event, created_at=timezone.now() - timedelta(hours=1)
    )
    page.goto(f"{live_server.url}/notifications/")
    if how == "keys":
        press(page, "j", "Enter")
    else:
        page.get_by_role("button", name="Larkspur Dental", exact=True).click()

    page.wait_for_url(f"**{account.get_absolute_url()}#event-{event.pk}")
    told.refresh_from_db()
    assert told.read_at
    page.goto(f"{live_server.url}/notifications/")
    press(page, "j")
    expect(page.locator(":focus")).to_have_attribute(
        "href", f"/customers/{account.pk}/entries/{event.pk}/"
    )
