"""A list is kept under a name, found by a colleague, and there again after signing out."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import AccountFactory
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def rows(page):
    return page.locator("#list tbody tr")


def test_a_shared_view_with_filters_and_columns_becomes_a_colleagues_default(
    watched, browser, live_server, workspace
):
    make_person("manager", name="Max Brandt", email="max@example.com", team=workspace["team"])
    AccountFactory(name="Elm House", tier="high", mrr=900, plan="Gold", team=workspace["team"])
    url = f"{live_server.url}/customers/"
    max_ = watched()
    sign_in(max_, live_server.url, "max@example.com")

    # Max narrows the list and chooses its columns, ...
    max_.goto(url)
    max_.get_by_role("link", name="Filter").click()
    dialog = max_.get_by_role("dialog", name="Filter customers")
    dialog.get_by_role("checkbox", name="High").check()
    dialog.get_by_role("button", name="Show customers").click()
    expect(rows(max_)).to_have_count(1)
    max_.get_by_role("link", name="Columns").click()
    max_.get_by_role("checkbox", name="Plan").check()
    for _ in range(9):
        max_.get_by_role("button", name="Move Plan up").click()
    max_.get_by_role("checkbox", name="Renews").uncheck()
    max_.get_by_role("button", name="Show these columns").click()
    expect(max_).to_have_url(re.compile(r"columns=stage\.tier\.plan"))

    # ... keeps it for everyone, ...
    max_.get_by_role("link", name="Save as view").click()
    max_.get_by_label("Name").fill("Best ones")
    max_.get_by_role("radio", name="Everyone").check()
    max_.get_by_role("button", name="Save view").click()
    tabs = max_.get_by_role("navigation", name="Saved views")
    expect(tabs.get_by_role("link", name="Best ones")).to_have_attribute("aria-current", "page")

    # ... and Ada, in another browser, finds it by its tab, with its count.
    other = browser.new_context()
    ada = other.new_page()
    ada.set_default_timeout(10_000)
    sign_in(ada, live_server.url)
    ada.goto(url)
    expect(rows(ada)).to_have_count(3)
    tab = ada.get_by_role("navigation", name="Saved views").get_by_role("link", name="Best ones")
    expect(tab.locator(".count")).to_have_text("1")
    tab.click()
    expect(rows(ada)).to_have_count(1)
    expect(ada.get_by_role("columnheader", name="Plan")).to_be_visible()
    expect(ada.get_by_role("columnheader", name="Renews")).to_have_count(0)

    # She opens Customers with it, signs out and in, and it is there.
    ada.get_by_role("button", name="More about the view Best ones").click()
    ada.get_by_role("button", name="Open Customers with it").click()
    expect(ada.locator("#toasts")).to_contain_text("opens with Best ones")
    ada.locator("[popovertarget=me]").click()
    ada.get_by_role("button", name="Sign out").click()
    ada.wait_for_url("**/sign-in/**")
    sign_in(ada, live_server.url)
    ada.get_by_role("link", name="Customers", exact=True).first.click()
    expect(ada.locator(".chip.filter")).to_contain_text("High")
    expect(rows(ada)).to_have_count(1)
    other.close()


def test_the_way_back_from_a_customer_leads_to_the_list_as_it_was(signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/customers/?sort=-mrr")
    page.keyboard.press("/")
    page.keyboard.type("larksp")
    expect(rows(page)).to_have_count(1)
    expect(page).to_have_url(re.compile("q=larksp"))
    page.get_by_role("link", name="Larkspur Dental").click()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Customers").click()

    expect(page).to_have_url(re.compile("q=larksp"))
    expect(rows(page)).to_have_count(1)


def test_the_navigation_leads_to_the_list_as_it_was_and_on_the_list_to_its_beginning(
    signed_in, live_server
):
    page = signed_in
    page.goto(f"{live_server.url}/customers/?q=larksp")
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_role("link", name="Today").click()
    page.wait_for_url(f"{live_server.url}/")
    menu.get_by_role("link", name="Customers").click()
    expect(page).to_have_url(re.compile("q=larksp"))
    expect(rows(page)).to_have_count(1)

    menu.get_by_role("link", name="Customers").click()
    expect(rows(page)).to_have_count(2)
