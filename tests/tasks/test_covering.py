"""What is due while somebody is away, is offered to their stand-in."""

import datetime
from datetime import timedelta

import pytest

from apps.access import actions as access
from apps.core import jobs
from apps.tasks import actions
from apps.tasks.models import Handoff, Task
from tests.factories.tasks import TaskFactory

DAY = timedelta(days=1)
WEDNESDAY = datetime.date(2026, 6, 10)


@pytest.fixture
def leave(agent, colleague, now):
    """Ada says that she is away on Wednesday and Thursday; Bea stands in."""

    def go(stand_in=colleague):
        absence = access.go_away(
            agent,
            starts_on=WEDNESDAY,
            ends_on=WEDNESDAY + DAY,
            stand_in=stand_in,
            note="",
            by=agent,
            at=now,
        )
        jobs.run_all()
        return absence

    return go


@pytest.fixture
def week(account, agent, now):
    """One task of Ada's a day, from Tuesday to Friday."""
    return [TaskFactory(account=account, owner=agent, due_at=now + n * DAY) for n in range(4)]


def asked(answer=""):
    return list(Handoff.objects.filter(answer=answer).order_by("task").values_list("task", "why"))


def test_the_stand_in_is_asked_for_what_is_due_meanwhile(week, leave, agent, colleague):
    leave()

    why = "I am away from 10 June 2026 to 11 June 2026."
    assert asked() == [(week[1].pk, why), (week[2].pk, why)]
    assert {handoff.receiver for handoff in Handoff.objects.all()} == {colleague}
    assert {task.owner for task in Task.objects.all()} == {agent}


def test_without_a_stand_in_nobody_is_asked(week, leave):
    leave(stand_in=None)

    assert asked() == []


def test_what_somebody_was_asked_to_take_stays_with_them(week, leave, manager, agent, now):
    actions.hand_off(week[1], to=manager, why="You know them.", summary="", by=agent, at=now)

    leave()

    assert [why for task, why in asked() if task == week[1].pk] == ["You know them."]
    assert len(asked()) == 2


def test_who_is_not_away_after_all_takes_back_what_was_not_answered(
    week, leave, agent, colleague, now
):
    absence = leave()
    actions.accept(Handoff.objects.get(task=week[1]), by=colleague, at=now)

    access.come_back(absence, by=agent, at=now)
    jobs.run_all()

    assert [task for task, _why in asked("withdrawn")] == [week[2].pk]
    assert [task for task, _why in asked("accepted")] == [week[1].pk]


def test_an_absence_that_was_taken_back_at_once_asks_nobody(week, agent, colleague, now):
    absence = access.go_away(
        agent,
        starts_on=WEDNESDAY,
        ends_on=WEDNESDAY,
        stand_in=colleague,
        note="",
        by=agent,
        at=now,
    )
    access.come_back(absence, by=agent, at=now)

    jobs.run_all()

    assert asked() == []
