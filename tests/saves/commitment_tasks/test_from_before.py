"""Commitments without a task get one from the worker: those from before, and of merged records."""

import threading

import pytest
import time_machine
from django.db import connections, transaction

from apps.accounts import actions as accounts
from apps.core.jobs import ring_due
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.saves.queries import commitments as queries
from tests.factories.accounts import AccountFactory
from tests.factories.saves import CommitmentFactory
from tests.saves.commitment_tasks.days import DAY, FRIDAY
from tests.saves.commitment_tasks.telling import notified


def test_the_worker_makes_tasks_of_earlier_commitments_without_telling_anybody(
    account, agent, helen, now, as_it_is, ran_jobs
):
    rows = CommitmentFactory.create_batch(
        3, account=account, owner=agent, due_on=FRIDAY, made_at=now - DAY, made_by=helen
    )
    settled = CommitmentFactory(
        account=account, state="waived", evidence="x", settled_at=now, owner=agent
    )

    assert actions.give_tasks(at=now, limit=2) == 2
    with time_machine.travel(now, tick=False):
        assert "saves.give_tasks" in ring_due()
        ran_jobs()
        assert "saves.give_tasks" not in ring_due()

    assert notified() == []
    for each in rows:
        _row, task = as_it_is(each)
        assert (task.owner, task.made_by, task.made_at) == (agent, helen, now - DAY)
    assert as_it_is(settled)[1] is None
    assert actions.give_tasks(at=now) == 0


def test_one_of_a_merged_record_is_done_for_the_kept_one(account, agent, manager, now, as_it_is):
    part = AccountFactory(team=account.team, plan="Studio")
    accounts.merge(account, part, by=manager, at=now)
    part.refresh_from_db()
    row = actions.make(part, text="x", owner=agent, due_on=FRIDAY, by=agent, at=now)

    assert row.task is None
    assert actions.give_tasks(at=now) == 1

    assert as_it_is(row)[1].account == account


def test_those_that_can_have_no_task_wait(
    account, private_account, agent, outsider, admin, manager, now
):
    CommitmentFactory(account=account, due_on=FRIDAY)  # whose owner has no role
    CommitmentFactory(account=private_account, owner=agent, due_on=FRIDAY)
    hidden = CommitmentFactory.create(account=private_account, owner=outsider, due_on=FRIDAY)
    seeing = CommitmentFactory.create(account=private_account, owner=admin, due_on=FRIDAY)
    gone = AccountFactory(team=account.team)
    CommitmentFactory(account=gone, owner=agent, due_on=FRIDAY)
    accounts.remove_account(gone, reason="Twice", by=manager, at=now)

    assert queries.taskless(limit=9) == [hidden.pk, seeing.pk]
    assert actions.give_tasks(at=now) == 2
    assert actions.make(gone, text="x", owner=agent, due_on=FRIDAY, by=agent, at=now).task is None


def test_one_that_cannot_be_given_to_anybody_is_left(account, now, monkeypatch):
    row = CommitmentFactory(account=account, due_on=FRIDAY)
    monkeypatch.setattr(queries, "taskless", lambda *, limit: [row.pk])

    assert actions.give_tasks(at=now) == 0


@pytest.mark.django_db(transaction=True)
def test_one_that_somebody_has_in_hand_is_left_for_the_next_run(account, agent, now):
    row = CommitmentFactory(account=account, owner=agent, due_on=FRIDAY)
    made = []

    def work():
        made.append(actions.give_tasks(at=now))
        connections.close_all()

    with transaction.atomic():
        Commitment.objects.select_for_update().get(pk=row.pk)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)

    assert made == [0]
    assert actions.give_tasks(at=now) == 1
