"""What is done with a task in a few words."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.tasks import actions, forms
from apps.tasks.queries.task_page import woken_early
from apps.tasks.queries.working import hours_for
from apps.tasks.views import page

BOTH = ("GET", "POST")


@policy("tasks.work", methods=BOTH)
def complete(request, pk):
    """Mark a task done, with what came of it."""
    task = page.find(request, pk)
    form = forms.Completing(page.posted(request), task=task)

    def do(at):
        actions.complete(task, by=request.user, at=at, **form.cleaned_data)

    words = {"title": _("Complete the task"), "button": _("Mark done"), "said": _("Task done.")}
    return page.ask(request, task, form, do, undo=True, **words)


@policy("tasks.work", methods=BOTH)
def cancel(request, pk):
    """Say that a task need not be done."""
    task = page.find(request, pk)
    form = forms.Cancelling(page.posted(request))

    def do(at):
        actions.cancel(task, by=request.user, at=at, **form.cleaned_data)

    words = {
        "title": _("Cancel the task"),
        "button": _("Cancel the task"),
        "said": _("Task cancelled."),
    }
    return page.ask(request, task, form, do, undo=True, **words)


@policy("tasks.work", methods=BOTH)
def snooze(request, pk):
    """Put a task off until a moment: the same one, when it woke before."""
    task, now = page.find(request, pk), timezone.now()
    data, hours = page.posted(request), hours_for(request.user, None)
    first = {} if data else woken_early(task, at=now)
    form = forms.Snoozing(data, at=now, hours=hours, initial=first)

    def do(at):
        until, reason = form.cleaned_data["moment"], form.cleaned_data["reason"]
        actions.snooze(task, until=until, reason=reason, by=request.user, at=at)

    words = {"title": _("Put it off"), "button": _("Put off"), "said": _("Put off.")}
    return page.ask(request, task, form, do, **words)


@policy("tasks.work", methods=BOTH)
def reschedule(request, pk):
    """Say anew when a task is due."""
    task = page.find(request, pk)
    form = forms.Rescheduling(page.posted(request), at=timezone.now())

    def do(at):
        actions.reschedule(task, by=request.user, at=at, **form.due)

    words = {"title": _("Change when it is due"), "button": _("Change"), "said": _("Changed.")}
    return page.ask(request, task, form, do, **words)


@policy("tasks.assign", methods=BOTH)
def assign(request, pk):
    """Give a task to somebody, or to a queue."""
    task = page.find(request, pk)
    form = forms.Assigning(page.posted(request), task=task)

    def do(at):
        to, queue = form.to
        why = form.cleaned_data["why"]
        actions.assign(task, to=to, queue=queue, why=why, by=request.user, at=at)

    words = {"title": _("Assign the task"), "button": _("Assign"), "said": _("Assigned.")}
    return page.ask(request, task, form, do, **words)
