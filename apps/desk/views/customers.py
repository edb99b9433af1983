"""The customer list, and its filters."""

from django.shortcuts import redirect, render
from django.utils import timezone

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk import forms
from apps.desk.forms.bulk import offered_to
from apps.desk.forms.saved_views import open_view
from apps.desk.queries import customers as list_queries
from apps.desk.queries import saved
from apps.desk.queries.people import choices
from apps.workspace.actions import new_key
from apps.workspace.queries import default_among


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
    offers = list(offered_to(request.user).values())
    listing = valid and list_queries.listing(
        form,
        user=request.user,
        at=timezone.now(),
        cursor=request.GET.get("at", ""),
        url=request.path,
        columns=form.columns,
        has_ticks=bool(offers),
    )
    context = {
        "form": form,
        "listing": listing,
        "query": form.query(),
        "kept": form.kept(),
        "standing": standing,
        "lost": standing.is_changed and open_view(standing.view, user=request.user).lost,
        "offers": offers,
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
