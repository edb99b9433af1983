"""A level that gives the task to whom it tells."""

from datetime import timedelta

import pytest

from apps.history.models import Event
from apps.notifications.models import Notification
from apps.tasks.actions import escalation as actions
from apps.tasks.queries import people
from apps.users.models import User
from tests.factories.tasks import TaskFactory
from tests.tasks.escalation.telling import events, said

HOUR = timedelta(hours=1)


def test_the_lead_gets_the_task_and_the_history_says_why(task, policy, agent, lead, now, ran_jobs):
    policy.levels.filter(number=2).update(does="both")

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)
    ran_jobs()

    task.refresh_from_db()
    assert (task.owner, task.escalated) == (lead, 2)
    assert events() == ["tasks.escalated", "tasks.escalated", "tasks.assigned"]
    assigned = Event.objects.get(kind="tasks.assigned")
    assert (assigned.actor, assigned.payload["why"]) == (None, "It was not done in time.")
    told = Notification.objects.filter(user=lead).values_list("event__kind", flat=True)
    assert list(told) == ["tasks.escalated"]  # one message for one act
    assert not Notification.objects.filter(user=lead, event=assigned).exists()


def test_without_a_message_the_assignment_is_the_message(task, policy, lead, now):
    policy.levels.filter(number=2).update(does="reassign")

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)

    assert events() == ["tasks.escalated", "tasks.assigned"]
    task.refresh_from_db()
    assert (task.owner, task.escalated) == (lead, 2)


def test_who_cannot_take_it_hears_of_it(task, policy, lead, now, monkeypatch):
    policy.levels.filter(number=2).update(does="reassign")
    actions.fire_due(at=now)
    monkeypatch.setattr(people, "who_see", lambda account: User.objects.none())

    actions.fire_due(at=now + HOUR)

    task.refresh_from_db()
    assert task.owner != lead
    assert events() == ["tasks.escalated", "tasks.escalated"]


@pytest.mark.parametrize("does", ["reassign", "both"])
def test_who_has_the_task_already_is_told_of_it(policy, lead, account, now, does):
    policy.levels.filter(number=1).delete()
    policy.levels.filter(number=2).update(does=does)
    TaskFactory(account=account, owner=lead, due_at=now)

    actions.fire_due(at=now + HOUR)

    assert said() == [(2, "Lea Gray", does)]
    assert events() == ["tasks.escalated"]
