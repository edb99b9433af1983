"""Handing a task off, with what the receiver should know of the customer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.desk.queries.hand_off import to_know
from apps.tasks import actions, forms
from apps.tasks.views import page


@policy("tasks.work", methods=("GET", "POST"))
def hand_off(request, pk):
    """Ask a colleague to take a task; until they accept, it stays with whoever asks."""
    task = page.find(request, pk)
    data = page.posted(request)
    first = {} if data else {"summary": to_know(task)}
    form = forms.HandingOff(data, task=task, by=request.user, at=timezone.now(), initial=first)

    def do(at):
        actions.hand_off(task, by=request.user, at=at, **form.cleaned_data)

    words = {
        "title": _("Hand the task off"),
        "button": _("Ask them to take it"),
        "said": _("Asked. It stays yours until they accept."),
    }
    return page.ask(request, task, form, do, **words)
