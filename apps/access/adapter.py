"""How sign-in differs from the library's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
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

    # Five wrong passwords close a name to the address they came from, so that nobody can lock a
    # colleague out; fifty in an hour, from wherever, close it to all.

    def _get_login_attempts_cache_key(self, request, **credentials):
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def pre_authenticate(self, request, **credentials):
        super().pre_authenticate(request, **credentials)
        if not self._count_anywhere(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request, **credentials):
        self._count_anywhere(request, credentials)

    def _count_anywhere(self, request, credentials, **options):
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return ratelimit.consume(request, action="login_failed_anywhere", key=name, **options)

    def get_reset_password_from_key_url(self, key):
        """Build the link of the mail from our own address, never from the request's Host header."""
        user, _dash, token = key.partition("-")
        name, parts = "account_reset_password_from_key", {"uidb36": user, "key": token}
        return settings.PUBLIC_URL + reverse(name, kwargs=parts)
