"""Settings of the record: tiers, marks that identify nobody, and the workspace's own fields."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts import actions, custom, forms
from apps.accounts.models import IN_ORDER, BlockedIdentity, CustomField, FieldKind, TierThreshold
from apps.core.admin_site import Page
from apps.history.retirable import InUse, Retirable


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


@admin.register(CustomField)
class CustomFields(Retirable):
    """Facts about customers that this workspace adds; retired, never deleted."""

    form = forms.CustomFieldForm
    list_display = ["label", "kind", "key", "group", "position", "is_required", "offered"]
    list_filter = [InUse, "kind"]
    search_fields = ["label", "key", "group"]
    ordering = IN_ORDER
    add_row = staticmethod(actions.add_field)
    change_row = staticmethod(actions.change_field)
    retire_row = staticmethod(actions.retire_field)
    restore_row = staticmethod(actions.restore_field)
    events_of = staticmethod(custom.latest_events)
    taken = actions.FieldTaken
    retired_words = _("Retired. Customers keep their values.")
    taken_words = _("%(name)s stays retired: another field has its name.")

    def named(self, row):
        return row.label

    def get_readonly_fields(self, request, obj=None):
        return ["key", "kind", "preview"] if obj else []

    def get_fields(self, request, obj=None):
        lines = ["lines"] if obj is None or obj.kind == FieldKind.CHOICE else []
        rest = ["hint", "group", "position", "is_required"]
        return ["label", "kind", *lines, "key", *rest, *(["preview"] if obj else [])]

    @admin.display(description=_("values"))
    def offered(self, row):
        return ", ".join(row.choices)

    @admin.display(description=_("on the form"))
    def preview(self, row):
        """Show the field as people fill it in."""
        field = forms.CustomValue(custom.describe(row))
        control = field.widget.render("preview", None, {"disabled": True})
        if not row.former_choices:
            return control
        gone = format_html_join(", ", "{}", ((each,) for each in row.former_choices))
        words = _("No longer offered; some customers have it: {}")
        return format_html("{}<p>{}</p>", control, format_html(words, gone))
