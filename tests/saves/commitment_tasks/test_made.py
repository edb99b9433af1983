"""A commitment is made with a task of whoever keeps it."""

import uuid

from apps.history.models import Event
from apps.saves.actions import commitments as actions
from apps.tasks.models import Task
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory
from tests.factories.users import UserFactory
from tests.saves.commitment_tasks.days import CLOSES, FRIDAY, TODAY
from tests.saves.commitment_tasks.telling import kinds, notified


def test_a_commitment_makes_a_task_of_its_owner(account, agent, said, as_it_is, ran_jobs):
    row, task = as_it_is(said)

    assert (task.account, task.owner, task.what) == (account, agent, "Send a card reader")
    assert (task.origin, task.kind, task.due_at) == ("commitment", "other", CLOSES)
    assert task.cause == f"commitment:{row.pk}"
    assert kinds() == ["tasks.created", "saves.committed"]
    ran_jobs()
    assert notified() == []


def test_a_form_that_comes_twice_makes_one_task(account, agent, now):
    words = {"text": "Call", "owner": agent, "due_on": TODAY, "key": uuid.uuid4()}
    for _ in range(2):
        actions.add(account, by=agent, at=now, **words)

    assert Task.objects.count() == 1


def test_the_owner_is_told_once(make, helen, ran_jobs):
    make(owner=helen)
    ran_jobs()

    assert notified() == [("Helen Adeyemi", "saves.committed")]


def test_a_stand_in_keeps_what_is_due_while_somebody_is_away(make, agent, helen, as_it_is):
    OutOfOfficeFactory(user=agent, stand_in=helen, starts_on=FRIDAY, ends_on=FRIDAY)

    row, task = as_it_is(make())

    assert (row.owner, task.owner) == (helen, helen)
    assert Event.objects.get(kind="saves.committed").payload["owner_id"] == helen.pk


def test_without_anybody_there_it_waits_and_stays_its_owners(make, agent, team, as_it_is):
    queue = QueueFactory(team=team, is_fallback=True)
    OutOfOfficeFactory(user=agent, stand_in=None, starts_on=FRIDAY, ends_on=FRIDAY)

    row, task = as_it_is(make())

    assert (row.owner, task.owner, task.queue) == (agent, None, queue)


def test_who_cannot_take_tasks_keeps_it_without_one(make):
    assert make(owner=UserFactory()).task is None
