"""Health: what a load balancer and an operator ask."""

from django.urls import path

from apps.core import views

app_name = "core"

urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("healthz/worker", views.worker, name="worker"),
]
