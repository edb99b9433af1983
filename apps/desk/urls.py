"""Pages that cut across rooms."""

from django.urls import path

from apps.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    # customers
    path("customers/", views.customers, name="customers"),
    path("customers/filters/", views.filters, name="filters"),
    # one customer
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/notes/", views.add_note, name="add-note"),
]
