"""What a task says: a new one for a customer, and one that is corrected."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.models import Account
from apps.core.policy import policy
from apps.core.templatetags.mainstay import moment
from apps.tasks import actions, forms
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
            task = actions.create(
                account=account, by=request.user, at=now, cause=cause, **form.words
            )
        except accounts.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(task, by=request.user))
            return redirect(f"{account.get_absolute_url()}#tasks")
    context = {"account": account, "form": form, "title": _("Add a task"), "button": _("Add task")}
    status = 422 if form.is_bound else 200
    return render(request, "tasks/new.html", context, status=status)


def _said(task, *, by):
    """Say of a new task who has it, which may be somebody else than was named, and its moment."""
    words = {"at": moment(task.due_at, "in"), "name": task.owner, "queue": task.queue}
    if task.owner == by:
        return _("Task added. It is yours, due %(at)s.") % words
    if task.owner:
        return _("Task added. %(name)s has it, due %(at)s.") % words
    return _("Task added. It waits in %(queue)s, due %(at)s.") % words


@policy("tasks.work", methods=BOTH)
def edit(request, pk):
    """Correct what a task says."""
    task = page.find(request, pk)
    form = forms.Editing(page.posted(request), task=task)

    def do(at):
        actions.edit(task, by=request.user, at=at, **form.cleaned_data)

    def keep(refusal):
        if isinstance(refusal, actions.Conflict):  # it may be saved over what is there now
            form.data = {**form.data.dict(), "version": refusal.task.version}

    words = {"title": _("Edit the task"), "button": _("Save"), "said": _("Saved.")}
    return page.ask(request, task, form, do, on_refusal=keep, **words)
