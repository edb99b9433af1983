"""How sign-in differs from the library's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people come by invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail and password do not match. Check both."),
        "enter_current_password": _("Enter the password you have now."),
        "incorrect_password": _("That is not your password. Enter it again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        """Build the link of the mail from our own address, never from the request's Host header."""
        user, _dash, token = key.partition("-")
        name, parts = "account_reset_password_from_key", {"uidb36": user, "key": token}
        return settings.PUBLIC_URL + reverse(name, kwargs=parts)
