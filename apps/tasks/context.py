"""What every page knows of tasks."""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.tasks.queries import mine


def overdue_tasks(request):
    """Give templates how many tasks are overdue, counted only when one shows it."""
    return {
        "overdue_tasks": SimpleLazyObject(lambda: mine.overdue(request.user, at=timezone.now()))
    }
