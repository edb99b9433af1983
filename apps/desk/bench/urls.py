"""The routes of the server that is measured: all of ours, and an empty page."""

from django.urls import include, path

from apps.desk.bench import views

urlpatterns = [
    path(views.EMPTY, views.empty),
    path("", include("config.urls")),
]
