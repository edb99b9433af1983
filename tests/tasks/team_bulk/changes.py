"""What a change to many tasks, and its undo, did to each."""

from apps.tasks.actions.many import remember
from apps.tasks.models import Task
from apps.workspace import bulk_kinds as kinds

NOW_DUE = {"due_at": None, "minutes": None, "clock": None}


def whys(change):
    """Return outcome and reason of each row."""
    return list(change.rows.order_by("pk").values_list("outcome", "why"))


def spared(change):
    return list(change.rows.order_by("pk").values_list("undo", "undo_why"))


def forecast(kind, tasks, by, **arguments):
    """Return what a preview would warn of."""
    pks = Task.objects.filter(pk__in=[each.pk for each in tasks]).values("pk")
    pairs = kinds.get(kind).forecast(pks, by=by, **arguments)
    return [text % {"count": count} for count, text in pairs if count]


def state(task):
    """Return everything of a task that a change may touch."""
    task.refresh_from_db()
    return remember(task)
