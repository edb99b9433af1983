"""Finding others for the work of somebody who has left."""

import pytest

from apps.core import jobs
from apps.tasks import actions
from apps.tasks.models import Task
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import make_person


@pytest.fixture
def gone(team):
    """Kit, who has left."""
    return make_person(name="Kit Marsh", team=team, is_active=False)


def test_the_worker_finds_others_for_what_somebody_left(gone, queue, now, told):
    TaskFactory(owner=gone, queue=queue, due_at=now, state="in_progress")

    assert "tasks.find_others" in jobs.ring_due()
    jobs.run_all()

    task = Task.objects.get()
    assert (task.owner, task.queue, task.found_nobody, task.state) == (None, queue, False, "open")
    (payload,) = told("tasks.assigned")
    assert payload["former_owner_id"] == gone.pk
    assert payload["why"] == "Kit Marsh does not work here any more."
    assert "tasks.find_others" not in jobs.ring_due()


def test_a_queue_that_chooses_chooses_anew(gone, team, colleague, now):
    task = TaskFactory(owner=gone, queue=QueueFactory(team=team, routing="round_robin"))

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert task.owner == colleague


def test_what_came_from_no_queue_waits_in_the_fallback(gone, fallback, now):
    handoff = HandoffFactory(task__owner=gone)

    assert actions.find_others(at=now) == 1

    task = Task.objects.get()
    handoff.refresh_from_db()
    assert (task.owner, task.queue, task.found_nobody) == (None, fallback, True)
    assert handoff.answer == "withdrawn"


def test_what_its_queue_must_not_see_waits_in_the_fallback(
    gone, queue, private_team, fallback, now
):
    task = TaskFactory(owner=gone, queue=queue, account__team=private_team)

    assert actions.find_others(at=now) == 1

    task.refresh_from_db()
    assert (task.owner, task.queue, task.found_nobody) == (None, fallback, True)


def test_without_a_fallback_it_stays_until_there_is_one(gone, now):
    TaskFactory(owner=gone)

    assert "tasks.find_others" not in jobs.ring_due()
    assert actions.find_others(at=now) == 0


def test_what_is_closed_stays_with_who_did_it(gone, queue, now):
    TaskFactory(owner=gone, queue=queue, state="done", kind="check", closed_at=now)

    assert actions.find_others(at=now) == 0


def test_what_was_asked_of_them_is_taken_back(task, gone, agent, now, told):
    handoff = HandoffFactory(task=task, receiver=gone)

    assert "tasks.find_others" in jobs.ring_due()
    assert actions.find_others(at=now) == 1

    handoff.refresh_from_db()
    task.refresh_from_db()
    assert (handoff.answer, task.owner) == ("withdrawn", agent)
    assert [each["answer"] for each in told("tasks.handoff_answered")] == ["withdrawn"]


def test_what_somebody_settled_meanwhile_is_left(task, agent, colleague, gone, now):
    answered = HandoffFactory(task=task, receiver=gone, answer="withdrawn", answered_at=now)

    assert actions.leaving._end(answered.pk, at=now) is False
    assert actions.leaving._give_away(task.pk, at=now) is False
