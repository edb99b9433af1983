"""Changing many tasks at once: preview, confirm, progress, results, undo."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.db.models.functions import Concat
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
from apps.tasks.forms.team import OFFERS, Start
from apps.tasks.models import Task
from apps.tasks.queries import team as queries
from apps.tasks.views.team import asked
from apps.workspace import bulk_reading as reading
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange

BOTH = ("GET", "POST")
# The request that confirms does so many rows itself; a page of ticked rows is through at once.
AT_ONCE = 200


@policy("tasks.assign", methods=BOTH)
def changes(request):
    """List somebody's changes to many tasks; a POST from the queue begins another one."""
    if request.method != "POST":
        page = reading.mine(request.user, kinds=OFFERS, cursor=request.GET.get("at", ""))
        return render(request, "tasks/team_bulk.html", {"page": page})
    form, now = Start(request.POST), timezone.now()
    if not form.is_valid():
        context = {"form": form, "back": _list_url(request.POST.get("question", ""))}
        return render(request, "tasks/team_bulk_refused.html", context, status=422)
    offer, more = OFFERS[form.cleaned_data["do"]], {}
    if not offer.asks:
        chosen = offer.form({}, user=request.user, at=now)
        more = {"arguments": chosen.arguments(), "label": chosen.label()}
    change = bulk.preview(
        offer.kind,
        rows=_rows(request, form, now),
        by=request.user,
        at=now,
        key=form.cleaned_data["key"],
        **more,
    )
    return redirect(_url(change, back=form.cleaned_data["question"]))


def _rows(request, form, at):
    """Return (id, label) pairs of the tasks that a valid Start form means, soonest first."""
    if form.cleaned_data["all"]:
        answers = QueryDict(form.cleaned_data["question"])
        _form, crew, question = asked(request, answers, at)
        found = queries.matching(question, crew, user=request.user, at=at)
    else:
        found = Task.objects.visible_to(request.user).filter(pk__in=form.picked)
    label = Concat(F("what"), Value(", "), F("account__name"))
    return found.soonest_first().values_list("pk", label)


@policy("tasks.assign", methods=BOTH)
def change(request, pk):
    """Show a change as far as it is: a preview to complete, progress, or results."""
    found = _change(request, pk)
    if found.state != BulkChange.State.PREVIEW:
        return _progress(request, found)
    offer, data = OFFERS[found.kind], request.POST if request.method == "POST" else None
    form = offer.form(data, user=request.user, at=timezone.now())
    if form.is_valid():
        bulk.choose(found, arguments=form.arguments(), label=form.label(), by=request.user)
        return redirect(_url(found, back=request.GET.get("back", "")))
    return _show_preview(request, found, form, status=422 if form.is_bound else 200)


def _show_preview(request, found, form, *, status, error=None):
    """Ask what exactly is to be done, or show what would happen."""
    begin_here(form)
    context = {
        "change": found,
        "error": error,
        "offer": OFFERS[found.kind],
        "form": form,
        "chosen": found.arguments and not form.is_bound and "again" not in request.GET,
        "forecast": reading.forecast(found),
        **_places(request, found),
    }
    return render(request, "tasks/team_bulk_preview.html", context, status=status)


def _progress(request, found, *, status=200, error=None):
    """Show how far a change is; the page asks again each second while it is at work."""
    back, url = request.GET.get("back", ""), reverse("tasks:team-change", args=[found.pk])
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
    if not wants_fragment(request, "team-bulk"):
        return render(request, "tasks/team_bulk_change.html", context, status=status)
    response = render(request, "tasks/_team_bulk.html", context, status=status)
    # Asked again because it was at work: say that it no longer is.
    return response if found.is_at_work else toast(response, _said(found))


@policy("tasks.assign", methods=["POST"])
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
    # Where all went well, people go on with their queue.
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
    form = OFFERS[found.kind].form(None, user=request.user, at=timezone.now())
    return _show_preview(request, found, form, status=409, error=error)


@policy("tasks.assign", methods=["POST"])
def undo(request, pk):
    """Put back what a change did, but for tasks that somebody changed since."""
    found, back = _change(request, pk), request.GET.get("back", "")
    try:
        _act(bulk.undo, found, request)
    except bulk.TooLate:
        error = _("This can’t be undone any more. Change the tasks again instead.")
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
    rows = BulkChange.objects.visible_to(request.user).filter(kind__in=OFFERS)
    return get_object_or_404(rows.select_related("by", "undone_by"), pk=pk)


def _said(found):
    """Say in a sentence what became of it."""
    if found.state == BulkChange.State.UNDONE:
        words = {"restored": f"{found.restored:,}", "spared": f"{found.spared:,}"}
        if found.spared:
            return _("%(restored)s restored, %(spared)s left as they are.") % words
        return _("%(restored)s restored.") % words
    text = ngettext("%(count)s task changed.", "%(count)s tasks changed.", found.done)
    return text % {"count": f"{found.done:,}"}


def _places(request, found):
    """The addresses that a page about a change leads to, with the queue it came from."""
    back = request.GET.get("back", "")
    return {
        "list_url": _list_url(back),
        "url": _url(found, back=back),
        "again_url": _url(found, back=back, again="1"),
        "confirm_url": _url(found, "team-confirm", back=back),
        "undo_url": _url(found, "team-undo", back=back),
    }


def _url(found, name="team-change", *, back, **more):
    url = reverse(f"tasks:{name}", args=[found.pk])
    more |= {"back": back} if back else {}
    return f"{url}?{urlencode(more)}" if more else url


def _list_url(question):
    """The queue with a question; whatever stands in it, it stays a question to our page."""
    url, query = reverse("tasks:team"), QueryDict(question).urlencode()
    return f"{url}?{query}" if query else url
