"""Two people edit one customer in two browsers: both see each other, and nothing is lost."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import Account
from apps.workspace.actions.presence import HERE_FOR, SEEN_FOR
from apps.workspace.models import Presence
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def ben(workspace):
    return make_person("agent", name="Ben Okoro", email="ben@example.com", team=workspace["team"])


def save(page):
    page.get_by_role("button", name="Save details").click()


def test_the_second_sees_who_was_first_and_chooses_without_losing_a_word(
    signed_in, new_context, live_server, workspace, ben
):
    page, record = signed_in, workspace["account"].get_absolute_url()
    his = new_context().new_page()
    sign_in(his, live_server.url, "ben@example.com")
    his.goto(f"{live_server.url}{record}edit/")
    expect(his.locator("#presence")).to_be_attached()
    his.wait_for_function("document.getElementById('presence') !== null")

    page.goto(f"{live_server.url}{record}edit/")
    expect(page.locator("[data-presence]")).to_contain_text(
        re.compile(r"Ben Okoro opened this .*and is still here")
    )
    page.get_by_label("Plan").fill("Studio")
    page.get_by_label("About").fill("Dentists with nine chairs")

    his.get_by_label("Plan").fill("Practice")
    his.get_by_label("Industry").fill("Health")
    save(his)
    his.wait_for_url(f"**{record}")

    save(page)
    expect(page.get_by_role("heading", name="Ben Okoro changed this while")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="to fix")).to_be_focused()
    expect(page.locator("#id_plan")).to_have_value("Studio")
    expect(page.get_by_label("About")).to_have_value("Dentists with nine chairs")
    expect(page.get_by_role("row", name=re.compile("Industry"))).to_contain_text("Taken from Ben")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    save(page)
    expect(page.get_by_role("alert").filter(has_text="Choose whose to keep")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Studio")).check()
    save(page)
    page.wait_for_url(f"**{record}")

    account = Account.objects.get(pk=workspace["account"].pk)
    assert (account.plan, account.industry) == ("Studio", "Health")
    assert account.about == "Dentists with nine chairs"


def test_who_leaves_the_page_is_no_longer_named(
    signed_in, new_context, live_server, workspace, ben
):
    page, record = signed_in, workspace["account"].get_absolute_url()
    page.clock.install()
    his = new_context().new_page()
    sign_in(his, live_server.url, "ben@example.com")
    his.goto(f"{live_server.url}{record}edit/")
    expect(his.locator("#presence")).to_be_attached()
    page.goto(f"{live_server.url}{record}edit/")
    expect(page.locator("#presence")).to_contain_text("Ben Okoro")

    his.get_by_role("link", name="Back", exact=True).click()
    his.wait_for_url(f"**{record}")
    here = Presence.objects.filter(user=ben, seen_at__gt=timezone.now() - HERE_FOR)
    while here.exists():  # what is sent on the way out may be late
        his.wait_for_timeout(50)
    page.clock.fast_forward(31_000)
    expect(page.locator("#presence")).not_to_contain_text("still here")
    assert "Ben Okoro" in page.locator("#presence").text_content()  # he may have it open twice

    Presence.objects.filter(user=ben).update(seen_at=timezone.now() - SEEN_FOR)
    page.clock.fast_forward(31_000)
    expect(page.locator("#presence")).not_to_contain_text("Ben Okoro")


def test_a_choice_is_made_without_scripts_too(new_context, live_server, workspace, ben):
    page, record = new_context(java_script_enabled=False).new_page(), workspace["account"]
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{record.get_absolute_url()}edit/")
    page.get_by_label("Plan").fill("Studio")
    Account.objects.filter(pk=record.pk).update(plan="Practice", version=2)

    save(page)
    page.get_by_role("radio", name=re.compile("^Practice")).check()
    save(page)

    page.wait_for_url(f"**{record.get_absolute_url()}")
    record.refresh_from_db()
    assert record.plan == "Practice"
