"""What every page knows of notifications and tasks."""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.tasks.queries.shell import counts


def shell(request):
    """Give templates the bell and what is overdue, counted only when one of them is shown."""
    both = SimpleLazyObject(lambda: counts(request.user, at=timezone.now()))
    return {
        "bell": SimpleLazyObject(lambda: both.bell),
        "overdue_tasks": SimpleLazyObject(lambda: both.overdue),
    }
