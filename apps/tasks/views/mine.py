"""My queue: what somebody has to do, and the next thing to take."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.htmx import toast, wants_fragment
from apps.core.policy import policy
from apps.tasks import actions
from apps.tasks.queries.mine import my_queue
from apps.tasks.queries.news import new_since, seen
from apps.tasks.views import page


@policy("tasks.work")
def mine(request):
    """Show what this person has to do, by when it is due."""
    queue = _queue(request)
    template = "tasks/_mine.html" if wants_fragment(request, page.LIST) else "tasks/mine.html"
    return render(request, template, {"queue": queue, "seen": seen(queue)})


@policy("tasks.work")
def news(request):
    """Answer the counts of a page that stays open, and how much has come since it was made."""
    if not wants_fragment(request, "my-news"):
        return redirect("tasks:mine")
    queue, shown = _queue(request), request.GET.get("seen", "")
    context = {"queue": queue, "seen": shown, "new": new_since(queue, shown), "is_later": True}
    return render(request, "tasks/_news.html", context)


def _queue(request):
    return my_queue(request.user, at=timezone.now(), show=request.GET.get("show", ""))


@policy("tasks.work", methods=["POST"])
def claim_next(request):
    """Take the next task that waits in this person's queues."""
    task = actions.claim_next(by=request.user, at=timezone.now())
    said = _("Taken: %(what)s.") % {"what": task.what} if task else _("Nothing waits any more.")
    if wants_fragment(request, page.LIST):
        response = page.my_list(request, focus=task and task.pk)
        return toast(response, said, tone="good" if task else "warn")
    if task is None:
        messages.warning(request, said)
        return redirect("tasks:mine")
    messages.success(request, said)
    return redirect(f"{reverse('tasks:mine')}#task-{task.pk}")
