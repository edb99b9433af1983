from decimal import Decimal

from django.contrib.messages import get_messages
from django.urls import reverse

from apps.accounts.models import BlockedIdentity, Identity, TierThreshold
from tests.factories.accounts import (
    BlockedIdentityFactory,
    IdentityFactory,
    TierThresholdFactory,
)


def url(name, *args):
    return reverse(f"admin:accounts_{name}", args=args)


def test_a_threshold_regrades_its_customers(as_admin, account):
    sent = {"currency": "gbp", "mid_from": "100", "high_from": "240"}

    response = as_admin.post(url("tierthreshold_add"), sent)

    account.refresh_from_db()
    assert response.status_code == 302
    assert account.tier == "high"
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said[0] == "1 customer has another tier now."


def test_a_threshold_is_changed_but_not_its_currency(as_admin, account):
    TierThresholdFactory(currency="GBP")
    page = as_admin.get(url("tierthreshold_change", "GBP"))
    assert 'name="currency"' not in page.content.decode()

    sent = {"mid_from": "10", "high_from": "20"}
    as_admin.post(url("tierthreshold_change", "GBP"), sent)

    assert TierThreshold.objects.get().high_from == Decimal(20)
    assert as_admin.get(url("tierthreshold_changelist")).status_code == 200


def test_thresholds_that_do_not_rise_say_so(as_admin):
    sent = {"currency": "GBP", "mid_from": "240", "high_from": "100"}

    page = as_admin.post(url("tierthreshold_add"), sent)

    assert "High starts above mid, and mid above 0." in page.content.decode()
    assert not TierThreshold.objects.exists()


def test_a_threshold_can_not_be_deleted(as_admin):
    TierThresholdFactory(currency="GBP")
    sent = {"action": "delete_selected", "_selected_action": ["GBP"], "post": "yes"}

    as_admin.post(url("tierthreshold_changelist"), sent)

    assert as_admin.post(f"{url('tierthreshold_changelist')}GBP/delete/").status_code == 404
    assert TierThreshold.objects.exists()


def test_a_value_is_blocked_and_taken_from_its_customer(as_admin):
    IdentityFactory(value="info@customer.example")
    sent = {"kind": "email", "normalised": "Info@customer.example", "reason": "Shared"}

    response = as_admin.post(url("blockedidentity_add"), sent)

    assert response.status_code == 302
    assert BlockedIdentity.objects.get().normalised == "info@customer.example"
    assert not Identity.objects.exists()


def test_a_blocked_value_keeps_its_value_and_gets_another_reason(as_admin):
    blocked = BlockedIdentityFactory()

    as_admin.post(url("blockedidentity_change", blocked.pk), {"reason": "Front desk"})

    assert BlockedIdentity.objects.get().reason == "Front desk"
    page = as_admin.get(url("blockedidentity_changelist"), {"q": "front"})
    assert blocked.normalised in page.content.decode()


def test_a_value_is_blocked_once(as_admin):
    blocked = BlockedIdentityFactory()
    sent = {"kind": "email", "normalised": blocked.normalised, "reason": "Again"}

    page = as_admin.post(url("blockedidentity_add"), sent)

    assert page.status_code == 200
    assert BlockedIdentity.objects.get().reason == "Shared mailbox"


def test_blocked_values_are_unblocked_one_or_many(as_admin):
    one, *many = [BlockedIdentityFactory() for _ in range(3)]

    as_admin.post(url("blockedidentity_delete", one.pk), {"post": "yes"})
    assert BlockedIdentity.objects.count() == 2
    sent = {"action": "delete_selected", "_selected_action": [b.pk for b in many], "post": "yes"}
    as_admin.post(url("blockedidentity_changelist"), sent)

    assert not BlockedIdentity.objects.exists()


def test_the_settings_are_for_admins(as_manager):
    assert as_manager.get(url("tierthreshold_changelist")).status_code == 403


def test_a_customer_is_not_in_the_settings(as_admin):
    assert "accounts/account/" not in as_admin.get(reverse("admin:index")).content.decode()
