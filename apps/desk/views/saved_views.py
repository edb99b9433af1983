"""Pages around the customer list: its saved views, its columns, and the list as a file."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, QueryDict, StreamingHttpResponse
from django.http.response import content_disposition_header
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access.models import Role
from apps.accounts import family
from apps.core.policy import policy
from apps.desk import actions as desk
from apps.desk.forms import CustomerFilter
from apps.desk.forms import saved_views as forms
from apps.desk.queries import customers as list_queries
from apps.desk.queries import export as exports
from apps.desk.queries import saved
from apps.desk.queries.columns import available, chosen
from apps.workspace import actions
from apps.workspace import queries as workspace
from apps.workspace.models import SavedView

BOTH = ("GET", "POST")


def _view(request, pk):
    """Fetch a view that this person finds; any other is not there."""
    views = SavedView.objects.of_page(saved.PAGE).visible_to(request.user)
    return get_object_or_404(views.select_related("owner"), pk=pk)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _asked(request):
    """Read the question in the address."""
    form = CustomerFilter(request.GET, user=request.user)
    return form, form.is_valid()


def _list_url(form):
    """The list that a form asks for; a bare address would open the default view."""
    return f"{reverse('desk:customers')}?{form.query() or 'view=all'}"


def _figures(request, views):
    """Count what each view finds; None where a filter of it is gone."""
    user, at = request.user, timezone.now()
    for view in views:
        opened = forms.open_view(view, user=user)
        known = not opened.lost
        yield view, opened, list_queries.count_of(opened.form, user=user, at=at) if known else None


@policy("accounts.view")
def views(request):
    """List all views that somebody finds, with what each asks and how many it finds."""
    found = saved.views_of(request.user)
    lines = [
        {
            "view": view,
            "url": saved.address(view),
            "chips": list_queries.chips(opened.form),
            "lost": opened.lost,
            "count": count,
            "roles": [Role(role).label for role in view.roles],
            "sharing": SavedView.Sharing(view.sharing).label,
            "may_change": workspace.may_change_view(view, request.user),
        }
        for view, opened, count in _figures(request, found)
    ]
    return render(request, "desk/views.html", {"lines": lines})


@policy("accounts.view")
def view_counts(request):
    """Count what the views above the list find; asked for once the page is there."""
    form, _valid = _asked(request)
    found = saved.views_of(request.user)
    tabs = {tab.pk for tab in saved.standing(form, found, user=request.user).tabs}
    everyone = CustomerFilter(QueryDict(), user=request.user)
    everyone.is_valid()
    counts = [("all", list_queries.count_of(everyone, user=request.user, at=timezone.now()))]
    shown = [view for view in found if view.pk in tabs]
    counts += [(view.pk, count) for view, _opened, count in _figures(request, shown)]
    return render(request, "desk/_view_counts.html", {"counts": counts})


@policy("accounts.view")
def view(request, pk):
    """Open a view by its own short address."""
    opened = forms.open_view(_view(request, pk), user=request.user)
    return redirect(_list_url(opened.form))


@policy("workspace.save_view", methods=BOTH)
def view_new(request):
    """Keep the list that the address asks for under a name."""
    asked, valid = _asked(request)
    if not valid:
        return redirect(_list_url(asked))
    form = forms.NewView(_sent(request), user=request.user, initial={"key": actions.new_key()})
    page = {"form": form, "chips": list_queries.chips(asked), "back": _list_url(asked)}
    if not form.is_valid():
        return _form(request, "view_new", page)
    picked = form.cleaned_data["kind"] == form.PICKED
    try:
        made = actions.save_view(
            page=saved.PAGE,
            name=form.cleaned_data["name"],
            sharing=form.cleaned_data["sharing"],
            query="" if picked else urlencode(asked.pairs()),
            columns=list(asked.columns),
            is_picked=picked,
            key=form.cleaned_data["key"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.ViewRefused as error:
        form.add_error(_field(error), str(error))
        return _form(request, "view_new", page)
    messages.success(request, _("View saved."))
    return redirect(saved.address(made))


def _form(request, template, page, *, status=None):
    status = status or (422 if page["form"].is_bound else 200)
    return render(request, f"desk/{template}.html", page, status=status)


def _field(error):
    """Which field a refusal is about."""
    fields = {actions.ViewNameTaken: "name", actions.ViewNotShared: "sharing"}
    return fields.get(type(error))


@policy("workspace.save_view", methods=BOTH)
def view_edit(request, pk):
    """Rename a view, share it otherwise, or open the list of a role with it."""
    saved_view = _view(request, pk)
    people, roles = workspace.users_of(saved_view, but=request.user)
    form = forms.EditView(
        _sent(request),
        user=request.user,
        sharing=saved_view.sharing,
        initial={"name": saved_view.name, "version": saved_view.version, "roles": roles},
    )
    page = {"form": form, "view": saved_view, "back": saved.address(saved_view), "people": people}
    page["may_change"] = workspace.may_change_view(saved_view, request.user)
    if not form.is_valid():
        return _form(request, "view_edit", page)
    try:
        changed = desk.change_view(
            saved_view, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except actions.ViewChanged as error:
        page |= {"newer": error.view, "newer_roles": [Role(role).label for role in roles]}
        form.know_newer(error.view, roles)
        return _form(request, "view_edit", page, status=409)
    except actions.ViewRefused as error:
        form.add_error(_field(error), str(error))
        return _form(request, "view_edit", page)
    messages.success(request, _("View saved."))
    return redirect(saved.address(changed))


@policy("workspace.save_view", methods=["POST"])
def view_keep(request, pk):
    """Let a view keep the list that the address asks for."""
    saved_view = _view(request, pk)
    asked, valid = _asked(request)
    if valid:
        try:
            actions.change_view(
                saved_view,
                by=request.user,
                version=_number(request.POST.get("version", "")),
                query=urlencode(asked.pairs()),
                columns=list(asked.columns),
            )
            messages.success(request, _("View saved."))
        except actions.ViewRefused as error:
            messages.error(request, str(error))
    return redirect(_list_url(asked))


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@policy("workspace.save_view", methods=["POST"])
def view_default(request, pk):
    """Let one's own list open with a view, as it does for one's role, or with everyone."""
    saved_view = _view(request, pk)
    if request.POST.get("everyone"):
        actions.open_whole(by=request.user, page=saved.PAGE)
        messages.success(request, _("Customers opens with everyone from now on."))
        return redirect(f"{reverse('desk:customers')}?view=all")
    if request.POST.get("off"):
        actions.clear_default(by=request.user, page=saved.PAGE)
        messages.success(request, _("Customers opens as it does for everyone in your role."))
    else:
        actions.set_default(saved_view, by=request.user)
        messages.success(
            request, _("Customers opens with %(name)s from now on.") % {"name": saved_view.name}
        )
    return redirect(saved.address(saved_view))


@policy("workspace.save_view", methods=BOTH)
def view_remove(request, pk):
    """Remove a view; asks first, and says who else uses it."""
    saved_view = _view(request, pk)
    if request.method != "POST":
        people, roles = workspace.users_of(saved_view, but=request.user)
        page = {
            "view": saved_view,
            "people": people,
            "roles": [Role(role).label for role in roles],
            "picks": saved_view.picks.count(),
            "may_change": workspace.may_change_view(saved_view, request.user),
        }
        return render(request, "desk/view_remove.html", page)
    try:
        actions.remove_view(saved_view, by=request.user, at=timezone.now())
    except actions.ViewNotYours as error:
        messages.error(request, str(error))
        return redirect("desk:views")
    return redirect("desk:view-removed", saved_view.pk)


def _removed_view(request, pk):
    """Fetch a removed view that this person may bring back; any other is not there."""
    removed = SavedView.objects.of_page(saved.PAGE).removed().select_related("owner")
    found = get_object_or_404(removed, pk=pk)
    if not workspace.may_change_view(found, request.user):
        raise Http404
    return found


@policy("workspace.save_view")
def view_removed(request, pk):
    """Say that a view was removed, with the button that brings it back."""
    return _removed_page(request, _removed_view(request, pk))


def _removed_page(request, removed, *, refusal=None, status=200):
    may = timezone.now() < removed.undo_until
    page = {"view": removed, "may": may, "refusal": refusal}
    return render(request, "desk/view_removed.html", page, status=status)


@policy("workspace.save_view", methods=["POST"])
def view_restore(request, pk):
    """Bring a removed view back as it was."""
    there = SavedView.objects.of_page(saved.PAGE).visible_to(request.user)
    if found := there.filter(pk=pk).first():
        return redirect(saved.address(found))  # sent twice
    removed = _removed_view(request, pk)
    try:
        found = actions.restore_view(removed, by=request.user, at=timezone.now())
    except (actions.ViewUndoTooLate, actions.ViewNameGoneOn) as error:
        return _removed_page(request, removed, refusal=error, status=422)
    messages.success(request, _("%(name)s is back.") % {"name": found.name})
    return redirect(saved.address(found))


@policy("workspace.save_view", methods=BOTH)
def customer_views(request, pk):
    """Put a customer into hand-picked views, or take it out of them."""
    account = family.find(pk, user=request.user)
    there = workspace.picked_views(request.user, saved.PAGE, subject_id=account.pk)
    form = forms.Picks(_sent(request), views=there, initial={"key": actions.new_key()})
    page = {"form": form, "account": account}
    if not form.is_valid():
        return _form(request, "customer_views", page)
    try:
        _put(account, form, by=request.user, at=timezone.now())
    except actions.ViewRefused as error:
        form.add_error(_field(error), str(error))
        return _form(request, "customer_views", page)
    messages.success(request, _("Views changed."))
    return redirect(account)


def _put(account, form, *, by, at):
    into, out = form.changes()
    made = None
    if name := form.cleaned_data["name"]:
        key = form.cleaned_data["key"]
        details = {"page": saved.PAGE, "name": name, "query": "", "columns": [], "key": key}
        made = actions.save_view(**details, is_picked=True, by=by, at=at)
        into.append(made)
    for each in into:
        actions.pick(each, [account.pk], by=by, at=at)
    for each in out:
        # Sent twice, the form does not know the view that it made the first time.
        if each != made:
            actions.unpick(each, [account.pk])


@policy("accounts.view")
def columns(request):
    """Choose the columns of the list; the answer is an address."""
    given = request.GET.copy()
    boxes = {n: given.pop(n) for n in list(given) if n.startswith(("show_", "place_"))}
    asked = CustomerFilter(given, user=request.user)
    if not asked.is_valid():
        return redirect(_list_url(asked))
    shown = [column.key for column in chosen(asked.columns)][1:]
    others = [key for key in available() if key not in {"name", *shown}]
    offered = [available()[key] for key in [*shown, *others]]
    if boxes:
        form = forms.ColumnChoice(request.GET, columns=offered)
        if form.is_valid() and form.keys():
            given["columns"] = ".".join(form.keys())
            return redirect(_list_url(CustomerFilter(given, user=request.user)))
    lines = [
        {"column": column, "place": place, "is_shown": column.key in shown}
        for place, column in enumerate(offered, start=1)
    ]
    hidden = [each for each in [*asked.pairs(), *asked.layout] if each[0] != "columns"]
    page = {"lines": lines, "hidden": hidden, "back": _list_url(asked), "is_refused": bool(boxes)}
    return render(request, "desk/columns.html", page, status=422 if boxes else 200)


@policy("accounts.export", methods=["POST"])
def export(request):
    """Send the list that the address asks for as a file, row by row."""
    asked, valid = _asked(request)
    if not valid:
        return redirect(_list_url(asked))
    at = timezone.now()
    made = exports.prepare(asked, user=request.user, at=at)
    began = saved.find(saved.views_of(request.user), request.GET.get("view", ""))
    name = began.name if began else ""
    desk.record_export(
        by=request.user,
        at=at,
        count=len(made.ids),
        view=name,
        filters=[f"{chip.label} {chip.value}" for chip in list_queries.chips(asked)],
        columns=made.heads,
    )
    answer = StreamingHttpResponse(made.lines(), content_type="text/csv; charset=utf-8")
    file = exports.file_name(name, at)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file)
    return answer
