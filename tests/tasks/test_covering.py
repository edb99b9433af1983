"""What is due while somebody is away, is offered to their stand-in."""

import datetime
from datetime import timedelta

import pytest

from apps.access import actions as access
from apps.calendars.models import OutOfOffice
from apps.core import jobs
from apps.tasks import actions, summary
from apps.tasks.actions import covering
from apps.tasks.models import Handoff, Task
from tests.factories.saves import CommitmentFactory
from tests.factories.tasks import TaskFactory

DAY = timedelta(days=1)
WEDNESDAY = datetime.date(2026, 6, 10)


@pytest.fixture(autouse=True)
def frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def leave(agent, colleague, now):
    """Ada says that she is away on Wednesday and Thursday; Bea stands in."""

    def go(stand_in=colleague, first=WEDNESDAY):
        absence = access.go_away(
            agent,
            starts_on=first,
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
    """One task of Ada's a day, from Monday to Friday; it is Tuesday."""
    days = range(-1, 4)
    return [TaskFactory(account=account, owner=agent, due_at=now + n * DAY) for n in days]


def asked(answer=""):
    return list(Handoff.objects.filter(answer=answer).order_by("task").values_list("task", "why"))


def test_the_stand_in_is_asked_for_what_is_due_until_somebody_is_back(
    week, leave, agent, colleague
):
    leave()

    why = "I am away from 10 June 2026 to 11 June 2026."
    assert asked() == [(task.pk, why) for task in week[:4]]
    assert {handoff.receiver for handoff in Handoff.objects.all()} == {colleague}
    assert {task.owner for task in Task.objects.all()} == {agent}


def test_who_is_here_until_then_does_what_is_due_before(week, leave):
    leave(first=WEDNESDAY + DAY)

    assert [task for task, _why in asked()] == [week[3].pk]


def test_what_the_stand_in_should_know_is_drawn_up(account, agent, colleague, leave, now):
    CommitmentFactory(account=account, owner=agent, text="Send the chart")
    TaskFactory(account=account, owner=agent, due_at=now)

    leave()

    assert "We said: Send the chart" in Handoff.objects.get().summary


def test_one_room_draws_it_up_as_far_as_there_is_room(monkeypatch, task):
    with pytest.raises(ValueError, match="draws it up already"):
        summary.register(str)
    monkeypatch.setattr(summary, "_DRAW", [])
    assert summary.of(task) == ""

    summary.register(lambda task: 5000 * "x")
    assert len(summary.of(task)) == 4000


def test_without_a_stand_in_nobody_is_asked(week, leave):
    leave(stand_in=None)

    assert asked() == []


def test_what_somebody_was_asked_to_take_stays_with_them(week, leave, manager, agent, now):
    actions.hand_off(week[2], to=manager, why="You know them.", summary="", by=agent, at=now)

    leave()

    assert [why for task, why in asked() if task == week[2].pk] == ["You know them."]
    assert len(asked()) == 4


def test_who_is_not_away_after_all_takes_back_what_was_not_answered(
    week, leave, agent, colleague, now
):
    absence = leave()
    actions.accept(Handoff.objects.get(task=week[2]), by=colleague, at=now)

    access.come_back(absence, by=agent, at=now)
    jobs.run_all()

    left = [task.pk for task in (week[0], week[1], week[3])]
    assert [task for task, _why in asked("withdrawn")] == left
    assert [task for task, _why in asked("accepted")] == [week[2].pk]


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


# --- when they have gone


@pytest.fixture
def thursday(leave, week, time_machine, now):
    """Ada said on Tuesday that she is away on Thursday; it is Thursday, and all is left."""
    leave(first=WEDNESDAY + DAY)
    time_machine.move_to(now + 2 * DAY, tick=False)


def test_what_is_not_done_by_the_first_day_is_offered_then(thursday, week, colleague):
    assert [task for task, _why in asked()] == [week[3].pk]

    assert "tasks.cover" in jobs.ring_due()
    jobs.run_all()

    assert [task for task, _why in asked()] == [task.pk for task in week[:4]]
    assert {handoff.receiver for handoff in Handoff.objects.all()} == {colleague}
    assert "tasks.cover" not in jobs.ring_due()


def test_nobody_is_asked_again_for_what_they_declined(thursday, week, colleague, now):
    handoff = Handoff.objects.get()
    actions.decline(handoff, by=colleague, at=now + 2 * DAY, note="My day is full.")

    jobs.ring_due()
    jobs.run_all()

    assert week[3].pk not in [task for task, _why in asked()]
    assert len(asked()) == 3


def test_it_is_offered_once(thursday, now):
    absence = OutOfOffice.objects.get()
    assert covering.cover(at=now + 2 * DAY) == 1

    assert covering.cover(at=now + 2 * DAY) == 0
    assert covering._cover(absence.pk, at=now + 2 * DAY) is False
    assert len(asked()) == 4


def test_who_came_back_meanwhile_is_not_covered(thursday, agent, now):
    absence = OutOfOffice.objects.get()
    pk = absence.pk
    access.come_back(absence, by=agent, at=now + 2 * DAY)

    assert covering._cover(pk, at=now + 2 * DAY) is False


def test_the_day_begins_where_they_are(week, leave, agent, now, time_machine):
    agent.time_zone = "Pacific/Auckland"
    agent.save(update_fields=["time_zone"])
    leave(first=WEDNESDAY + DAY)

    time_machine.move_to(now + datetime.timedelta(hours=26), tick=False)  # Wednesday, 11:30 UTC
    assert "tasks.cover" not in jobs.ring_due()
    time_machine.move_to(now + datetime.timedelta(hours=27), tick=False)
    assert "tasks.cover" in jobs.ring_due()


def test_without_a_stand_in_nobody_is_asked_then_either(week, leave, time_machine, now):
    leave(stand_in=None)
    time_machine.move_to(now + DAY, tick=False)

    assert "tasks.cover" not in jobs.ring_due()
