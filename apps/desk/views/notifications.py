"""Notifications: the bell, the page behind it, and following a customer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import family
from apps.accounts.models import Account
from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk import forms
from apps.desk.queries import colleagues, notices
from apps.history.models import Event
from apps.notifications import actions
from apps.notifications import queries as notifications


@policy("notifications.view")
def index(request):
    """Show what somebody was told, newest first."""
    listing = notices.listing(
        request.user,
        unread_only=request.GET.get("show") == "unread",
        cursor=request.GET.get("at", ""),
    )
    return render(request, "desk/notifications.html", {"listing": listing})


@policy("notifications.view")
def bell(request):
    """Answer the bell of a page that stays open, in a line when nothing is new."""
    if not wants_fragment(request, "bell"):
        return redirect("desk:notifications")
    if request.GET.get("shown") == str(notifications.bell(request.user).count):
        return HttpResponse(status=204)
    return render(request, "notifications/_bell.html")


@policy("notifications.view", methods=["POST"])
def open_one(request, pk):
    """Mark a notification read and go where it happened."""
    notification = get_object_or_404(notifications.of(request.user).select_related("event"), pk=pk)
    actions.mark_read(notification, at=timezone.now())
    if url := notices.list_url(notification.event):
        return redirect(url)
    account = _there(request.user).filter(timeline=notification.event.timeline_id).first()
    if account is None:
        messages.warning(request, _("This customer is not here any more."))
        return redirect("desk:notifications")
    return redirect(notices.place(account, notification.event))


@policy("notifications.view", methods=["POST"])
def read_all(request):
    """Mark everything read that stood on the page."""
    form = forms.ReadAll(request.POST)
    if form.is_valid():
        actions.mark_all_read(by=request.user, upto=form.cleaned_data["upto"], at=timezone.now())
        messages.success(request, _("All marked read."))
    return redirect("desk:notifications")


@policy("notifications.view", methods=["GET", "POST"])
def choose(request):
    """Show and change how somebody is told, when no mail is wanted, and when the digest comes."""
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = forms.Telling(sent, choices=notifications.choices(request.user))
    if not form.is_valid():
        context = {
            "form": form,
            "not_reached": notifications.not_reached(request.user, at=now),
        }
        status = 422 if form.is_bound else 200
        return render(request, "desk/notification_settings.html", context, status=status)
    actions.choose(by=request.user, at=now, **form.said)
    messages.success(request, _("Saved."))
    return redirect("desk:notification-settings")


@policy("accounts.view")
def entry(request, pk, event_pk):
    """Go to the page of a customer's timeline that shows an entry."""
    account = get_object_or_404(_there(request.user), pk=pk)
    event = get_object_or_404(Event.objects.on(account.timeline_id), pk=event_pk)
    return redirect(notices.place(account, event))


@policy("notifications.view", methods=["POST"])
def follow(request, pk):
    """Follow a customer."""
    account = _account(request, pk)
    actions.watch(account.timeline, by=request.user, at=timezone.now())
    return _followed(request, account, _("You follow %(name)s."))


@policy("notifications.view", methods=["POST"])
def unfollow(request, pk):
    """Stop following a customer."""
    account = _account(request, pk)
    actions.unwatch(account.timeline, by=request.user)
    return _followed(request, account, _("You don’t follow %(name)s any more."))


def _followed(request, account, words):
    if not wants_fragment(request, "following"):
        messages.success(request, words % {"name": account.name})
        return redirect(account)
    context = {
        "url": account.get_absolute_url(),
        "following": colleagues.following(account, user=request.user),
        "focus": True,
    }
    return render(request, "desk/_following.html", context)


def _there(user):
    """Customers that somebody sees, also those who were given up in favour of another record."""
    there = Account.objects.in_sight_of(user).filter(removed_at=None)
    return there.select_related("merged_into")


def _account(request, pk):
    """Fetch a customer that this person may see; of one that is gone, say where it is."""
    return family.find(pk, user=request.user)
