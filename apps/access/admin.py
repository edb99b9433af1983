"""The settings pages of teams and of calendars, which lie below the history that tells of them."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access import actions
from apps.access.queries import SHOWN_DAYS, days_of
from apps.calendars.forms import DAYS, CalendarForm
from apps.calendars.models import Calendar
from apps.core.admin_site import Page
from apps.users.models import Team, User


class LookedAtPage(Page):
    """Settings that are saved when whoever edits them has seen which tasks would move.

    A page of this sort says with `find_moves` which those are, of a valid form.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002  Django's own
        form = super().get_form(request, obj, change=change, **kwargs)
        return _looked_at(form, request.POST, self.find_moves)

    def render_change_form(self, request, context, **kwargs):
        form = context["adminform"].form
        if form.is_bound:
            context["moves"] = form.moves
            if form.is_unseen:
                words = _("Nothing is saved yet: look below at what would move, and save again.")
                messages.warning(request, words)
        return super().render_change_form(request, context, **kwargs)


@admin.register(Team)
class TeamAdmin(LookedAtPage):
    """Teams, their people in charge, and whether they are private."""

    change_form_template = "access/settings/team.html"
    list_display = ["name", "time_zone", "is_private", "lead", "manager"]
    list_select_related = ["lead", "manager"]
    list_filter = ["is_private"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fields = ["name", "time_zone", "is_private", "lead", "manager"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = User.objects.filter(is_active=True).order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def find_moves(self, form):
        return actions.try_team(form.instance)

    def save_model(self, request, obj, form, change):
        actions.save_team(obj, by=request.user, at=timezone.now())


@admin.register(Calendar)
class CalendarAdmin(LookedAtPage):
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

    def find_moves(self, form):
        return actions.try_calendar(form.instance, **_parts(form))

    def render_change_form(self, request, context, **kwargs):
        form, today = context["adminform"].form, timezone.localdate()
        if form.is_bound:
            context["days"] = form.preview(today, SHOWN_DAYS)
        elif form.instance.pk:
            context["days"] = days_of(form.instance, today=today)
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        actions.save_calendar(obj, by=request.user, at=timezone.now(), **_parts(form))


def _parts(form):
    data = form.cleaned_data
    names = ("days_off", "worked", "teams", "people")
    return {"week": form.week} | {name: data[name] for name in names}


def _looked_at(form, sent, find_moves):
    """Return a form like this one that goes back to the page until its moves were seen.

    Args:
        form: the class.
        sent: what came with it: `_preview` goes back in any case, `_moves` names what was seen.
        find_moves: a function of a valid form that returns what it would move.
    """

    class LookedAt(form):
        moves = None
        is_unseen = False

        def is_valid(self):
            if not super().is_valid():
                return False
            self.moves = find_moves(self)
            if "_preview" in sent:
                return False
            self.is_unseen = self.moves.key != sent.get("_moves", "")
            return not self.is_unseen

    return LookedAt
