"""Pinning entries of a customer's timeline."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.accounts import family
from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk import forms
from apps.desk.queries import customer
from apps.history import actions
from apps.history.models import Event


@policy("history.pin", methods=["POST"])
def pins(request, pk):
    """Pin an entry on top of the timeline, or take it down; the button says which."""
    account = family.find(pk, user=request.user)
    form = forms.Pin(request.POST)
    asked = form.cleaned_data if form.is_valid() else {}
    events = Event.objects.on(*family.of(account).timelines)
    event = get_object_or_404(events, pk=asked.get("pin") or asked.get("unpin"))
    refusal = _pin(event, request) if asked["pin"] else actions.unpin(event)
    place = {name: request.GET.get(name, "") for name in ("show", "at")}
    page = customer.timeline(account, user=request.user, show=place["show"], cursor=place["at"])
    if wants_fragment(request, "entries"):
        context = {"url": account.get_absolute_url(), "timeline": page, "refusal": refusal}
        return render(request, "desk/_entries.html", context)
    if refusal:
        messages.warning(request, refusal)
    return redirect(f"{account.get_absolute_url()}{page.here}#event-{event.pk}")


def _pin(event, request):
    """Pin an entry; return why not, or None."""
    try:
        actions.pin(event, by=request.user, at=timezone.now())
    except actions.TooManyPins as error:
        return str(error)
    return None
