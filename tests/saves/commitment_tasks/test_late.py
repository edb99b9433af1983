"""A commitment that is broken, and its task that is late, are told of once."""

from apps.saves.actions import commitments as actions
from apps.tasks import actions as tasks
from tests.factories.tasks import LevelFactory, PolicyFactory
from tests.saves.commitment_tasks.days import DAY
from tests.saves.commitment_tasks.telling import notified


def test_late_is_said_once_by_the_task_where_a_policy_tells_the_owner(said, agent, now, ran_jobs):
    LevelFactory(policy=PolicyFactory(), number=1)
    actions.break_overdue(at=now + 5 * DAY)
    ran_jobs()

    assert notified() == []


def test_broken_is_told_where_nobody_says_that_the_task_is_late(said, agent, now, ran_jobs):
    LevelFactory(policy=PolicyFactory(), number=2)
    actions.break_overdue(at=now + 5 * DAY)
    ran_jobs()

    assert notified() == [("Ada Lovett", "saves.commitment_broken")]


def test_broken_is_told_where_the_task_is_put_off(said, agent, now, ran_jobs):
    LevelFactory(policy=PolicyFactory(), number=1)
    tasks.snooze(said.task, until=now + 30 * DAY, reason="Away", by=agent, at=now)
    actions.break_overdue(at=now + 5 * DAY)
    ran_jobs()

    assert ("Ada Lovett", "saves.commitment_broken") in notified()
