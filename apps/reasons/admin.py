"""The settings pages of reasons: edit, order, retire, restore."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.history.retirable import InUse, Retirable
from apps.reasons import actions, forms, queries, rules
from apps.reasons.models import Category, Competitor, Prompt, Reason

# A call that never was, for previews.
EXAMPLE = {
    "words": _("The renewal came in £62 higher and nobody told us."),
    "customer": _("Larkspur Dental"),
    "contact": _("Nadia Rahman"),
    "plan": _("Studio"),
    "mrr": _("£249"),
    "renews": _("1 July"),
    "reason": _("Price: Price rise at renewal"),
    "outcome": _("They stay. What made them stay: the old price until the end of the year."),
    "commitments": _("- Honour the old price on the next invoice (by 1 July)"),
    "internal": _("- Ask billing why nobody told them (by 12 June)"),
    "competitor": _("Rampart Booking"),
    "tenure": _("3 years 1 month"),
    "mood": _("frustrated"),
}


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


class Previewed(Settings):
    """Settings whose text is shown as agents will see it, before anything is saved."""

    change_form_template = "reasons/settings/previewed.html"
    places = {}  # that its texts may hold

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002  Django's own
        form = super().get_form(request, obj, change=change, **kwargs)
        return _only_shown(form) if "_preview" in request.POST else form

    def render_change_form(self, request, context, **kwargs):
        form = context["adminform"].form
        facts = {name: str(words) for name, words in EXAMPLE.items()}
        facts["agent"] = request.user.name or request.user.email
        context["places"] = self.places
        context["facts"] = facts
        context["shown"] = {name: form[name].value() or "" for name in form.fields}
        context.update(self.preview(context["shown"], facts))
        return super().render_change_form(request, context, **kwargs)

    def preview(self, shown, facts):
        """Return what the preview needs besides the texts and the facts of the example."""
        return {}


def _only_shown(form):
    """Return a form like this one that is checked, and goes back to the page in any case."""

    class Shown(form):
        def is_valid(self):
            super().is_valid()
            return False

    return Shown


@admin.register(Category)
class CategoryAdmin(Settings):
    """The first level, in the order of its keys."""

    form = forms.CategoryForm
    list_display = ["name", "position", "question"]
    list_filter = [InUse]
    search_fields = ["name", "question"]
    ordering = ["position", "pk"]


@admin.register(Reason)
class ReasonAdmin(Previewed):
    """The second level, with what to say, to ask and to offer."""

    form = forms.ReasonForm
    places = rules.GUIDANCE
    list_display = ["name", "category", "position", "solvable", "has_guidance"]
    list_filter = [InUse, "category", "solvable"]
    list_select_related = ["category"]
    search_fields = ["name", "category__name"]
    ordering = ["category__position", "position", "pk"]
    fieldsets = [
        (None, {"fields": ["category", "name", "position", "solvable"]}),
        (
            _("On the call page, beside the reason"),
            {
                "fields": ["say", "ask", "offer"],
                "description": _(
                    "Names in braces, such as {words} or {plan}, are filled with the facts of the"
                    " call. All of them are listed at the bottom."
                ),
            },
        ),
        (_("When they leave all the same"), {"fields": ["win_back_days"]}),
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


@admin.register(Prompt)
class PromptAdmin(Previewed):
    """Texts that agents copy with the facts of a call filled in."""

    form = forms.PromptForm
    places = rules.PROMPT
    list_display = ["name", "position"]
    list_filter = [InUse]
    search_fields = ["name", "text"]
    ordering = ["position", "name", "pk"]
    retired_words = _("Retired. Agents do not see them any more.")

    def preview(self, shown, facts):
        quoted = facts | {"words": rules.in_quotes(facts["words"])}
        return {"filled_prompt": rules.fill(shown["text"], quoted)}
