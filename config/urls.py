"""The front door: every path, by room."""

from django.contrib import admin
from django.urls import include, path

handler400 = "apps.core.errors.bad_request"
handler403 = "apps.core.errors.forbidden"
handler404 = "apps.core.errors.not_found"
handler500 = "apps.core.errors.server_error"

urlpatterns = [
    path("", include("apps.desk.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.saves.urls")),
    path("people/", include("apps.access.urls")),
    path("sign-in/", include("allauth.account.urls")),
    path("sign-in/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
    path("", include("apps.core.urls")),
]
