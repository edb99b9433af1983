"""The settings page of the workspace: one row, so there is no list of it."""

from django.contrib import admin
from django.shortcuts import redirect

from apps.core.admin_site import Page
from apps.workspace import actions, forms, queries
from apps.workspace.models import Workspace


@admin.register(Workspace)
class WorkspaceAdmin(Page):
    """Name, currency, and where to ask for help."""

    can_add = False
    form = forms.WorkspaceForm

    def get_object(self, request, object_id, from_field=None):
        # Before anybody saved settings there is no row, but there are defaults to edit.
        return queries.current() if object_id == "1" else None

    def changelist_view(self, request, extra_context=None):
        return redirect("admin:workspace_workspace_change", 1)

    def save_model(self, request, obj, form, change):
        actions.save_settings(obj)
