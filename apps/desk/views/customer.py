"""The customer page, and notes on it."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import family
from apps.core.htmx import toast, wants_fragment
from apps.core.policy import policy
from apps.desk import forms
from apps.desk.queries import colleagues as people
from apps.desk.queries import customer as customer_queries
from apps.history import actions as history
from apps.workspace.actions import new_key


@policy("accounts.view")
def customer(request, pk):
    """Show one customer to everybody who works with them."""
    account = _account(request, pk)
    show, cursor = request.GET.get("show", ""), request.GET.get("at", "")
    place = {"user": request.user, "show": show, "cursor": cursor}
    if wants_fragment(request, "timeline"):
        return _timeline(request, account, customer_queries.timeline(account, **place))
    skip = request.GET.get("skip", "")
    page = customer_queries.customer_page(account, at=timezone.now(), skip=skip, **place)
    return _customer(request, account, page)


@policy("history.add_note", methods=["POST"])
def add_note(request, pk):
    """Write a note; sent twice, it is written once."""
    account = _account(request, pk)
    form = forms.Note(request.POST, team_id=account.team_id)
    if not form.is_valid():
        return _note_refused(request, account, form)
    try:
        history.add_note(
            account.timeline,
            text=form.addressed.text,
            by=request.user,
            at=timezone.now(),
            happened_at=form.cleaned_data["happened_at"],
            mentions=form.told,
            is_pinned=form.cleaned_data["is_pinned"],
            key=f"note:{form.cleaned_data['key']}",
        )
    except history.TooManyPins as error:
        form.add_error("text", str(error))
        return _note_refused(request, account, form)
    if wants_fragment(request, "timeline"):
        page = customer_queries.timeline(account, user=request.user)
        response = _timeline(request, account, page, focus=True)
        return toast(response, form.untold, "warn") if form.untold else response
    messages.success(request, _("Note added."))
    if form.untold:
        messages.warning(request, form.untold)
    return redirect(account)


def _note_refused(request, account, form):
    """Show the note form again with what was typed and what is wrong."""
    if wants_fragment(request, "timeline"):
        page = customer_queries.timeline(account, user=request.user)
        return _timeline(request, account, page, note=form, status=422)
    page = customer_queries.customer_page(account, at=timezone.now(), user=request.user)
    return _customer(request, account, page, note=form, status=422)


def _customer(request, account, page, *, note=None, status=200):
    context = {
        "account": account,
        "url": account.get_absolute_url(),  # asking for twenty addresses below it takes 1 ms
        "may_change": request.user.has_perm("accounts.change"),
        "page": page,
        "timeline": page.timeline,
        "note": note or forms.Note(initial={"key": new_key()}),
        "colleagues": partial(people.colleagues, account.team_id),
        "following": page.following,
        "log_save_url": reverse("saves:new", args=[account.pk]),
    }
    return render(request, "desk/customer.html", context, status=status)


def _timeline(request, account, page, *, note=None, focus=False, status=200):
    context = {
        "account": account,
        "url": account.get_absolute_url(),
        "timeline": page,
        "note": note or forms.Note(initial={"key": new_key()}),
        "colleagues": partial(people.colleagues, account.team_id),
        "focus": focus,
    }
    return render(request, "desk/_timeline.html", context, status=status)


def _account(request, pk):
    """Fetch a customer that this person may see; of one that is gone, say where it is."""
    return family.find(pk, user=request.user)
