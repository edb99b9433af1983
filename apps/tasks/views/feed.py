"""Somebody's tasks in their own calendar, by a private address."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.tasks.actions import feeding
from apps.tasks.queries import feed as queries


@policy("tasks.work", methods=["GET", "POST"])
def feed(request):
    """Show whether there is an address; a POST makes a new one, or ends it."""
    url = ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            feeding.close_feed(by=request.user)
            messages.success(request, _("Address ended. Calendars that use it find nothing now."))
            return redirect("tasks:feed")
        secret = feeding.open_feed(by=request.user, at=timezone.now())
        url = request.build_absolute_uri(reverse("tasks:calendar", args=[secret]))
    return render(request, "tasks/feed.html", {"feed": queries.of(request.user), "url": url})


@policy(public=True, why="Calendars can't sign in; the secret in the address stands for it.")
def calendar(request, secret):
    """Answer a calendar program with the tasks of whoever's address it is."""
    user = queries.reader(secret)
    if user is None:
        raise Http404
    base = f"{request.scheme}://{request.get_host()}"
    response = HttpResponse(
        queries.text(user, base=base, at=timezone.now()),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
