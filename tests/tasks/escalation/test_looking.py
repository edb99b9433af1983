"""How the worker looks at what is due: in time, with few questions, and past a fault."""

import datetime
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from apps.core import jobs
from apps.tasks.actions import escalation as actions
from apps.tasks.models import Deadline, Escalation, Task
from apps.tasks.queries import escalation
from apps.tasks.rules import escalation as rules
from tests.factories.tasks import TaskFactory
from tests.tasks.escalation.telling import said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_run_ends_in_time(policy, agent, account, now, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    monkeypatch.setattr(actions, "ROUNDS", 2)
    for _ in range(5):
        TaskFactory(account=account, owner=agent, due_at=now)

    assert actions.fire_due(at=now) == 4
    assert escalation.is_due(now)


def test_many_tasks_are_looked_at_in_few_queries(
    policy, agent, lead, manager, queue, account, now, django_assert_max_num_queries
):
    for number in range(20):
        owner = None if number % 2 else agent
        TaskFactory(account=account, owner=owner, queue=queue, due_at=now + 4 * HOUR)

    with django_assert_max_num_queries(25):
        actions.fire_due(at=now)

    assert Deadline.objects.count() == 20


def test_the_worker_is_rung_when_a_task_is_due(task, policy, now, time_machine):
    time_machine.move_to(now, tick=False)
    assert "tasks.escalate" in jobs.ring_due()
    jobs.run_all()

    assert said() == [(1, "Ada Lovett", "notify")]
    assert "tasks.escalate" not in jobs.ring_due()


def test_a_moment_far_ahead_is_not_looked_at(task, policy, now):
    task.due_at = now + 8 * DAY
    task.save()

    assert not escalation.is_due(now)
    assert escalation.is_due(datetime.datetime.combine(task.due_at, datetime.time(9), datetime.UTC))


def test_what_was_seen_is_not_walked_past(task, policy, now):
    """The question of every few seconds reads an index that holds what was not seen yet."""
    seen = [
        TaskFactory.build(account=task.account, owner=task.owner, due_at=now, seen_due_at=now)
        for _ in range(500)
    ]
    Task.objects.bulk_create(seen)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tasks_task")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {escalation.DUE}", escalation.due_values(now, 1))
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "tasks_task_unseen" in plan
    assert "tasks_deadline_look" in plan


def test_one_task_that_cannot_be_looked_at_does_not_hold_up_the_others(
    policy, agent, account, now, monkeypatch, caplog
):
    bad, good = (TaskFactory(account=account, owner=agent, due_at=now) for _ in range(2))
    decide = rules.decide

    def fail(plan, standing, at):
        if fail.left:
            fail.left -= 1
            raise ZeroDivisionError
        return decide(plan, standing, at)

    fail.left = 2  # in the batch, and alone
    monkeypatch.setattr(rules, "decide", fail)

    assert actions.fire_due(at=now) == 2

    assert Escalation.objects.get().task == good
    assert f"Could not look at task {bad.pk}." in caplog.text
    assert bad.deadline.look_at == now + HOUR
    actions.fire_due(at=now + HOUR)
    assert Escalation.objects.filter(task=bad).count() == 1


def test_without_a_database_no_task_is_blamed(task, policy, now, monkeypatch):
    def away(*_args):
        raise OperationalError

    monkeypatch.setattr(rules, "decide", away)

    with pytest.raises(OperationalError):
        actions.fire_due(at=now)
