"""Settings of the record: tiers, marks that identify nobody, and the workspace's own fields."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts import actions, custom, forms
from apps.accounts.models import BlockedIdentity, CustomField, FieldKind, TierThreshold
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


class InUse(admin.SimpleListFilter):
    """Shows what is in use unless somebody asks for the retired."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("retired", _("Retired")), ("all", _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield {**first, "display": _("In use")}
        yield from others

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "retired")


@admin.register(CustomField)
class CustomFields(Page):
    """Facts about customers that this workspace adds; retired, never deleted."""

    form = forms.CustomFieldForm
    list_display = ["label", "kind", "key", "group", "position", "is_required", "offered"]
    list_filter = [InUse, "kind"]
    search_fields = ["label", "key", "group"]
    ordering = ["group", "position", "pk"]
    actions = ["retire", "restore"]

    def get_readonly_fields(self, request, obj=None):
        return ["key", "kind", "preview"] if obj else []

    def get_fields(self, request, obj=None):
        lines = ["lines"] if obj is None or obj.kind == FieldKind.CHOICE else []
        rest = ["hint", "group", "position", "is_required"]
        return ["label", "kind", *lines, "key", *rest, *(["preview"] if obj else [])]

    def save_model(self, request, obj, form, change):
        write = actions.change_field if change else actions.add_field
        write(obj, by=request.user, at=timezone.now())

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

    def history_view(self, request, object_id, extra_context=None):
        """Show our own history, which says what changed, and not the log of the settings site."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changed"),
            "thing": row,
            "opts": self.opts,
            "events": custom.latest_events(row),
        }
        return TemplateResponse(request, "history/settings.html", context)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request, queryset):
        """Take the chosen ones out of use."""
        for row in queryset:
            actions.retire_field(row, by=request.user, at=timezone.now())
        self.message_user(request, _("Retired. Customers keep their values."))

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request, queryset):
        """Put the chosen ones back into use."""
        for row in queryset:
            try:
                actions.restore_field(row, by=request.user, at=timezone.now())
            except actions.FieldTaken:
                words = _("%(name)s stays retired: another field has its name.")
                self.message_user(request, words % {"name": row.label}, messages.ERROR)
            else:
                words = _("%(name)s is in use again.")
                self.message_user(request, words % {"name": row.label})
