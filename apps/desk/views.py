"""Today, the customer list, and the customer page."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import family
from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk import forms
from apps.desk.bulk_forms import offered_to
from apps.desk.list_forms import open_view
from apps.desk.queries import colleagues as people
from apps.desk.queries import customer as customer_queries
from apps.desk.queries import customers as list_queries
from apps.desk.queries import saved
from apps.desk.queries import today as today_queries
from apps.desk.queries.people import choices
from apps.history import actions as history
from apps.workspace.actions import new_key
from apps.workspace.queries import default_among


@policy(signed_in=True)
def today(request):
    """Ask who is calling; as somebody types, answer with the customers who may be."""
    text = request.GET.get("q", "").strip()[:120]
    context = {
        "text": text,
        "wants_save": request.GET.get("for") == "save",
        "callers": today_queries.callers(text, user=request.user) if text else [],
    }
    if wants_fragment(request, "caller-results"):
        # Scripts run, so the answers are options that arrow keys reach; else they are links.
        return render(request, "desk/_callers.html", context | {"as_options": True})
    context["calls"] = today_queries.latest_calls(request.user)
    return render(request, "desk/today.html", context)


@policy("accounts.view")
def customers(request):
    """List customers; the URL is the question."""
    views = saved.views_of(request.user)
    if not request.GET and (default := default_among(views)):
        return redirect(saved.address(default))
    form = forms.CustomerFilter(request.GET, user=request.user)
    standing = saved.standing(form, views, user=request.user)
    if not (valid := form.is_valid()) and standing.view and not standing.is_changed:
        return redirect("desk:view", standing.view.pk)  # which leaves out what is gone
    listing = valid and list_queries.listing(
        form,
        user=request.user,
        at=timezone.now(),
        cursor=request.GET.get("at", ""),
        url=request.path,
        columns=form.columns,
    )
    context = {
        "form": form,
        "listing": listing,
        "query": form.query(),
        "kept": form.kept(),
        "standing": standing,
        "lost": standing.is_changed and open_view(standing.view, user=request.user).lost,
        "offers": list(offered_to(request.user).values()),
        "key": new_key(),
    }
    template = "desk/_list.html" if wants_fragment(request, "list") else "desk/customers.html"
    return render(request, template, context, status=200 if valid else 400)


@policy("accounts.view")
def filters(request):
    """Choose filters; a page of its own, shown in a dialog where scripts run."""
    form = forms.CustomerFilter(request.GET, user=request.user, every=True)
    form.is_valid()
    context = {"form": form, "choices": choices(request.GET)}
    template = (
        "desk/_filters_dialog.html" if wants_fragment(request, "filters") else "desk/filters.html"
    )
    return render(request, template, context)


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
            text=form.cleaned_data["text"],
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
        return _timeline(request, account, page, focus=True)
    messages.success(request, _("Note added."))
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
