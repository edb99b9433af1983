"""A call was logged, and something about it was wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import Account
from apps.reasons.models import Reason
from apps.saves import actions
from apps.saves.models import SaveCase
from tests.factories.users import make_person
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def log(workspace, *, hours):
    """A call that Ada logged some hours ago, and on which they stayed."""
    at, by = timezone.now() - timedelta(hours=hours), workspace["agent"]
    opening = actions.open_call(workspace["account"], by=by, at=at)
    given = {"verbatim": "Too dear.", "outcome": "stayed", "seconds": 272}
    reason = Reason.objects.select_related("category").order_by("pk").first()
    return actions.log(opening, by=by, at=at, reason=reason, **given)


@pytest.fixture
def max_brandt(workspace):
    return make_person(
        "manager", name="Max Brandt", email="max@example.com", team=workspace["team"]
    )


def test_an_agent_corrects_their_call_and_everybody_sees_before_and_after(
    signed_in, live_server, workspace
):
    page, case = signed_in, log(workspace, hours=2)
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    page.get_by_role("link", name="Correct").click()
    expect(page.get_by_text("You can correct it until")).to_be_visible()
    preview = page.locator("#correct-preview")
    expect(preview).to_contain_text("It ended as logged: nothing about the customer changes.")

    page.locator("[name=outcome][value=left]").check()
    expect(preview.get_by_text("They leave on the day you enter.")).to_be_visible()
    expect(preview.get_by_text("It ended as logged")).to_be_hidden()
    day = timezone.localdate() + timedelta(days=20)
    page.get_by_label("They leave on").fill(day.isoformat())
    page.get_by_label("Why do you correct it?").fill("They wrote again: they do leave.")
    page.keyboard.press("Control+Enter")

    page.wait_for_url(f"**{case.get_absolute_url()}")
    made = page.locator("#corrections")
    expect(made).to_contain_text("They wrote again: they do leave.")
    expect(made).to_contain_text("Stayed")
    expect(page.locator(".head .badge.bad")).to_contain_text("Leaves")
    assert Account.objects.get(pk=workspace["account"].pk).churned_on == day

    page.goto(f"{live_server.url}{workspace['account'].get_absolute_url()}")
    page.get_by_role("link", name="Corrected since").click()
    page.wait_for_url("**#corrections")


def test_after_a_day_a_manager_corrects_and_the_agent_is_told_so(
    signed_in, watched, live_server, workspace, max_brandt
):
    page, case = signed_in, log(workspace, hours=25)
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Correct", exact=True)).to_have_count(0)
    page.goto(f"{live_server.url}{case.get_absolute_url()}correct/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "The day to correct this call is over"
    )

    page.context.clear_cookies()
    sign_in(page, live_server.url, "max@example.com")
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    page.get_by_role("link", name="Correct", exact=True).click()
    page.get_by_label("What almost made them leave?").fill("Far too dear, said the owner.")
    page.get_by_label("Why do you correct it?").fill("The owner rang me.")
    page.get_by_role("button", name="Save correction").click()

    expect(page.locator("#corrections")).to_contain_text("Max Brandt")
    assert SaveCase.objects.get().verbatim == "Far too dear, said the owner."


def test_the_slower_of_two_correctors_sees_the_others_and_loses_no_word(
    signed_in, live_server, workspace, max_brandt
):
    page, case = signed_in, log(workspace, hours=1)
    page.goto(f"{live_server.url}{case.get_absolute_url()}correct/")
    page.get_by_label("What almost made them leave?").fill("Ada: far too dear.")
    page.get_by_label("Why do you correct it?").fill("I forgot a word.")
    changed = {"verbatim": "Max: quite dear.", "mood": 4, "why": "They rang me."}
    actions.correct(case, by=max_brandt, at=timezone.now(), version=1, **changed)
    page.get_by_role("button", name="Save correction").click()

    met = page.get_by_role("alert").filter(has_text="Max Brandt corrected this call")
    expect(met).to_be_focused()
    expect(met).to_contain_text("You both changed: In their words.")
    expect(page.locator("#correct-met")).to_contain_text("Max: quite dear.")
    expect(page.get_by_label("What almost made them leave?")).to_have_value("Ada: far too dear.")
    expect(page.get_by_label("Why do you correct it?")).to_have_value("I forgot a word.")
    page.get_by_role("button", name="Save correction").click()

    page.wait_for_url(f"**{case.get_absolute_url()}")
    case.refresh_from_db()
    assert (case.verbatim, case.mood, case.version) == ("Ada: far too dear.", 4, 3)


def test_a_correction_without_scripts(new_context, live_server, workspace):
    page, case = new_context(java_script_enabled=False).new_page(), log(workspace, hours=1)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}{case.get_absolute_url()}correct/")
    page.locator("[name=outcome][value=undecided]").check()
    expect(page.get_by_text("The call back stands on the Today of Ada Lovett.")).to_be_visible()
    moment = timezone.localtime() + timedelta(days=2)
    page.get_by_label("Call back on").fill(moment.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("alert").first).to_contain_text("Write why you correct it")
    page.get_by_label("Why do you correct it?").fill("They were not sure.")
    page.get_by_role("button", name="Save correction").click()

    expect(page.locator("#corrections")).to_contain_text("They were not sure.")
    assert SaveCase.objects.get().outcome == "undecided"
