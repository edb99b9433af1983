"""A word is given, kept, undone and kept again, by mouse, by phone and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.saves.models import Commitment
from tests.factories.saves import CommitmentFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def give_and_keep(page, record, *, has_scripts=True):
    page.goto(record)
    page.locator("#commitments").get_by_role("link", name="Add a commitment").click()
    page.get_by_label("What we said we would do").fill("Send a card reader")
    page.get_by_role("button", name="Add commitment").click()
    block = page.locator("#commitments")
    block.get_by_text("Mark kept").click()
    form = block if has_scripts else page.locator("#commitment-forms")  # in place, or a page
    form.get_by_label("What shows it?").fill("Parcel 4711")
    form.get_by_role("button", name="Kept").click()
    block.get_by_text("1 kept").wait_for()
    block.get_by_role("button", name="Undo").click()
    block.get_by_text("Mark kept").wait_for()


def test_a_word_is_given_and_kept_on_the_customer_page(signed_in, live_server, workspace):
    give_and_keep(signed_in, live_server.url + workspace["account"].get_absolute_url())

    signed_in.get_by_text("Commitment open again").wait_for()
    assert Commitment.objects.get().state == "open"


def test_the_same_on_a_phone_without_scripts(new_context, live_server, workspace):
    context = new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)

    record = live_server.url + workspace["account"].get_absolute_url()
    give_and_keep(page, record, has_scripts=False)

    assert Commitment.objects.get().state == "open"


def test_a_late_one_is_made_good_from_today(signed_in, live_server, workspace):
    agent, yesterday = workspace["agent"], timezone.now().date() - timedelta(days=2)
    CommitmentFactory(account=workspace["account"], owner=agent, due_on=yesterday)
    signed_in.goto(f"{live_server.url}/")

    block = signed_in.locator("#commitments-due")
    block.get_by_text("Make good").click()
    block.get_by_label("What shows it?").fill("Parcel 4711")
    block.get_by_role("button", name="Made good").click()

    signed_in.get_by_text("Nothing you said you would do is open.").wait_for()
    assert Commitment.objects.get().state == "broken"
