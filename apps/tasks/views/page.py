"""What the pages of tasks share: how one is found, done with, and where a form leads back to."""

from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actions import Refused
from apps.core.forms import begin_here
from apps.core.htmx import toast, wants_fragment
from apps.tasks.queries import mine, task_page
from apps.tasks.queries.news import seen

# What htmx swaps: the list of My queue, and the dialog beside it.
LIST, DIALOG = "my-tasks", "task-dialog"


def find(request, pk):
    """Fetch a task of a customer that this person may see."""
    if found := task_page.find(pk, user=request.user):
        return found
    raise Http404


def posted(request):
    """Return what was sent, or None when a form is asked for."""
    return request.POST if request.method == "POST" else None


def show(request, task, *, refusal=None, status=200):
    """Show the page of a task, as it is now.

    Args:
        request: the request.
        task: from `find()`.
        refusal: why nothing was changed.
        status: of the answer.
    """
    page = task_page.task_page(task, user=request.user, at=timezone.now())
    context = {"task": task, "page": page, "account": page.account, "refusal": refusal}
    return render(request, "tasks/task.html", context, status=status)


def act(request, task, do, *, said, **options):
    """Do what a button says that needs no words; what is refused shows how things are now.

    Args:
        request: the request.
        task: from `find()`.
        do: is called with the moment.
        said: what to tell when it is done.
        **options: of `done()`.
    """
    try:
        do(timezone.now())
    except Refused as refusal:
        if wants_fragment(request, LIST):
            return toast(my_list(request, status=409), str(refusal), tone="bad")
        return show(request, find(request, task.pk), refusal=refusal, status=409)
    return done(request, task, said, **options)


def ask(request, task, form, do, *, title, button, said, **options):
    """Show a form, or do what it says; what is refused leaves it as it was typed.

    Args:
        request: the request.
        task: from `find()`.
        form: bound when it was sent.
        do: is called with the moment when the form is right.
        title: of the form.
        button: what its button says.
        said: what to tell when it is done.
        **options: `undo`, whether it can be taken back at once, and `on_refusal`, which is
            called with a refusal and may change the form.
    """
    context = {"task": task, "form": form, "title": title, "button": button}
    if not form.is_bound:
        begin_here(form)
        return _form(request, context)
    if not form.is_valid():
        return _form(request, context, status=422)
    try:
        do(timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        options.get("on_refusal", _nothing)(refusal)
        return _form(request, context, status=409)
    return done(request, task, said, undo=options.get("undo", False))


def _nothing(_refusal):
    """Leave the form as it was typed."""


def _form(request, context, *, status=200):
    """Show a form in the dialog beside the list, or on a page of its own."""
    task = context["task"]
    context |= {
        "account": task.account.merged_into or task.account,
        "back": (request.POST or request.GET).get("back", ""),
        "leads_back": _where(request, task),
        "action": request.path,
    }
    if not (wants_fragment(request, DIALOG) or wants_fragment(request, LIST)):
        return render(request, "tasks/act.html", context, status=status)
    response = render(request, "tasks/_dialog.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = f"#{DIALOG}", "outerHTML"
    return response


def done(request, task, said, *, undo=False, goes_there=False):
    """Tell that something was done, and lead back to where it was asked for.

    Args:
        request: the request.
        task: which.
        said: what to tell.
        undo: whether it can be taken back at once.
        goes_there: whether the list goes on from this task.
    """
    if wants_fragment(request, LIST) or _is_beside_list(request):
        response = my_list(request, focus=task.pk if goes_there else None)
        response["HX-Retarget"], response["HX-Reswap"] = f"#{LIST}", "outerHTML"
        back = f"{reverse('tasks:reopen', args=[task.pk])}?back=mine" if undo else ""
        return toast(response, said, undo=back)
    messages.success(request, said)
    if request.htmx:  # of a short message, which can't show what it changed
        return HttpResponse(status=204, headers={"HX-Redirect": _where(request, task)})
    return redirect(_where(request, task))


def _is_beside_list(request):
    """Say whether a short message on My queue sent it, which has no place of its own."""
    back = (request.POST or request.GET).get("back", "")
    shown = urlsplit(request.htmx.current_url or "").path if request.htmx else ""
    return back == "mine" and shown == reverse("tasks:mine")


def _where(request, task):
    """Where a form was sent from: My queue, the customer, or the task's own page."""
    back = (request.POST or request.GET).get("back", "")
    if back == "mine":
        return reverse("tasks:mine")
    if back == "customer":
        return f"{(task.account.merged_into or task.account).get_absolute_url()}#tasks"
    return task.get_absolute_url()


def my_list(request, *, focus=None, status=200):
    """Show the list of My queue anew, as much of it as the page in front of the person shows.

    Args:
        request: of htmx.
        focus: id of the task that the person is on next; None leaves it to the page.
        status: of the answer.
    """
    query = parse_qs(urlsplit(request.htmx.current_url or "").query)
    show = query.get("show", [""])[0]
    queue = mine.my_queue(request.user, at=timezone.now(), show=show, focus=focus)
    context = {"queue": queue, "seen": seen(queue)}
    return render(request, "tasks/_mine.html", context, status=status)
