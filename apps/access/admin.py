"""The settings page of teams."""

from django.contrib import admin
from django.utils import timezone

from apps.access import actions
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
