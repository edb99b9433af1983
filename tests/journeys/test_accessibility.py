"""axe finds nothing on any page, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories.access import InvitationFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.saves import SaveCaseFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


# Without preload: axe would look for the style sheets again, beside the page.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def problems(page):
    # axe reads colours at rest, not on their way from one to another.
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        (page.url, each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found
    ]


def audit(page, base, paths):
    found = []
    for path in paths:
        page.goto(f"{base}{path}")
        found += problems(page)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_an_agent(watched, live_server, workspace, scheme):
    account = workspace["account"]
    case = SaveCaseFactory(account=account, agent=workspace["agent"])
    contact = account.contacts.get()
    NotificationFactory(user=workspace["agent"], event=account.timeline.events.first())
    page = watched()
    page.emulate_media(color_scheme=scheme)
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
        "/customers/new/",
        record,
        f"{record}edit/",
        f"{record}stage/",
        f"{record}contacts/new/",
        f"{record}contacts/{contact.pk}/",
        f"{record}saves/new/",
        case.get_absolute_url(),
        "/notifications/",
        "/notifications/?show=unread",
        "/people/me/",
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_manager(watched, live_server, workspace, scheme):
    manager = make_person("manager", email="max@example.com", team=workspace["team"])
    InvitationFactory(invited_by=manager)
    page = watched()
    page.emulate_media(color_scheme=scheme)
    sign_in(page, live_server.url, "max@example.com")
    record = workspace["account"].get_absolute_url()

    paths = ["/people/", "/people/invite/", f"{record}owner/", f"{record}tier/"]
    assert audit(page, live_server.url, paths) == []
