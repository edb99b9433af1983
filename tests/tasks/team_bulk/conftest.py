"""What most tests of a change to many tasks ask."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.tasks.models import Task
from apps.workspace.actions import bulk
from tests.factories.tasks import TaskFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def run(manager, now):
    """Do something to tasks: `run("tasks.cancel", tasks, why="…")`."""

    def start(kind, tasks, *, by=manager, **arguments):
        rows = Task.objects.filter(pk__in=[each.pk for each in tasks]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=rows.values_list("pk", "what"),
            by=by,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
        )
        return bulk.work(bulk.confirm(change, by=by, at=now), clock=lambda: now)

    return start


@pytest.fixture
def take_back(manager, now):
    """Undo a change as the manager."""

    def start(change, by=manager, at=now):
        return bulk.work(bulk.undo(change, by=by, at=at), clock=lambda: at)

    return start


@pytest.fixture
def tasks(account, agent):
    """Two of Ada's, due in an hour."""
    due_at = timezone.now() + HOUR
    return [
        TaskFactory(account=account, owner=agent, what=what, due_at=due_at)
        for what in ("Call Nadia", "Send the invoice")
    ]
