"""The save page and a case that was logged."""

from django.urls import path

from apps.saves import views

app_name = "saves"

urlpatterns = [
    path("customers/<int:pk>/saves/new/", views.new, name="new"),
    path("saves/<int:pk>/", views.detail, name="detail"),
]
