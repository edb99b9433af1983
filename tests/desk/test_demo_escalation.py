"""Who is told of late tasks in the demo workspace."""

from datetime import timedelta

from apps.desk.demo.load import load
from apps.history.models import Event
from apps.tasks.actions.escalation import fire_due
from apps.tasks.models import Escalation, Policy, Task
from tests.conftest import NOW


def test_what_is_escalated_was_told_and_the_worker_goes_on_from_there(db):
    load(220, now=NOW, progress=lambda done: None)

    assert Policy.objects.count() == 2
    before = dict(Task.objects.filter(escalated__gt=0).values_list("pk", "escalated"))
    assert Escalation.objects.count() == sum(before.values())
    assert Event.objects.filter(kind="tasks.escalated").count() == sum(before.values())
    assert not Escalation.objects.filter(fired_at__gt=NOW).exists()

    for hours in range(8):
        fire_due(at=NOW + timedelta(hours=hours))

    after = dict(Task.objects.filter(pk__in=before).values_list("pk", "escalated"))
    assert all(after[pk] >= level for pk, level in before.items())
    assert sum(after.values()) > sum(before.values())
