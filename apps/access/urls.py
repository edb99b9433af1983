"""People and invitations."""

from django.urls import path

from apps.access import views

app_name = "access"

urlpatterns = [
    path("", views.people, name="people"),
    # your own account
    path("me/", views.me, name="me"),
    path("me/theme/", views.theme, name="theme"),
    # joining
    path("invite/", views.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("join/<str:secret>/", views.invitation, name="invitation"),
    # one colleague
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/role/", views.role, name="role"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", views.reactivate, name="reactivate"),
]
