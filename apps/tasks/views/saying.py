"""What a task says, corrected."""

from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.tasks import actions, forms
from apps.tasks.views import page

BOTH = ("GET", "POST")


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
