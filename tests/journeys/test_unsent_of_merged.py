"""Words that no server has seen are found under a record that was merged away meanwhile."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts import actions as accounts
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import AccountFactory
from tests.factories.saves import SaveCaseFactory
from tests.factories.users import make_person

pytestmark = pytest.mark.browser

WORDS = "What almost made them leave?"
BACK = "This browser had kept words of a call with a record that was merged into this one."


@pytest.fixture
def twin(workspace):
    """The record of the same customer that will be kept."""
    return AccountFactory(name="Larkspur Dental Ltd", team=workspace["team"])


def stored(page):
    return page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('call:'))")


@pytest.fixture
def page(signed_in, context, live_server, workspace, twin):
    """Ada's browser; what she typed never left it, and the record she typed for is merged."""
    page = signed_in
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}saves/new/")
    context.set_offline(True)
    page.get_by_label(WORDS).fill("Typed in the last second.")
    assert len(stored(page)) == 1
    page.close(run_before_unload=False)
    context.set_offline(False)
    max_ = make_person("manager", team=workspace["team"])
    accounts.merge(twin, workspace["account"], by=max_, at=timezone.now())
    again = context.new_page()
    again.set_default_timeout(20_000)
    return again


def test_they_come_back_on_the_page_of_the_record_that_stayed(page, live_server, twin):
    page.goto(f"{live_server.url}{twin.get_absolute_url()}saves/new/")

    expect(page.get_by_role("status").filter(has_text=BACK)).to_be_visible()
    expect(page.get_by_label(WORDS)).to_have_value("Typed in the last second.")
    assert Draft.objects.get().customer == twin
    assert stored(page) == []


def test_the_address_of_the_record_that_is_gone_leads_there(page, live_server, twin, workspace):
    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}saves/new/")

    page.wait_for_url(f"**{twin.get_absolute_url()}saves/new/")
    expect(page.get_by_label(WORDS)).to_have_value("Typed in the last second.")


def test_words_of_a_call_that_was_saved_elsewhere_are_shown_until_somebody_decides(
    page, live_server, twin, workspace
):
    page.goto(f"{live_server.url}/")
    (name,) = stored(page)
    key = name.split(":")[3]
    SaveCaseFactory(account=twin, agent=workspace["agent"], key=key)

    page.goto(f"{live_server.url}{twin.get_absolute_url()}saves/new/")

    found = page.get_by_role("status").filter(has_text="Words from a call that was not sent.")
    expect(found).to_contain_text("Typed in the last second.")
    expect(page.get_by_label(WORDS)).to_have_value("")
    found.get_by_role("button", name="Discard them").click()
    expect(found).to_have_count(0)
    assert stored(page) == []
    assert (SaveCase.objects.count(), Draft.objects.exists()) == (1, False)
