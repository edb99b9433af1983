"""The page of one task, and what is done with it by a button alone."""

from django.utils.translation import gettext as _

from apps.core.policy import policy
from apps.tasks import actions
from apps.tasks.views import page


@policy("tasks.work")
def detail(request, pk):
    """Show one task, what happened to it, and what can be done with it."""
    return page.show(request, page.find(request, pk))


@policy("tasks.work", methods=["POST"])
def start(request, pk):
    """Say that one is at it."""
    return _act(request, pk, actions.start, _("You are at it."))


@policy("tasks.work", methods=["POST"])
def claim(request, pk):
    """Take a task that waits."""
    return _act(request, pk, actions.claim, _("It is yours."))


@policy("tasks.work", methods=["POST"])
def release(request, pk):
    """Put a task back into its queue."""
    return _act(request, pk, actions.release, _("Put back. Somebody else can take it."))


@policy("tasks.work", methods=["POST"])
def wake(request, pk):
    """Let a task that was put off be there again."""
    return _act(request, pk, actions.wake, _("It is there again."))


@policy("tasks.work", methods=["POST"])
def reopen(request, pk):
    """Take back that a task was closed a moment ago."""
    return _act(request, pk, actions.reopen, _("Undone."), goes_there=True)


def _act(request, pk, action, said, **options):
    task = page.find(request, pk)

    def do(at):
        action(task, by=request.user, at=at)

    return page.act(request, task, do, said=said, **options)
