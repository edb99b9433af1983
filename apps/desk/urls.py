"""Pages that cut across rooms."""

from django.urls import path

from apps.desk.views import (
    bulk,
    customer,
    customers,
    notifications,
    phone,
    pins,
    saved_views,
    tasks,
    today,
)

app_name = "desk"

urlpatterns = [
    path("", today.today, name="today"),
    path("today/news/", today.news, name="today-news"),
    path("phone/", phone.phone, name="phone"),
    # customers
    path("customers/", customers.customers, name="customers"),
    path("customers/filters/", customers.filters, name="filters"),
    # many customers at once
    path("customers/bulk/", bulk.changes, name="bulk"),
    path("customers/bulk/<int:pk>/", bulk.change, name="bulk-change"),
    path("customers/bulk/<int:pk>/confirm/", bulk.confirm, name="bulk-confirm"),
    path("customers/bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    path("customers/columns/", saved_views.columns, name="columns"),
    path("customers/export/", saved_views.export, name="export"),
    # views of the list
    path("customers/views/", saved_views.views, name="views"),
    path("customers/views/counts/", saved_views.view_counts, name="view-counts"),
    path("customers/views/new/", saved_views.view_new, name="view-new"),
    path("customers/views/<int:pk>/", saved_views.view, name="view"),
    path("customers/views/<int:pk>/edit/", saved_views.view_edit, name="view-edit"),
    path("customers/views/<int:pk>/keep/", saved_views.view_keep, name="view-keep"),
    path("customers/views/<int:pk>/default/", saved_views.view_default, name="view-default"),
    path("customers/views/<int:pk>/remove/", saved_views.view_remove, name="view-remove"),
    path("customers/views/<int:pk>/removed/", saved_views.view_removed, name="view-removed"),
    path("customers/views/<int:pk>/restore/", saved_views.view_restore, name="view-restore"),
    # one customer
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/notes/", customer.add_note, name="add-note"),
    path("customers/<int:pk>/pins/", pins.pins, name="pins"),
    path("customers/<int:pk>/views/", saved_views.customer_views, name="customer-views"),
    path("customers/<int:pk>/entries/<int:event_pk>/", notifications.entry, name="entry"),
    path("customers/<int:pk>/follow/", notifications.follow, name="follow"),
    path("customers/<int:pk>/unfollow/", notifications.unfollow, name="unfollow"),
    # a task is made and handed off with what the receiver should know of the customer
    path("customers/<int:pk>/tasks/new/", tasks.new, name="new-task"),
    path("tasks/<int:pk>/hand-off/", tasks.hand_off, name="hand-off"),
    # notifications
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/bell/", notifications.bell, name="bell"),
    path("notifications/settings/", notifications.choose, name="notification-settings"),
    path("notifications/read/", notifications.read_all, name="read-all"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="open-notification"),
]
