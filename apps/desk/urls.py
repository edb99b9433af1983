"""Pages that cut across rooms."""

from django.urls import path

from apps.desk import notification_views, views

app_name = "desk"

urlpatterns = [
    path("", views.today, name="today"),
    # customers
    path("customers/", views.customers, name="customers"),
    path("customers/filters/", views.filters, name="filters"),
    # one customer
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/notes/", views.add_note, name="add-note"),
    path("customers/<int:pk>/entries/<int:event_pk>/", notification_views.entry, name="entry"),
    path("customers/<int:pk>/follow/", notification_views.follow, name="follow"),
    path("customers/<int:pk>/unfollow/", notification_views.unfollow, name="unfollow"),
    # notifications
    path("notifications/", notification_views.index, name="notifications"),
    path("notifications/bell/", notification_views.bell, name="bell"),
    path("notifications/read/", notification_views.read_all, name="read-all"),
    path("notifications/<int:pk>/open/", notification_views.open_one, name="open-notification"),
]
