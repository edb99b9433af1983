"""Deliveries that need attention, and trying them again."""

from django.urls import reverse

from apps.history.models import Delivery
from tests.factories.history import DeliveryFactory

LIST = reverse("admin:history_delivery_changelist")


def says(response):
    return " ".join(response.content.decode().split())


def test_the_list_shows_what_is_stuck_and_not_what_arrived(as_admin, django_assert_max_num_queries):
    for number in range(5):
        DeliveryFactory(state="parked", subscriber=f"tests.s{number}", last_error="Broken pipe")
    DeliveryFactory(state="pending", subscriber="tests.waiting")
    DeliveryFactory(state="done", subscriber="tests.arrived")

    with django_assert_max_num_queries(9):
        page = says(as_admin.get(LIST))

    assert "Broken pipe" in page
    assert "tests.waiting" in page
    assert "tests.arrived" not in page


def test_an_admin_puts_what_was_parked_back_in_line(as_admin):
    parked = DeliveryFactory(state="parked", attempts=5)
    waiting = DeliveryFactory(state="pending", attempts=2, subscriber="tests.waiting")

    body = {"action": "retry", "_selected_action": [parked.pk, waiting.pk]}
    response = as_admin.post(LIST, body, follow=True)

    assert "Back in line." in says(response)
    rows = Delivery.objects.order_by("pk").values_list("state", "attempts")
    assert list(rows) == [("pending", 0), ("pending", 2)]


def test_a_delivery_is_read_and_never_edited(as_admin):
    delivery = DeliveryFactory(state="parked", last_error="Broken pipe")
    page = reverse("admin:history_delivery_change", args=[delivery.pk])

    assert "Broken pipe" in says(as_admin.get(page))
    assert as_admin.post(page, {"state": "done"}).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == "parked"
