"""The settings pages of teams and of calendars, which lie below the history that tells of them."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access import actions
from apps.access.queries import SHOWN_DAYS, days_of
from apps.calendars.forms import DAYS, CalendarForm
from apps.calendars.models import Calendar
from apps.core.admin_site import Page
from apps.users.models import Team, User


@admin.register(Team)
class TeamAdmin(Page):
    """Teams, their people in charge, and whether they are private."""

    list_display = ["name", "time_zone", "is_private", "lead", "manager"]
    list_select_related = ["lead", "manager"]
    list_filter = ["is_private"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fields = ["name", "time_zone", "is_private", "lead", "manager"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = User.objects.filter(is_active=True).order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        actions.save_team(obj, by=request.user, at=timezone.now())


@admin.register(Calendar)
class CalendarAdmin(Page):
    """When people work, with a look at the next days before anything is saved."""

    form = CalendarForm
    change_form_template = "access/settings/calendar.html"
    list_display = ["name", "time_zone", "country", "region"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": ["name", "time_zone"]}),
        (
            _("Hours"),
            {
                "fields": list(DAYS),
                "description": _("Such as 09:00-12:30, 13:30-17:30. Empty: nobody works."),
            },
        ),
        (_("Public holidays"), {"fields": ["country", "region", "worked"]}),
        (_("Other days"), {"fields": ["days_off"]}),
        (_("Who works by it"), {"fields": ["teams", "people"]}),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002  Django's own
        form = super().get_form(request, obj, change=change, **kwargs)
        return _only_shown(form) if "_preview" in request.POST else form

    def render_change_form(self, request, context, **kwargs):
        form, today = context["adminform"].form, timezone.localdate()
        if form.is_bound:
            context["days"] = form.preview(today, SHOWN_DAYS)
        elif form.instance.pk:
            context["days"] = days_of(form.instance, today=today)
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        parts = {name: data[name] for name in ("days_off", "worked", "teams", "people")}
        actions.save_calendar(obj, by=request.user, at=timezone.now(), week=form.week, **parts)


def _only_shown(form):
    """Return a form like this one that is checked, and goes back to the page in any case."""

    class Shown(form):
        def is_valid(self):
            super().is_valid()
            return False

    return Shown
