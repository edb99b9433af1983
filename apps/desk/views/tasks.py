"""A new task, and one that is handed off, with what the receiver should know of the customer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.models import Account
from apps.core.forms import begin_here
from apps.core.policy import policy
from apps.core.templatetags.mainstay import moment
from apps.tasks import actions, forms, summary
from apps.tasks.models import Task
from apps.tasks.views import page
from apps.workspace.actions import new_key

BOTH = ("GET", "POST")


@policy("tasks.work", methods=BOTH)
def new(request, pk):
    """Make a task for a customer; sent twice, it is made once."""
    rows = Account.objects.select_related("team")
    account, now = family.find(pk, user=request.user, rows=rows), timezone.now()
    form = forms.NewTask(
        page.posted(request), account=account, by=request.user, at=now, initial={"key": new_key()}
    )
    if form.is_valid():
        cause = f"hand:{request.user.pk}:{account.pk}:{form.cleaned_data['key']}"
        try:
            task = _make(form, account=account, by=request.user, at=now, cause=cause)
        except accounts.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(task, by=request.user, asked=form.asks))
            return redirect(f"{account.get_absolute_url()}#tasks")
    begin_here(form)
    context = {"account": account, "form": form, "title": _("Add a task"), "button": _("Add task")}
    status = 422 if form.is_bound else 200
    return render(request, "tasks/new.html", context, status=status)


def _make(form, *, account, by, at, cause):
    """Make the task, or make it and ask a colleague to take it, as the form says."""
    words = {**form.words, "account": account, "by": by, "at": at, "cause": cause}
    if not form.asks:
        return actions.create(**words)
    return actions.create_and_ask(**words, summary=summary.of(Task(account=account)))


def _said(task, *, by, asked):
    """Say of a new task who has it, which may be somebody else than was named, and its moment."""
    words = {"at": moment(task.due_at, "in"), "name": task.owner, "queue": task.queue}
    if task.owner == by and asked:
        return _("Task added. It is yours until %(name)s accepts, due %(at)s.") % {
            **words,
            "name": asked,
        }
    if task.owner == by:
        return _("Task added. It is yours, due %(at)s.") % words
    if task.owner:
        return _("Task added. %(name)s has it, due %(at)s.") % words
    return _("Task added. It waits in %(queue)s, due %(at)s.") % words


@policy("tasks.work", methods=BOTH)
def hand_off(request, pk):
    """Ask a colleague to take a task; until they accept, it stays with whoever asks."""
    task = page.find(request, pk)
    data = page.posted(request)
    first = {} if data else {"summary": summary.of(task)}
    form = forms.HandingOff(data, task=task, by=request.user, at=timezone.now(), initial=first)

    def do(at):
        actions.hand_off(task, by=request.user, at=at, **form.cleaned_data)

    words = {
        "title": _("Hand the task off"),
        "button": _("Ask them to take it"),
        "said": _("Asked. It stays yours until they accept."),
    }
    return page.ask(request, task, form, do, **words)
