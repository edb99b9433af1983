"""Signing in and out: the few pages of allauth that we want, under the names it reverses.

Its other pages (signing up, managing addresses, codes) are not routes here at all.
"""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from apps.access import views

urlpatterns = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    # The mail to an unknown address points here.
    path("uninvited/", views.uninvited, name="account_signup"),
    # password
    path("password/", account.password_change, name="account_change_password"),
    path("forgotten/", account.password_reset, name="account_reset_password"),
    path("forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "forgotten/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
