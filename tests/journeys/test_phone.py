"""The phone rings, and the phone system opens a page."""

import re

import pytest
from playwright.sync_api import expect

from apps.accounts.models import Account, Contact
from apps.saves.models import SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

KNOWN = "%2B441614960142"


def test_a_known_caller_is_chosen_on_the_save_page(signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/phone/?phone=+44 161 496 0142")

    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental")
    expect(page.get_by_label("Talking to")).to_contain_text("Dr Nadia Rahman")
    assert page.get_by_label("Talking to").evaluate("each => each.selectedOptions[0].text") == (
        "Dr Nadia Rahman"
    )


def test_of_two_matches_a_key_picks_one(signed_in, live_server):
    page = signed_in
    ContactFactory(account=Account.objects.get(name="Cobalt Climbing"), phone="+441614960142")
    page.goto(f"{live_server.url}/phone/?phone=0161 496 0142")
    expect(page.get_by_role("link", name="Cobalt Climbing")).to_be_focused()
    page.keyboard.press("2")

    page.wait_for_url("**/saves/new/?contact=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental")


def test_a_person_at_two_customers_is_listed_with_each(signed_in, live_server):
    page = signed_in
    other = AccountFactory(name="Rahman Holdings", plan="Studio")
    ContactFactory(account=other, name="Dr Nadia Rahman", phone="+441614960142")
    page.goto(f"{live_server.url}/phone/?phone=00441614960142")

    expect(page.get_by_role("listitem").filter(has_text="Studio")).to_contain_text(
        "Dr Nadia Rahman, Rahman Holdings"
    )
    page.get_by_role("link", name="Dr Nadia Rahman, Larkspur Dental").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkspur Dental")


def test_an_unknown_caller_joins_a_customer_by_keyboard(signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/phone/?phone=0161 496 0999")
    expect(page.get_by_role("heading", level=1)).to_have_text("Unknown caller")
    page.keyboard.type("larkspur")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=larkspur")
    expect(page.get_by_role("link", name="Larkspur Dental", exact=True)).to_be_focused()
    page.keyboard.press("1")
    page.wait_for_url("**/contacts/new/**")
    expect(page.get_by_label("Phone")).to_have_value("+441614960999")
    page.get_by_label("Name").fill("Sam Ortega")
    page.get_by_role("button", name="Add contact").click()

    page.wait_for_url("**/saves/new/?contact=*")
    made = Contact.objects.get(name="Sam Ortega")
    expect(page.get_by_label("Talking to")).to_have_value(str(made.pk))
    assert SaveCase.objects.count() == 0


def test_an_unknown_caller_becomes_a_customer_without_scripts(new_context, live_server, workspace):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/phone/?phone=0161 496 0999")
    page.get_by_role("link", name="Make a new customer").click()
    page.get_by_label("Name").first.fill("Bramley & Vine")
    page.get_by_label("Reference").fill("BV-1")
    page.get_by_label("MRR").fill("0")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_text("Calling from +44 161 496 0999")).to_be_visible()
    page.get_by_label("Name").fill("Rosa Vine")
    page.get_by_role("button", name="Add contact").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bramley & Vine")
    expect(page).to_have_url(re.compile(r"/saves/new/\?contact=\d+$"))
