"""The save page and a case that was logged."""

from django.urls import path

from apps.saves.views import call, case

app_name = "saves"

urlpatterns = [
    path("customers/<int:pk>/saves/new/", call.new, name="new"),
    path("saves/<int:pk>/", case.detail, name="detail"),
]
