"""Settings of the record: what makes a tier, and what never identifies anybody."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import ngettext

from apps.accounts import actions, forms
from apps.accounts.models import BlockedIdentity, TierThreshold
from apps.core.admin_site import Page


@admin.register(TierThreshold)
class TierThresholds(Page):
    """Thresholds by currency; saving regrades every customer whose tier follows them."""

    form = forms.ThresholdForm
    list_display = ["currency", "mid_from", "high_from"]
    ordering = ["currency"]

    def get_readonly_fields(self, request, obj=None):
        return ["currency"] if obj else []

    def save_model(self, request, obj, form, change):
        count = actions.set_thresholds(
            obj.currency,
            mid_from=obj.mid_from,
            high_from=obj.high_from,
            by=request.user,
            at=timezone.now(),
        )
        text = ngettext(
            "%(count)s customer has another tier now.",
            "%(count)s customers have another tier now.",
            count,
        )
        messages.info(request, text % {"count": count})


@admin.register(BlockedIdentity)
class BlockedIdentities(Page):
    """Values that many people share, such as a switchboard's number."""

    can_delete = True
    form = forms.BlockedForm
    list_display = ["normalised", "kind", "reason"]
    list_filter = ["kind"]
    search_fields = ["normalised", "reason"]
    ordering = ["kind", "normalised"]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "normalised"] if obj else []

    def save_model(self, request, obj, form, change):
        blocked = actions.block_identity(
            kind=obj.kind,
            value=obj.normalised,
            reason=obj.reason,
            by=request.user,
            at=timezone.now(),
        )
        obj.pk = blocked.pk

    def delete_model(self, request, obj):
        actions.unblock_identity(obj)

    def delete_queryset(self, request, queryset):
        for blocked in queryset:
            actions.unblock_identity(blocked)
