"""Changing many customers at once: preview, confirm, progress, results, undo."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.forms import begin_here
from apps.core.htmx import toast, wants_fragment
from apps.core.policy import policy
from apps.desk.forms import bulk as bulk_forms
from apps.desk.queries.bulk import asked_for
from apps.workspace import actions as workspace
from apps.workspace import bulk_reading as reading
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange

BOTH = ("GET", "POST")
# The request that confirms does so many rows itself; a page of ticked rows is through at once.
AT_ONCE = 400


@policy("accounts.view", methods=BOTH)
def changes(request):
    """List somebody's changes to many; a POST from the customer list begins another one."""
    if request.method != "POST":
        page = reading.mine(request.user, kinds=bulk_forms.OFFERS, cursor=request.GET.get("at", ""))
        return render(request, "desk/bulk.html", {"page": page})
    form, now = bulk_forms.Start(request.POST, user=request.user), timezone.now()
    back = _list_url(request.POST.get("question", ""))
    if not form.is_valid():
        return render(request, "desk/bulk_refused.html", {"form": form, "back": back}, status=422)
    do = form.cleaned_data["do"]
    if do not in bulk_forms.offered_to(request.user):
        raise PermissionDenied
    rows = asked_for(form, user=request.user, at=now)
    key = form.cleaned_data["key"]
    change = bulk.preview(do, rows=rows, by=request.user, at=now, key=key)
    return redirect(_url(change, back=form.cleaned_data["question"]))


@policy("accounts.view", methods=BOTH)
def change(request, pk):
    """Show a change as far as it is: a preview to complete, progress, or results."""
    found = _change(request, pk)
    if found.state == BulkChange.State.PREVIEW:
        return _preview(request, found)
    return _progress(request, found)


def _preview(request, found):
    """Ask what exactly is to be done, or show what would happen."""
    offer = bulk_forms.OFFERS[found.kind]
    form = offer.form(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid() and _choose(found, form, request):
        return redirect(_url(found, back=request.GET.get("back", "")))
    return _show_preview(request, found, form, status=422 if form.is_bound else 200)


def _show_preview(request, found, form, *, status, error=None):
    begin_here(form)
    context = {
        "change": found,
        "error": error,
        "offer": bulk_forms.OFFERS[found.kind],
        "form": form,
        "chosen": found.arguments and not form.is_bound and "again" not in request.GET,
        "forecast": reading.forecast(found),
        **_places(request, found),
    }
    return render(request, "desk/bulk_preview.html", context, status=status)


def _choose(found, form, request):
    """Keep what was chosen; False when the name of a new view is taken."""
    try:
        with transaction.atomic():
            _make_view(form, by=request.user, key=found.key)
            bulk.choose(found, arguments=form.arguments(), label=form.label(), by=request.user)
    except workspace.ViewNameTaken as error:
        form.add_error("name", error)
        return False
    return True


def _make_view(form, *, by, key):
    """Make the view that the customers are put into, where it is a new one."""
    if name := getattr(form, "new_name", ""):
        made = workspace.save_view(
            name=name, query="", columns=[], by=by, at=timezone.now(), is_picked=True, key=key
        )
        form.cleaned_data["view"] = made


def _progress(request, found, *, status=200, error=None):
    """Show how far a change is; the page asks again each second while it is at work."""
    back, url = request.GET.get("back", ""), reverse("desk:bulk-change", args=[found.pk])
    context = {
        "change": found,
        "error": error,
        "minutes_left": reading.minutes_left(found, timezone.now()),
        "may_undo": bulk.may_touch(found, request.user),
        **_places(request, found),
    }
    if not found.is_at_work:
        asked = {"show": request.GET.get("show", ""), "cursor": request.GET.get("at", "")}
        context["results"] = reading.results(found, url=url, back=back, **asked)
    if not wants_fragment(request, "bulk"):
        return render(request, "desk/bulk_change.html", context, status=status)
    response = render(request, "desk/_bulk.html", context, status=status)
    # Asked again because it was at work: say that it no longer is.
    return response if found.is_at_work else toast(response, _said(found))


@policy("accounts.view", methods=["POST"])
def confirm(request, pk):
    """Let a change begin; a small one is through with the answer."""
    found, back = _change(request, pk), request.GET.get("back", "")
    if not found.arguments:
        return redirect(_url(found, back=back))
    try:
        _act(bulk.confirm, found, request, shown=request.POST.get("shown", ""))
    except bulk.OtherChoice as error:
        return _as_it_stands(request, error.change, error)
    found = bulk.work(found, limit=AT_ONCE)
    # Where all went well, people go on with their list.
    if found.state == BulkChange.State.DONE and found.done == found.total:
        link = '{} <a href="{}">{}</a>'
        messages.success(
            request, format_html(link, _said(found), _url(found, back=back), _("Results and undo"))
        )
        return redirect(_list_url(back))
    return redirect(_url(found, back=back))


def _as_it_stands(request, found, error):
    """Show a change anew to somebody who confirmed it as it was before."""
    if found.state != BulkChange.State.PREVIEW:
        return _progress(request, found, status=409, error=error)
    form = bulk_forms.OFFERS[found.kind].form(user=request.user)
    return _show_preview(request, found, form, status=409, error=error)


@policy("accounts.view", methods=["POST"])
def undo(request, pk):
    """Put back what a change did, but for rows that somebody changed since."""
    found, back = _change(request, pk), request.GET.get("back", "")
    try:
        _act(bulk.undo, found, request)
    except bulk.TooLate as error:
        return _progress(request, found, status=409, error=error)
    bulk.work(found, limit=AT_ONCE)
    return redirect(_url(found, back=back))


def _act(action, found, request, **more):
    try:
        action(found, by=request.user, at=timezone.now(), **more)
    except bulk.NotYours as error:
        raise PermissionDenied from error


def _change(request, pk):
    """Fetch a change that this person may see; any other is not there."""
    rows = BulkChange.objects.visible_to(request.user).filter(kind__in=bulk_forms.OFFERS)
    return get_object_or_404(rows.select_related("by", "undone_by"), pk=pk)


def _said(found):
    """Say in a sentence what became of it."""
    if found.state == BulkChange.State.UNDONE:
        words = {"restored": f"{found.restored:,}", "spared": f"{found.spared:,}"}
        if found.spared:
            return _("%(restored)s restored, %(spared)s left as they are.") % words
        return _("%(restored)s restored.") % words
    text = ngettext("%(count)s customer changed.", "%(count)s customers changed.", found.done)
    return text % {"count": f"{found.done:,}"}


def _places(request, found):
    """The addresses that a page about a change leads to, with the list it came from."""
    back = request.GET.get("back", "")
    return {
        "list_url": _list_url(back),
        "url": _url(found, back=back),
        "again_url": _url(found, back=back, again="1"),
        "confirm_url": _url(found, "bulk-confirm", back=back),
        "undo_url": _url(found, "bulk-undo", back=back),
    }


def _url(found, name="bulk-change", *, back, **asked):
    url = reverse(f"desk:{name}", args=[found.pk])
    asked |= {"back": back} if back else {}
    return f"{url}?{urlencode(asked)}" if asked else url


def _list_url(question):
    """The list with a question; whatever stands in it, it stays a question to our list."""
    asked = QueryDict(question).urlencode()
    return f"{reverse('desk:customers')}?{asked or 'view=all'}"
