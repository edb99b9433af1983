"""A commitment or its task is settled or opened again, and the other with it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from apps.saves.actions import commitments as actions
from apps.tasks import actions as tasks
from tests.saves.commitment_tasks.days import DAY, FRIDAY
from tests.saves.commitment_tasks.telling import kinds, notified


def test_kept_is_done_and_who_is_told_is_told_once(said, helen, now, as_it_is, ran_jobs):
    actions.keep(said, evidence="Invoice 4711", by=helen, at=now)

    row, task = as_it_is(said)
    assert (row.state, task.state, task.outcome) == ("kept", "done", "Invoice 4711")
    assert (task.closed_by, task.closed_at) == (helen, now)
    ran_jobs()
    assert notified() == [("Ada Lovett", "saves.commitment_kept")]
    assert kinds().count("tasks.completed") == kinds().count("saves.commitment_kept") == 1


def test_waived_is_cancelled(said, helen, now, as_it_is, ran_jobs):
    actions.waive(said, evidence="They moved", by=helen, at=now)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.state, task.state, task.outcome) == ("waived", "cancelled", "They moved")
    assert kinds().count("saves.commitment_waived") == 1


def test_broken_stays_open_until_it_is_made_good(said, agent, now, as_it_is):
    actions.break_overdue(at=now + 5 * DAY)
    assert as_it_is(said)[1].state == "open"

    actions.keep(said, evidence="Sent it", by=agent, at=now + 6 * DAY)
    assert as_it_is(said)[1].state == "done"

    actions.reopen(said, by=agent, at=now + 6 * DAY)
    assert as_it_is(said)[1].state == "open"


@pytest.mark.parametrize("act", [actions.keep, actions.waive])
def test_taken_back_is_open_on_both_sides(said, agent, now, as_it_is, act, ran_jobs):
    act(said, evidence="Wrong customer", by=agent, at=now)
    actions.reopen(said, by=agent, at=now)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.state, task.state) == ("open", "open")
    assert kinds().count("saves.commitment_reopened") == kinds().count("tasks.reopened") == 1


def test_a_done_task_keeps_the_commitment(said, agent, helen, now, as_it_is, ran_jobs):
    tasks.complete(said.task, by=agent, at=now, outcome="They have it")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.state, row.evidence, row.settled_by) == ("kept", "They have it", agent)
    assert row.settled_at == now
    assert kinds().count("tasks.completed") == 1
    actions.follow_task(row.task_id, why="Late", by=agent, at=now + DAY)
    assert as_it_is(said)[0].version == row.version


def test_done_on_the_day_counts_though_mainstay_hears_of_it_later(said, agent, now, as_it_is):
    tasks.complete(said.task, by=agent, at=now, outcome="x" * 900)
    actions.follow_task(said.task_id, why="", by=agent, at=now + 9 * DAY)

    row, _task = as_it_is(said)
    assert (row.state, row.evidence) == ("kept", "x" * 500)


def test_a_task_that_is_done_too_late_makes_it_good(said, agent, now, as_it_is, ran_jobs):
    tasks.complete(said.task, by=agent, at=now + 6 * DAY, outcome="Sent, with an apology")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.state, row.evidence, row.made_good_by) == (
        *("broken", "Sent, with an apology"),
        agent,
    )


def test_nobody_does_it_without_saying_what_shows_it(said, agent, now):
    with pytest.raises(tasks.OutcomeMissing):
        tasks.complete(said.task, by=agent, at=now)


def test_a_cancelled_task_waives_it(said, agent, now, as_it_is, ran_jobs):
    tasks.cancel(said.task, by=agent, at=now, why="They found it")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.state, row.evidence) == ("waived", "They found it")


def test_a_task_cancelled_after_the_day_leaves_it_broken(said, agent, now, as_it_is, ran_jobs):
    actions.break_overdue(at=now + 5 * DAY)
    tasks.cancel(said.task, by=agent, at=now + 5 * DAY, why="Too late")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.state, row.can_be_made_good) == ("broken", True)
    actions.keep(said, evidence="They wrote", by=agent, at=now + 6 * DAY)
    assert as_it_is(said)[1].state == "cancelled"


def test_a_task_opened_again_opens_it_again(said, agent, now, as_it_is, ran_jobs):
    tasks.complete(said.task, by=agent, at=now, outcome="Wrong customer")
    ran_jobs()
    tasks.reopen(said.task, by=agent, at=now + timedelta(minutes=3))
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.state, row.evidence, task.state) == ("open", "", "open")
    assert kinds().count("tasks.reopened") == 1


def test_a_task_opened_again_before_anybody_heard_changes_nothing(
    said, agent, helen, now, as_it_is, ran_jobs
):
    tasks.complete(said.task, by=agent, at=now, outcome="Wrong customer")
    tasks.reopen(said.task, by=agent, at=now)
    ran_jobs()

    assert as_it_is(said)[0].version == said.version


def test_what_somebody_else_does_with_an_open_task_reopens_nothing(said, agent, now, as_it_is):
    actions.break_overdue(at=now + 5 * DAY)
    actions.follow_task(said.task_id, why="", by=agent, at=now + 5 * DAY)

    assert as_it_is(said)[0].state == "broken"


def run_together(first, second, problems):
    """Run two functions in threads that begin at once; what they raise is a problem."""
    barrier = threading.Barrier(2)

    def run(act):
        try:
            barrier.wait(20)
            act()
        except Exception as problem:  # noqa: BLE001  said by the test
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.django_db(transaction=True)
def test_the_page_of_either_at_once_say_one_thing(account, agent, now):
    words = {"owner": agent, "due_on": FRIDAY}
    rows = [actions.make(account, text=f"{n}", by=agent, at=now, **words) for n in range(20)]
    problems = []

    def keep():
        for row in rows:
            actions.keep(row, evidence="Sent it", by=agent, at=now)

    def complete():
        for row in rows:
            try:
                tasks.complete(row.task, by=agent, at=now, outcome="Sent it")
            except tasks.AlreadyClosed:
                continue

    run_together(keep, complete, problems)

    assert problems == []
    assert kinds().count("tasks.completed") == kinds().count("saves.commitment_kept") == 20
