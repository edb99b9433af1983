"""Pages that cut across rooms."""

from django.urls import path

from apps.desk import bulk_views, list_views, notification_views, pin_views, views

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    # customers
    path("customers/", views.customers, name="customers"),
    path("customers/filters/", views.filters, name="filters"),
    # many customers at once
    path("customers/bulk/", bulk_views.changes, name="bulk"),
    path("customers/bulk/<int:pk>/", bulk_views.change, name="bulk-change"),
    path("customers/bulk/<int:pk>/confirm/", bulk_views.confirm, name="bulk-confirm"),
    path("customers/bulk/<int:pk>/undo/", bulk_views.undo, name="bulk-undo"),
    path("customers/columns/", list_views.columns, name="columns"),
    path("customers/export/", list_views.export, name="export"),
    # views of the list
    path("customers/views/", list_views.views, name="views"),
    path("customers/views/counts/", list_views.view_counts, name="view-counts"),
    path("customers/views/new/", list_views.view_new, name="view-new"),
    path("customers/views/<int:pk>/", list_views.view, name="view"),
    path("customers/views/<int:pk>/edit/", list_views.view_edit, name="view-edit"),
    path("customers/views/<int:pk>/keep/", list_views.view_keep, name="view-keep"),
    path("customers/views/<int:pk>/default/", list_views.view_default, name="view-default"),
    path("customers/views/<int:pk>/remove/", list_views.view_remove, name="view-remove"),
    # one customer
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/notes/", views.add_note, name="add-note"),
    path("customers/<int:pk>/pins/", pin_views.pins, name="pins"),
    path("customers/<int:pk>/views/", list_views.customer_views, name="customer-views"),
    path("customers/<int:pk>/entries/<int:event_pk>/", notification_views.entry, name="entry"),
    path("customers/<int:pk>/follow/", notification_views.follow, name="follow"),
    path("customers/<int:pk>/unfollow/", notification_views.unfollow, name="unfollow"),
    # notifications
    path("notifications/", notification_views.index, name="notifications"),
    path("notifications/bell/", notification_views.bell, name="bell"),
    path("notifications/read/", notification_views.read_all, name="read-all"),
    path("notifications/<int:pk>/open/", notification_views.open_one, name="open-notification"),
]
