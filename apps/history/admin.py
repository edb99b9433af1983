"""What is stuck on its way to a subscriber, with a button to try again."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin_site import Page
from apps.history import actions
from apps.history.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(Page):
    """Deliveries that wait or need attention; read-only but for "Try again"."""

    can_add = False
    actions = ["retry"]
    list_display = ["event", "subscriber", "state", "attempts", "next_at", "last_error"]
    list_filter = ["state", "subscriber"]
    list_select_related = ["event"]
    ordering = ["-state", "next_at", "pk"]

    def get_queryset(self, request):
        # Those that arrived are the many, and nobody's business.
        return super().get_queryset(request).exclude(state=Delivery.State.DONE)

    def has_change_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Try again"), permissions=["view"])
    def retry(self, request, queryset):
        """Put parked deliveries back in line."""
        for delivery in queryset.parked():
            actions.retry(delivery, at=timezone.now())
        self.message_user(request, _("Back in line. A worker tries within seconds."))
