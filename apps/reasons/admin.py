"""The settings pages of reasons: edit, order, retire, restore."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.history.retirable import InUse, Retirable
from apps.reasons import actions, forms, queries
from apps.reasons.models import Category, Competitor, Reason


class Settings(Retirable):
    """What pages of this room share."""

    add_row = staticmethod(actions.add)
    change_row = staticmethod(actions.change)
    retire_row = staticmethod(actions.retire)
    restore_row = staticmethod(actions.restore)
    events_of = staticmethod(queries.latest_events)
    taken = actions.Taken
    retired_words = _("Retired. Past calls keep them.")
    taken_words = _("%(name)s stays retired: another one has its name or its key.")


@admin.register(Category)
class CategoryAdmin(Settings):
    """The first level, in the order of its keys."""

    form = forms.CategoryForm
    list_display = ["name", "position", "question"]
    list_filter = [InUse]
    search_fields = ["name", "question"]
    ordering = ["position", "pk"]


@admin.register(Reason)
class ReasonAdmin(Settings):
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
class CompetitorAdmin(Settings):
    """Whom customers leave us for."""

    form = forms.CompetitorForm
    list_display = ["name"]
    list_filter = [InUse]
    search_fields = ["name"]
    ordering = ["name", "pk"]
