"""People and invitations."""

from django.urls import path

from apps.access import views

app_name = "access"

urlpatterns = [
    path("", views.people, name="people"),
    # your own account
    path("me/", views.me, name="me"),
    path("me/theme/", views.theme, name="theme"),
    path("me/working-time/", views.my_working_time, name="my-working-time"),
    # joining
    path("invite/", views.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("join/<str:secret>/", views.invitation, name="invitation"),
    # one colleague
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/working-time/", views.working_time, name="working-time"),
    path("absences/<int:pk>/remove/", views.come_back, name="come-back"),
    path("<int:pk>/role/", views.role, name="role"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", views.reactivate, name="reactivate"),
]
