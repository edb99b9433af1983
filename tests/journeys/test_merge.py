"""Two records of one customer: merged into one, and parted again."""

import pytest
from playwright.sync_api import expect

from apps.accounts.models import Account
from tests.factories.accounts import AccountFactory, ContactFactory, IdentityFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def page(watched, live_server, workspace):
    """Max's browser, on Today."""
    make_person("manager", name="Max Brandt", email="max@example.com", team=workspace["team"])
    page = watched()
    sign_in(page, live_server.url, "max@example.com")
    return page


def test_two_records_become_one_and_two_again(page, live_server, workspace):
    other = AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", plan="Studio")
    ContactFactory(account=other, name="Robin Hart")
    IdentityFactory(account=other, kind="phone", value="+441614960142")
    record = f"{live_server.url}{workspace['account'].get_absolute_url()}"

    page.goto(record)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Merge with another record").click()
    expect(page.get_by_text("Same phone +44 161 496 0142")).to_be_visible()
    page.get_by_role("link", name="Larkspur Dental Ltd").click()
    expect(page.get_by_label("Plan: Studio")).to_be_checked()  # the only one who says
    page.get_by_label("Name: Larkspur Dental Ltd").check()
    page.get_by_role("button", name="Merge").click()

    expect(page.get_by_text("Merged. You can part them again until")).to_be_visible()
    expect(page).to_have_url(record)
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental Ltd")
    expect(page.locator("#contacts")).to_contain_text("Robin Hart")
    page.goto(f"{live_server.url}{other.get_absolute_url()}")
    expect(page).to_have_url(record)

    page.get_by_role("link", name="Part them again").click()
    page.get_by_role("button", name="Part them again").click()
    expect(page.get_by_text("Larkspur Dental Ltd is a record of its own again.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental")
    expect(page.locator("#contacts")).not_to_contain_text("Robin Hart")
    assert Account.objects.live().count() == 3


def test_a_customer_removed_by_mistake_is_back_with_one_click(page, live_server, workspace):
    record = f"{live_server.url}{workspace['account'].get_absolute_url()}"

    page.goto(f"{record}remove/")
    page.get_by_label("Why?").fill("A test entry")
    page.get_by_role("button", name="Remove customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental was removed")
    page.get_by_role("button", name="Undo").click()

    expect(page).to_have_url(record)
    expect(page.get_by_text("Larkspur Dental is back.")).to_be_visible()
