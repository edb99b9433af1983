"""What people read when something went wrong: what happened, what is lost, what to do.

A page for a browser, and for htmx the same words in a header that `requests.js` shows as a
short message, so that the page in front of the person and what they typed stay as they are.
"""

import logging
import sys
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.core import policy

log = logging.getLogger(__name__)


class Gone(Exception):
    """What somebody wants to look at or change is elsewhere now, or nowhere.

    Raised by whoever notices; the middleware answers with `gone()`.
    """

    url = ""  # where it is now, if it is anywhere


def bad_request(request, exception=None):
    """Answer a request that makes no sense, such as one for a host that is not ours."""
    title = _("Mainstay could not read that request")
    text = _("Nothing was saved. Go back, load the page again and try once more.")
    return _alone(request, 400, title, text)


def forbidden(request, exception=None):
    """Answer somebody who may not do this."""
    title = _("You are not allowed to do this")
    text = _("Nothing was changed. An admin of your workspace can give you access.")
    return _in_shell(request, 403, title, text)


def csrf_failure(request, reason=""):
    """Answer a form whose proof of origin is missing or old, mostly a page left open too long."""
    title = _("This page was open too long")
    text = _("Nothing was saved. Go back, load the page again, then send the form once more.")
    # Not of a page elsewhere: it would put somebody's session into this browser.
    is_ours = not reason.startswith(("Origin checking", "Referer checking"))
    if where := is_ours and policy.keep_posted(request):
        text = _("Nothing was saved yet, but what you typed is kept. Open the page again and save.")
    return _in_shell(request, 403, title, text, where=where)


def not_found(request, exception=None):
    """Answer for what is not there, or is not there for this person."""
    title = _("Page not found")
    text = _(
        "The link may be old, or the customer may have been merged into another. "
        "If you typed the address, check it."
    )
    return _in_shell(request, 404, title, text)


def gone(request, found):
    """Answer for what has moved: a page is shown where it is now, a form is refused in words.

    Args:
        request: the request.
        found: the `Gone` that somebody raised.
    """
    if found.url and request.method in {"GET", "HEAD"}:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": found.url})
        return redirect(found.url)
    title = _("This is not here any more")
    return _in_shell(request, 410, title, str(found), where=found.url)


def not_allowed(request, methods):
    """Answer a method that a route does not take, mostly the address of a form typed by hand.

    Args:
        request: the request.
        methods: the methods that the route takes.
    """
    title = _("This address only takes a form")
    text = _("Nothing was changed. Go back to the page you came from.")
    response = _in_shell(request, 405, title, text)
    response["Allow"] = ", ".join(sorted(methods))
    return response


def too_many_requests(request, exception=None):
    """Answer somebody whom a rate limit stopped."""
    title = _("Too many tries")
    text = _("To keep accounts safe, wait a few minutes before you try again.")
    return _alone(request, 429, title, text)


def server_error(request):
    """Answer when our own code failed; asks nothing of the database and of the session.

    A database that is away, or too slow to wait for, is no failure of ours: that is said
    apart, and with how long to wait.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    log.error("Error %s at %s", getattr(request, "request_id", ""), request.path)
    title = _("Something went wrong on our side")
    text = _("The page could not be shown. What you saved before is safe.")
    return _alone(request, 500, title, text, code=getattr(request, "request_id", ""))


def unavailable(request):
    """Answer while the database is away."""
    title = _("Mainstay is away for a moment")
    text = _("Nothing was saved just now. Wait half a minute, then try again.")
    response = _alone(request, 503, title, text)
    response["Retry-After"] = "30"
    return response


def _alone(request, status, title, text, **context):
    """Render a page that needs no person, no session and no query."""
    if request.headers.get("HX-Request"):
        return _message(status, title, text, **context)
    again = request.get_full_path() if request.method == "GET" else ""
    context = {"title": title, "text": text, "again": again, **context}
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def _in_shell(request, status, title, text, **more):
    """Render a page with the navigation for those who are signed in, without for others."""
    if request.headers.get("HX-Request"):
        return _message(status, title, text)
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    context = {
        "title": title,
        "text": text,
        "signed_in": signed_in,
        "shell": "base.html" if signed_in else "solo.html",
        **more,
    }
    return render(request, f"{status}.html", context, status=status)


def _message(status, title, text, code=""):
    words = f"{title}. {text}" + (f" ({code})" if code else "")
    # Headers are ASCII; the script decodes the rest.
    return HttpResponse(words, "text/plain", status, headers={"X-Problem": quote(words)})
