"""The save page and a case that was logged."""

from django.urls import path

from apps.saves.views import call, case, win_back

app_name = "saves"

urlpatterns = [
    path("customers/<int:pk>/saves/new/", call.new, name="new"),
    path("saves/<int:pk>/", case.detail, name="detail"),
    path("customers/<int:pk>/win-back/", win_back.plan, name="win-back"),
]
