"""Who has a task: taken, put back, given."""

import datetime
from datetime import time, timedelta

import pytest

from apps.tasks import actions
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import (
    CalendarFactory,
    OpeningFactory,
    OutOfOfficeFactory,
    PersonCalendarFactory,
)
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = datetime.date(2026, 6, 9)


@pytest.fixture
def waiting(account, queue, now):
    """Tasks that wait in Ada's queue: `waiting(priority=1)`."""

    def make(**fields):
        return TaskFactory(**{"account": account, "owner": None, "queue": queue} | fields)

    return make


def test_the_next_one_is_what_matters_most_and_then_what_is_due_first(waiting, agent, now):
    later, normal = waiting(due_at=now + HOUR), waiting(due_at=now)
    urgent = waiting(due_at=now + DAY, priority=1)

    taken = [actions.claim_next(by=agent, at=now) for _ in range(4)]

    assert taken == [urgent, normal, later, None]


def test_taking_says_so_and_what_nobody_was_found_for_is_found(waiting, agent, now, told):
    waiting(found_nobody=True, what="Call them")

    task = actions.claim_next(by=agent, at=now)

    assert (task.owner, task.found_nobody, task.queue.name) == (agent, False, "Follow-ups")
    assert told("tasks.claimed") == [
        {
            "title": "Call them",
            "owner": "Ada Lovett",
            "owner_id": agent.pk,
            "queue": "Follow-ups",
        }
    ]


def test_what_is_put_off_is_not_next(waiting, agent, manager, now):
    task = waiting()
    actions.snooze(task, until=now + HOUR, reason="They sleep.", by=manager, at=now)

    assert actions.claim_next(by=agent, at=now) is None
    assert actions.claim_next(by=agent, at=now + HOUR) == task


def test_people_take_from_the_queues_of_their_team_and_of_teams_they_lead(
    waiting, agent, outsider, manager, queue, now
):
    waiting(), waiting()
    lead = make_person(team=None)
    queue.team.lead = lead
    queue.team.save()

    assert actions.claim_next(by=outsider, at=now) is None
    assert actions.claim_next(by=lead, at=now).owner == lead
    assert actions.claim_next(by=manager, at=now).owner == manager


def test_a_queue_can_be_named(waiting, agent, outsider, team, now):
    waiting()
    other = QueueFactory(team=team)
    task = waiting(queue=other)

    assert actions.claim_next(by=agent, at=now, queue=other) == task
    with pytest.raises(actions.NotYourQueue, match="another team’s queue"):
        actions.claim_next(by=outsider, at=now, queue=other)
    assert actions.claim_next(by=make_person("manager"), at=now, queue=other) is None


def test_nobody_takes_what_they_must_not_see(waiting, private_account, agent, now):
    waiting(account=private_account)

    assert actions.claim_next(by=agent, at=now) is None


def test_a_private_teams_task_waits_in_its_own_queues_alone(
    waiting, private_account, private_team, outsider, queue, now
):
    task = TaskFactory(account=private_account, owner=outsider)
    merged = TaskFactory(account=AccountFactory(merged_into=private_account), owner=outsider)

    for each in (task, merged):
        with pytest.raises(actions.QueueOfOthers, match="Choose a person, or a queue of Discreet"):
            actions.assign(each, queue=queue, by=None, at=now)

    taken = TaskFactory(account=private_account, owner=outsider, queue=queue)
    with pytest.raises(actions.QueueOfOthers):
        actions.release(taken, by=outsider, at=now)

    own = QueueFactory(team=private_team)
    assert actions.assign(task, queue=own, by=None, at=now).queue == own


def test_one_task_can_be_taken_and_by_nobody_else_then(waiting, agent, colleague, now, told):
    task = waiting()

    actions.claim(task, by=agent, at=now)
    assert actions.claim(task, by=agent, at=now).owner == agent
    with pytest.raises(actions.TakenAlready, match="Ada Lovett has taken this task"):
        actions.claim(task, by=colleague, at=now)
    assert len(told("tasks.claimed")) == 1


def test_another_teams_task_cannot_be_taken(waiting, outsider, now):
    with pytest.raises(actions.NotYours):
        actions.claim(waiting(), by=outsider, at=now)


def test_a_closed_task_cannot_be_taken(waiting, agent, now):
    task = waiting()
    actions.cancel(task, by=agent, at=now, why="A slip.")

    with pytest.raises(actions.AlreadyClosed):
        actions.claim(task, by=agent, at=now)


def test_a_task_goes_back_to_its_queue(waiting, agent, colleague, now, told):
    task = actions.claim(waiting(what="Call"), by=agent, at=now)
    actions.start(task, by=agent, at=now)
    with pytest.raises(actions.NotYours):
        actions.release(task, by=colleague, at=now)

    actions.release(task, by=agent, at=now)
    back = actions.release(task, by=agent, at=now)

    assert (back.owner, back.state, back.queue.name) == (None, "open", "Follow-ups")
    assert told("tasks.released") == [
        {
            "title": "Call",
            "owner": "",
            "owner_id": None,
            "queue": "Follow-ups",
            "former_owner": "Ada Lovett",
            "former_owner_id": agent.pk,
        }
    ]


def test_what_came_from_no_queue_goes_back_to_none(task, agent, now):
    with pytest.raises(actions.NoQueue, match="came from no queue"):
        actions.release(task, by=agent, at=now)


def test_a_manager_gives_a_task_at_once(task, manager, agent, colleague, now, told):
    handoff = HandoffFactory(task=task)
    actions.start(task, by=agent, at=now)

    actions.assign(task, to=colleague, by=manager, at=now, why=" Ada is busy. ")
    given = actions.assign(task, to=colleague, by=manager, at=now)

    handoff.refresh_from_db()
    assert (given.owner, given.state, handoff.answer) == (colleague, "open", "withdrawn")
    (payload,) = told("tasks.assigned")
    assert payload["owner"] == "Bea Stone"
    assert (payload["former_owner"], payload["former_owner_id"]) == ("Ada Lovett", agent.pk)
    assert payload["why"] == "Ada is busy."


def test_mainstay_may_give_tasks_too(task, colleague, now):
    assert actions.assign(task, to=colleague, by=None, at=now).owner == colleague


def test_a_colleague_asks_instead(task, agent, colleague, now):
    with pytest.raises(actions.NotYours):
        actions.assign(task, to=colleague, by=agent, at=now)


def test_a_task_is_given_to_somebody_or_a_queue(task, manager, now):
    with pytest.raises(actions.NobodyThere):
        actions.assign(task, by=manager, at=now)


def test_a_task_is_put_into_a_queue_that_finds_somebody_or_nobody(
    task, manager, agent, colleague, queue, team, now, told
):
    assert actions.assign(task, queue=queue, by=manager, at=now).owner is None
    assert actions.assign(task, queue=queue, by=manager, at=now).owner is None
    turns = QueueFactory(team=team, routing="round_robin", turn=agent)
    assert actions.assign(task, queue=turns, by=manager, at=now).owner == colleague

    assert [each["queue"] for each in told("tasks.assigned")] == ["Follow-ups", turns.name]
    assert [each["former_owner_id"] for each in told("tasks.assigned")] == [agent.pk, None]


def test_whom_the_same_queue_chooses_again_keeps_it(task, manager, agent, team, now, told):
    turns = QueueFactory(team=team, routing="owner")
    task.queue = turns
    task.save()

    assert actions.assign(task, queue=turns, by=manager, at=now).owner == agent
    assert told("tasks.assigned") == []


def test_a_person_and_a_queue_can_be_named_together(task, manager, agent, colleague, queue, now):
    assert actions.assign(task, to=agent, queue=queue, by=manager, at=now).queue == queue
    given = actions.assign(task, to=colleague, queue=queue, by=manager, at=now)

    assert (given.owner, given.queue) == (colleague, queue)


def test_who_is_away_is_not_given_a_task(task, manager, colleague, now):
    absence = OutOfOfficeFactory(user=colleague, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(actions.Away, match="Bea Stone is away then. Choose somebody else"):
        actions.assign(task, to=colleague, by=manager, at=now)

    absence.stand_in = make_person(name="Cem Aslan")
    absence.save()
    with pytest.raises(actions.Away, match="Choose Cem Aslan, who stands in, or a later day"):
        actions.assign(task, to=colleague, by=manager, at=now)


def test_who_left_is_not_given_a_task(task, manager, now):
    with pytest.raises(actions.CannotTake):
        actions.assign(task, to=make_person(is_active=False), by=manager, at=now)


def test_the_moment_follows_the_working_time_of_whoever_has_it(make, agent, manager, now):
    colleague = make_person(team=agent.team)
    calendar = CalendarFactory(time_zone="America/New_York")
    OpeningFactory(calendar=calendar, weekday=1)
    OpeningFactory(calendar=calendar, weekday=2)
    PersonCalendarFactory(user=colleague, calendar=calendar)
    at_hours, at_clock = make(owner=agent), make(owner=agent, due_clock=time(10))
    fixed = make(owner=agent, due_at=now + 2 * HOUR)

    for task in (at_hours, at_clock, fixed):
        actions.assign(task, to=colleague, by=manager, at=now)
        task.refresh_from_db()

    # Nine in New York is 13:00 UTC.
    nine = datetime.datetime(2026, 6, 9, 13, tzinfo=datetime.UTC)
    assert at_hours.due_at == nine + HOUR
    assert at_clock.due_at == nine + DAY + HOUR
    assert fixed.due_at == now + 2 * HOUR


def test_a_moment_ahead_can_be_missed_anew(make, agent, colleague, manager, now):
    task = make(owner=agent)
    task.escalated = 2
    task.save()

    later = now + DAY  # an hour after that of its making is over for Ada
    actions.assign(task, to=colleague, by=manager, at=later)
    task.refresh_from_db()
    assert task.escalated == 2

    assert actions.reschedule(task, due_at=later + HOUR, by=manager, at=later).escalated == 0


def test_tasks_of_customers_elsewhere_are_as_good(agent, queue, now):
    task = TaskFactory(account=AccountFactory(), owner=None, queue=queue)

    assert actions.claim_next(by=agent, at=now) == task
