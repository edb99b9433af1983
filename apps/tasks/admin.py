"""The settings pages of queues and of escalation."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin_site import Page
from apps.tasks.actions import escalation as actions
from apps.tasks.forms.settings import PolicyForm, QueueForm
from apps.tasks.models import Policy, Queue
from apps.tasks.queries import escalation


@admin.register(Queue)
class QueueAdmin(Page):
    """Where tasks of a team wait, and how they find somebody."""

    form = QueueForm
    list_display = ["name", "team", "routing", "is_fallback"]
    list_select_related = ["team"]
    list_filter = ["team"]
    search_fields = ["name"]
    ordering = ["name", "pk"]

    def save_model(self, request, obj, form, change):
        actions.save_queue(obj, by=request.user, at=timezone.now())


@admin.register(Policy)
class PolicyAdmin(Page):
    """Who is told of tasks nearly or past due, with a look at what that would do now."""

    form = PolicyForm
    change_form_template = "tasks/settings/policy.html"
    list_display = ["name", "kind", "priority", "at_risk_minutes", "is_on"]
    list_filter = ["is_on"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": ["name", "is_on"]}),
        (_("For which tasks"), {"fields": ["kind", "priority"]}),
        (_("Before the due moment"), {"fields": ["at_risk_minutes", "reminds"]}),
        (
            _("After the due moment"),
            {
                "fields": [
                    "owner_after",
                    ("lead_after", "lead_does"),
                    ("manager_after", "manager_does"),
                ],
                "description": _("Each is told once, and only in their own working time."),
            },
        ),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002  Django's own
        form = super().get_form(request, obj, change=change, **kwargs)
        return _only_shown(form) if "_preview" in request.POST else form

    def render_change_form(self, request, context, **kwargs):
        form = context["adminform"].form
        plan = form.plan if form.is_bound else _stored(form.instance)
        if plan:
            instead_of = form.instance.pk
            context["preview"] = escalation.preview(plan, at=timezone.now(), instead_of=instead_of)
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        actions.save_policy(obj, levels=form.levels, by=request.user, at=timezone.now())


def _stored(policy):
    return escalation.plan_of(policy) if policy.pk else None


def _only_shown(form):
    """Return a form like this one that is checked, and goes back to the page in any case."""

    class Shown(form):
        def is_valid(self):
            super().is_valid()
            return False

    return Shown
