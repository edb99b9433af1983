"""The settings pages of reasons: edit, order, retire, restore."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin_site import Page
from apps.reasons import actions, forms, queries
from apps.reasons.models import Category, Competitor, Reason


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


class Retirable(Page):
    """A page that writes through our actions and never deletes."""

    actions = ["retire", "restore"]

    def save_model(self, request, obj, form, change):
        write = actions.change if change else actions.add
        write(obj, by=request.user, at=timezone.now())

    def history_view(self, request, object_id, extra_context=None):
        """Show our own history, which says what changed, and not the log of the settings site."""
        thing = self.get_object(request, object_id)
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changed"),
            "thing": thing,
            "opts": self.opts,
            "events": queries.latest_events(thing),
        }
        return TemplateResponse(request, "history/settings.html", context)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request, queryset):
        """Take the chosen ones out of use."""
        for thing in queryset:
            actions.retire(thing, by=request.user, at=timezone.now())
        self.message_user(request, _("Retired. Past calls keep them."))

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request, queryset):
        """Put the chosen ones back into use."""
        for thing in queryset:
            try:
                actions.restore(thing, by=request.user, at=timezone.now())
            except actions.Taken:
                words = _("%(name)s stays retired: another one has its name or its key.")
                self.message_user(request, words % {"name": thing}, messages.ERROR)
            else:
                words = _("%(name)s is in use again.")
                self.message_user(request, words % {"name": thing})


@admin.register(Category)
class CategoryAdmin(Retirable):
    """The first level, in the order of its keys."""

    form = forms.CategoryForm
    list_display = ["name", "position", "question"]
    list_filter = [InUse]
    search_fields = ["name", "question"]
    ordering = ["position", "pk"]


@admin.register(Reason)
class ReasonAdmin(Retirable):
    """The second level, with what to say, to ask and to offer."""

    form = forms.ReasonForm
    list_display = ["name", "category", "position", "solvable", "has_guidance"]
    list_filter = [InUse, "category", "solvable"]
    list_select_related = ["category"]
    search_fields = ["name", "category__name"]
    ordering = ["category__position", "position", "pk"]
    fieldsets = [
        (None, {"fields": ["category", "name", "position", "solvable"]}),
        (_("On the call page, beside the reason"), {"fields": ["say", "ask", "offer"]}),
    ]

    @admin.display(boolean=True, description=_("Guidance"))
    def has_guidance(self, reason):
        return reason.has_guidance


@admin.register(Competitor)
class CompetitorAdmin(Retirable):
    """Whom customers leave us for."""

    form = forms.CompetitorForm
    list_display = ["name"]
    list_filter = [InUse]
    search_fields = ["name"]
    ordering = ["name", "pk"]
