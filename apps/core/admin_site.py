"""The admin shows our own nouns only.

Third-party apps register theirs too, and some of those are dangerous: rows of the queue hold
code to run. So this site takes registrations from `apps` alone.
"""

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class Site(AdminSite):
    """Settings of Mainstay, for admins."""

    site_header = _("Mainstay settings")
    site_title = _("Mainstay settings")
    index_title = _("Settings")
    final_catch_all_view = False  # every route has a name, so that a test can walk them all

    def register(self, model_or_iterable, admin_class=None, **options):
        models = (
            model_or_iterable if hasattr(model_or_iterable, "__iter__") else [model_or_iterable]
        )
        ours = [model for model in models if model.__module__.startswith("apps.")]
        super().register(ours, admin_class, **options)

    # Routes that repeat what our own pages do.
    LEFT_OUT = ("password_change_done", "view_on_site")

    def get_urls(self):
        return [
            route for route in super().get_urls() if getattr(route, "name", "") not in self.LEFT_OUT
        ]

    # One sign-in, with its rate limits; one place to change a password.
    def login(self, request, extra_context=None):
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        logout(request)
        return redirect("account_login")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


class Config(AdminConfig):
    """Puts our site where Django expects the default one."""

    default_site = "apps.core.admin_site.Site"


class Page(ModelAdmin):
    """Settings of one noun: nothing is deleted unless it says so, and what is off is no route either."""

    can_add = True
    can_delete = False

    def get_urls(self):
        verbs = {"_add": self.can_add, "_delete": self.can_delete}
        left_out = tuple(verb for verb, allowed in verbs.items() if not allowed)
        return [
            route
            for route in super().get_urls()
            if route.name and not route.name.endswith(left_out)
        ]

    def has_add_permission(self, request):
        return self.can_add and super().has_add_permission(request)

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and super().has_delete_permission(request, obj)
