"""The front door: every path, by room."""

from django.contrib import admin
from django.urls import include, path

handler400 = "apps.core.errors.bad_request"
handler403 = "apps.core.errors.forbidden"
handler404 = "apps.core.errors.not_found"
handler429 = "apps.core.errors.too_many_requests"  # read by allauth
handler500 = "apps.core.errors.server_error"

urlpatterns = [
    path("", include("apps.desk.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.saves.urls")),
    path("", include("apps.tasks.urls")),
    path("people/", include("apps.access.urls")),
    path("sign-in/", include("apps.access.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("", include("apps.core.urls")),
]
