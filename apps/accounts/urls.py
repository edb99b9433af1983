"""The customer record: adding one and changing what it says."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"

urlpatterns = [
    path("customers/new/", views.new, name="new"),
    # one customer
    path("customers/<int:pk>/edit/", views.edit, name="edit"),
    path("customers/<int:pk>/owner/", views.owner, name="owner"),
    path("customers/<int:pk>/stage/", views.stage, name="stage"),
    path("customers/<int:pk>/tier/", views.tier, name="tier"),
    # its people
    path("customers/<int:pk>/contacts/new/", views.contact_new, name="contact-new"),
    path("customers/<int:pk>/contacts/<int:contact_pk>/", views.contact_edit, name="contact-edit"),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/permission/",
        views.permission,
        name="permission",
    ),
    # how it is recognised
    path("customers/<int:pk>/identities/new/", views.identity_new, name="identity-new"),
    path(
        "customers/<int:pk>/identities/<int:identity_pk>/remove/",
        views.identity_remove,
        name="identity-remove",
    ),
]
