"""Finding others for the work of somebody who has left."""

import pytest

from apps.core import jobs
from apps.tasks import actions
from apps.tasks.models import Task
from apps.tasks.queries import leaving
from tests.factories.accounts import AccountFactory
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


# --- who must not see the customer any more


@pytest.fixture
def hidden(account, agent, queue, now):
    """A task of Ada's, from her team's queue, whose customer came to a private team."""

    def make(team, **words):
        account.team = team
        account.save()
        return TaskFactory(**{"account": account, "owner": agent, "queue": queue} | words)

    return make


def test_what_its_owner_must_not_see_goes_to_a_queue_of_the_private_team(
    hidden, private_team, now, told
):
    own = QueueFactory(team=private_team)
    QueueFactory(team=private_team)
    hidden(private_team)

    assert "tasks.find_others" in jobs.ring_due()
    jobs.run_all()

    task = Task.objects.get()
    assert (task.owner, task.queue, task.found_nobody) == (None, own, False)
    (payload,) = told("tasks.assigned")
    assert payload["why"] == "Ada Lovett does not see this customer any more."
    assert "tasks.find_others" not in jobs.ring_due()


@pytest.mark.parametrize("role", ["lead", "manager"])
def test_without_a_queue_it_goes_to_who_leads_or_manages_the_team(hidden, private_team, now, role):
    person = make_person("agent" if role == "lead" else "manager")
    setattr(private_team, role, person)
    private_team.save()
    task = hidden(private_team)

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert (task.owner, task.queue) == (person, None)
    assert actions.find_others(at=now) == 0


def test_without_either_it_waits_in_the_fallback(hidden, private_team, fallback, now):
    private_team.lead = make_person(is_active=False)
    private_team.save()
    task = hidden(private_team, queue=None)

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert (task.owner, task.queue, task.found_nobody) == (None, fallback, True)


def test_without_anything_of_that_it_stays(hidden, private_team, now):
    hidden(private_team)

    assert "tasks.find_others" not in jobs.ring_due()
    assert actions.find_others(at=now) == 0


def test_what_belongs_to_a_merged_record_goes_with_the_kept_one(
    hidden, private_team, private_account, team, account, now
):
    own = QueueFactory(team=private_team)
    account.merged_into = private_account
    task = hidden(team)

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert (task.owner, task.queue) == (None, own)


def test_what_a_team_that_became_private_has_waits_in_its_own_queue(hidden, team, queue, now):
    team.is_private = True
    team.save()
    task = hidden(team, owner=make_person(team=None))

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert (task.owner, task.queue) == (None, queue)


def test_what_waits_where_nobody_sees_the_customer_goes_there_as_well(
    hidden, private_team, fallback, now, told
):
    own = QueueFactory(team=private_team)
    task = hidden(private_team, owner=None)
    hidden(private_team, owner=None, queue=own)
    hidden(private_team, owner=None, queue=fallback)  # that it lies there says enough

    assert actions.find_others(at=now) == 1
    task.refresh_from_db()
    assert (task.owner, task.queue) == (None, own)
    (payload,) = told("tasks.assigned")
    assert (payload["former_owner"], payload["why"]) == (
        "",
        "Nobody who takes from Follow-ups sees this customer any more.",
    )
    assert actions.leaving._give_away(task.pk, at=now) is False


def test_who_sees_the_customer_keeps_the_task(hidden, private_team, outsider, private_account, now):
    QueueFactory(team=private_team)
    private_team.lead, private_team.manager = make_person(), make_person("manager")
    private_team.save()
    for owner in (outsider, private_team.lead, private_team.manager, make_person("admin")):
        hidden(private_team, owner=owner)
    kept = AccountFactory()  # of no team: seen by everybody
    private_account.merged_into = kept
    private_account.save()
    TaskFactory(account=private_account, owner=make_person())

    assert leaving.hidden(limit=10) == []


def test_who_sees_it_again_meanwhile_keeps_it(task, now):
    assert actions.leaving._give_away(task.pk, at=now) is False


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
