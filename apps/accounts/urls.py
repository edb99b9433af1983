"""The customer record: adding one and changing what it says."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"

urlpatterns = [
    path("customers/new/", views.new, name="new"),
    path("customers/removed/", views.recycle_bin, name="bin"),
    path("customers/duplicates/", views.duplicates, name="duplicates"),
    # one customer
    path("customers/<int:pk>/edit/", views.edit, name="edit"),
    path("customers/<int:pk>/presence/", views.presence, name="presence"),
    path("customers/<int:pk>/owner/", views.owner, name="owner"),
    path("customers/<int:pk>/stage/", views.stage, name="stage"),
    path("customers/<int:pk>/tier/", views.tier, name="tier"),
    # its people
    path("customers/<int:pk>/contacts/new/", views.contact_new, name="contact-new"),
    path("customers/<int:pk>/contacts/<int:contact_pk>/", views.contact_edit, name="contact-edit"),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/presence/",
        views.contact_presence,
        name="contact-presence",
    ),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/permission/",
        views.permission,
        name="permission",
    ),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/remove/",
        views.contact_remove,
        name="contact-remove",
    ),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/removed/",
        views.contact_removed,
        name="contact-removed",
    ),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/restore/",
        views.contact_restore,
        name="contact-restore",
    ),
    # its story
    path("customers/<int:pk>/insights/", views.insights, name="insights"),
    path("customers/<int:pk>/insights/new/", views.insight_new, name="insight-new"),
    path("customers/<int:pk>/insights/<int:insight_pk>/", views.expectation, name="expectation"),
    path(
        "customers/<int:pk>/insights/<int:insight_pk>/reopen/",
        views.expectation_reopen,
        name="expectation-reopen",
    ),
    path("customers/<int:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("customers/<int:pk>/annotations/new/", views.annotation_new, name="annotation-new"),
    path("customers/<int:pk>/facts/<slug:key>/", views.fact, name="fact"),
    # two records of it
    path("customers/<int:pk>/merge/", views.merge, name="merge"),
    path("customers/<int:pk>/merge/<int:other>/", views.merge_with, name="merge-with"),
    path("customers/<int:pk>/unmerge/<int:merge_pk>/", views.unmerge, name="unmerge"),
    # taking it away
    path("customers/<int:pk>/remove/", views.remove, name="remove"),
    path("customers/<int:pk>/removed/", views.removed, name="removed"),
    path("customers/<int:pk>/restore/", views.restore, name="restore"),
    # how it is recognised
    path("customers/<int:pk>/identities/new/", views.identity_new, name="identity-new"),
    path(
        "customers/<int:pk>/identities/<int:identity_pk>/remove/",
        views.identity_remove,
        name="identity-remove",
    ),
]
