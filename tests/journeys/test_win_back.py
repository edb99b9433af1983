"""Somebody leaves, is left alone, and comes back: in a browser, and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.saves.models import WinBack
from tests.factories.accounts import AccountFactory
from tests.factories.saves import SaveCaseFactory, WinBackFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def gone(workspace):
    """A customer who left five days ago on a call, and may be asked again in 25 days."""
    account, today = workspace["account"], timezone.localdate()
    account.started_on, account.churned_on = today - timedelta(days=400), today - timedelta(days=5)
    account.save()
    case = SaveCaseFactory(
        account=account,
        agent=workspace["agent"],
        outcome="left",
        leaves_on=account.churned_on,
        verbatim="Two chairs stand empty.",
    )
    WinBackFactory(
        account=account, case=case, blocker="Price", not_before=today + timedelta(days=25)
    )
    return account


def test_an_agent_writes_what_would_bring_them_back(watched, live_server, gone):
    page = watched()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{gone.get_absolute_url()}")
    block = page.get_by_role("region", name="Since they left")
    assert "No offers before" in block.inner_text()

    block.get_by_role("link", name="Edit").click()
    page.get_by_label("What has changed since").fill("The old price is back.")
    page.get_by_label("Next step on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Save win-back").click()
    page.get_by_role("link", name="Nobody asks them before").wait_for()
    free_on = timezone.localdate() + timedelta(days=25)
    page.get_by_label("Next step on").fill(free_on.isoformat())
    page.get_by_role("button", name="Save win-back").click()

    page.get_by_text("Win-back saved.").wait_for()
    block = page.get_by_role("region", name="Since they left")
    assert "The old price is back." in block.inner_text()
    assert WinBack.objects.get(account=gone).next_on == free_on


def test_a_save_page_of_who_left_hides_no_words_and_offers_nothing(watched, live_server, gone):
    page = watched()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{gone.get_absolute_url()}saves/new/")

    assert "No offers before" in page.locator("#barred").inner_text()


def test_a_plan_is_written_without_scripts(new_context, live_server, gone, workspace):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    silent = AccountFactory(
        name="Silent Ltd",
        team=workspace["team"],
        owner=workspace["agent"],
        churned_on=timezone.localdate(),
    )
    page.goto(f"{live_server.url}{silent.get_absolute_url()}")
    page.get_by_role("link", name="Plan a win-back").click()
    page.get_by_label("Why they left").fill("They moved.")
    page.get_by_label("Next step on").fill("2020-01-01")
    page.get_by_role("button", name="Save win-back").click()
    page.get_by_role("link", name="Choose today or a later day.").wait_for()
    assert page.get_by_label("Why they left").input_value() == "They moved."
    page.get_by_label("Next step on").fill("")
    page.get_by_role("button", name="Leave them in peace").click()

    page.get_by_text("Left in peace.").first.wait_for()
    assert WinBack.objects.get(account=silent).blocker == "They moved."
