"""Answering a colleague who hands a task off, and taking back that one did."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.tasks import actions, forms
from apps.tasks.models import Handoff
from apps.tasks.views import page


@policy("tasks.work", methods=["POST"])
def accept(request, pk):
    """Take what one was asked to take."""
    return _act(request, pk, actions.accept, _("Accepted. It is yours."))


@policy("tasks.work", methods=["POST"])
def withdraw(request, pk):
    """Take back what one asked of a colleague."""
    return _act(request, pk, actions.withdraw, _("Taken back. It stays yours."))


@policy("tasks.work", methods=("GET", "POST"))
def decline(request, pk):
    """Say that one does not take it, and why."""
    handoff = _find(request, pk)
    task = page.find(request, handoff.task_id)
    form = forms.Declining(page.posted(request))

    def do(at):
        actions.decline(handoff, by=request.user, at=at, **form.cleaned_data)

    words = {
        "title": _("Decline the task"),
        "button": _("Decline"),
        "said": _("Declined. It stays with %(name)s.") % {"name": handoff.sender},
    }
    return page.ask(request, task, form, do, **words)


def _act(request, pk, action, said):
    handoff = _find(request, pk)

    def do(at):
        action(handoff, by=request.user, at=at)

    return page.act(request, page.find(request, handoff.task_id), do, said=said)


def _find(request, pk):
    """Fetch a hand-off; `page.find` refuses those of customers whom this person may not see."""
    return get_object_or_404(Handoff.objects.select_related("sender"), pk=pk)
