"""Each level of a policy is told of a task once, at its moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.notifications.models import Notification
from apps.tasks import actions as tasks
from apps.tasks.actions import escalation as actions
from apps.tasks.actions import many
from apps.tasks.models import Deadline, Escalation
from apps.tasks.queries import escalation
from apps.tasks.rules import Due
from tests.factories.tasks import EscalationFactory
from tests.tasks.escalation.telling import events, said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_one_message_per_level(task, policy, lead, manager, now):
    for minutes in range(0, 200, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert said() == [
        (1, "Ada Lovett", "notify"),
        (2, "Lea Gray", "notify"),
        (3, "Max Brandt", "notify"),
    ]
    assert events() == ["tasks.escalated"] * 3
    task.refresh_from_db()
    assert task.escalated == 3
    assert task.deadline.look_at is None
    assert not escalation.is_due(now + DAY)


def test_each_is_told_in_their_bell(task, policy, lead, manager, now, ran_jobs):
    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)
    ran_jobs()

    rows = Notification.objects.order_by("pk").values_list("user__name", "event__payload__level")
    assert list(rows) == [("Ada Lovett", 1), ("Lea Gray", 2)]


def test_the_owner_is_reminded_before_the_moment(task, policy, now):
    task.due_at = now + 3 * HOUR
    task.save()

    for minutes in range(0, 180, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert said() == [(0, "Ada Lovett", "notify")]
    assert Escalation.objects.get().fired_at == now + 2 * HOUR
    assert events() == ["tasks.reminded"]
    task.refresh_from_db()
    assert task.escalated == 0


def test_nothing_is_said_outside_working_hours(task, policy, now):
    evening = now.replace(hour=18)
    task.due_at = evening
    task.save()

    actions.fire_due(at=evening)
    assert said() == []
    assert not escalation.is_due(evening + timedelta(minutes=59))
    morning = now.replace(hour=8) + DAY  # nine in London
    for hours in range(15):
        actions.fire_due(at=evening + hours * HOUR)

    assert Escalation.objects.get().fired_at == morning


def test_what_is_done_cancelled_or_put_off_is_left_alone(task, policy, agent, now):
    actions.fire_due(at=now - 4 * HOUR)
    assert Deadline.objects.count() == 1
    tasks.snooze(task, until=now + 2 * HOUR, reason="They asked", by=agent, at=now - 3 * HOUR)

    actions.fire_due(at=now)
    assert (said(), Deadline.objects.count()) == ([], 0)
    tasks.wake(task, at=now + HOUR)
    actions.fire_due(at=now + HOUR)
    assert said() == [(1, "Ada Lovett", "notify")]

    tasks.complete(task, by=agent, at=now + HOUR)
    actions.fire_due(at=now + 2 * HOUR)
    assert Deadline.objects.count() == 0
    tasks.reopen(task, by=agent, at=now + HOUR)
    actions.fire_due(at=now + 2 * HOUR)
    assert len(said()) == 1  # of this moment the owner has heard


def test_a_new_moment_can_be_missed_anew(task, policy, agent, lead, now):
    actions.fire_due(at=now)
    tasks.reschedule(task, due_at=now + 2 * HOUR, by=agent, at=now + HOUR / 2)
    task.refresh_from_db()
    assert task.escalated == 0
    for minutes in range(30, 180, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert [level for level, *_rest in said()] == [1, 0, 1]


def test_what_was_moved_with_many_others_is_looked_at_with_its_new_moment(
    task, policy, manager, now
):
    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)
    assert len(said()) == 2  # nobody is lead
    later = now + 5 * HOUR
    many.reschedule([task.pk], due=Due(at=later), by=manager, at=now + 4 * HOUR)

    for minutes in range(240, 330, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert [level for level, *_rest in said()] == [1, 3, 0, 1]


def test_the_database_refuses_a_second_message_of_a_level(task):
    EscalationFactory(task=task)

    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationFactory(task=task)


def test_people_choose_apart_how_they_hear_of_late_tasks(task, policy, agent, now, ran_jobs):
    actions.fire_due(at=now)
    ran_jobs()

    notice = Notification.objects.get()
    assert (notice.user, notice.why) == (agent, "late")
    assert notice.letter.state == "waiting"
