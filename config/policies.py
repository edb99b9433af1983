"""Policies of routes whose views are not ours: the settings pages and signing in."""

from apps.core.policy import make

BOTH = ("GET", "POST")


def _public(why, methods=BOTH):
    return make(public=True, methods=methods, why=why)


ROUTES = {
    "admin:*": make("access.open_settings", methods=BOTH),
    "admin:index": make("access.open_settings"),
    "admin:app_list": make("access.open_settings"),
    "admin:jsi18n": make("access.open_settings"),
    "admin:autocomplete": make("access.open_settings"),
    "admin:login": make("access.open_settings"),
    "admin:password_change": make("access.open_settings"),
    "admin:logout": make("access.open_settings", methods=("POST",)),
    "account_login": _public("How everybody comes in."),
    "account_logout": make(signed_in=True, methods=BOTH),
    "account_change_password": make(signed_in=True, methods=BOTH),
    "account_reauthenticate": make(signed_in=True, methods=BOTH),
    "account_reset_password": _public("Who forgot the password can't sign in."),
    "account_reset_password_done": _public("Says that a mail was sent.", ("GET",)),
    "account_reset_password_from_key": _public("The link in that mail."),
    "account_reset_password_from_key_done": _public("Says that it worked.", ("GET",)),
    "account_inactive": _public("Says that the account is closed.", ("GET",)),
    "usersessions_list": make(signed_in=True, methods=BOTH),
}
