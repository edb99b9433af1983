"""What happens to every request: a policy, the person's clock, and safe headers."""

import secrets
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from apps.core import errors, policy


def headers(get_response):
    """Keep what a signed-in person sees out of caches, and whole pages apart from fragments."""

    def middleware(request):
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if getattr(request, "user", None) is not None:  # static files never get this far
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def request_id(get_response):
    """Give each request a short code that an error page can show and the log repeats."""

    def middleware(request):
        code = secrets.token_hex(4).upper()
        request.request_id = f"{code[:4]}-{code[4:]}"
        return get_response(request)

    return middleware


def person(get_response):
    """Show times in the zone of the person who looks."""

    def middleware(request):
        if request.user.is_authenticated:
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return get_response(request)
        return get_response(request)

    return middleware


class PolicyMiddleware:
    """Refuse every route whose policy the person does not satisfy, before its view runs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        rule = policy.find(view, request.resolver_match)
        if rule is None:
            raise PermissionDenied
        if request.method not in rule.methods:
            return errors.not_allowed(request, rule.methods)
        if policy.allows(rule, request.user):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        return _sign_in(request)

    def process_exception(self, request, exception):
        """Say where something is that was there when the page was opened."""
        return errors.gone(request, exception) if isinstance(exception, errors.Gone) else None


def _sign_in(request):
    """Send a visitor to the sign-in page and back to where they wanted to go."""
    if request.htmx:
        # A redirect would be followed and swapped into the page; 401 with this header is not.
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(policy.keep_posted(request) or request.get_full_path())
