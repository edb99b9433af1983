"""A commitment that a team keeps: its task waits in a queue until somebody takes it."""

import time_machine
from django.urls import reverse

from apps.history.models import Event
from apps.notifications.models import Notification
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.saves.queries import commitments as queries
from apps.tasks import actions as tasks
from apps.tasks.actions import following
from apps.tasks.models import Task
from tests.factories.tasks import QueueFactory
from tests.factories.users import UserFactory
from tests.saves.commitment_tasks.days import CLOSES, DAY, FRIDAY
from tests.saves.commitment_tasks.telling import notified
from tests.saves.rows import row as typed


def test_what_a_team_keeps_is_whose_it_was_until_somebody_takes_it(
    make, queue, agent, helen, now, as_it_is, as_agent, ran_jobs
):
    said = make(queue=queue)

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.queue, task.due_at) == (agent, None, queue, CLOSES)
    page = as_agent.get(said.get_absolute_url()).content.decode()
    assert "waits for somebody in Follow-ups" in page

    tasks.claim_next(by=helen, at=now)
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.owner, row.due_on) == (helen, FRIDAY)
    tasks.release(task, by=helen, at=now)
    ran_jobs()
    assert as_it_is(said)[0].owner == helen


def test_who_a_queue_finds_keeps_it_and_is_told_once(make, queue, helen, as_it_is, ran_jobs):
    queue.routing = "round_robin"
    queue.turn = make().owner  # so that it is Helen's turn
    queue.save()

    row, task = as_it_is(make(queue=queue))
    ran_jobs()

    assert (row.owner, task.owner) == (helen, helen)
    assert notified() == [("Helen Adeyemi", "saves.committed")]


def test_another_day_leaves_it_in_the_queue_and_another_owner_takes_it_out(
    make, queue, agent, helen, now, as_it_is
):
    said = make(queue=queue)

    actions.reassign(said, due_on=FRIDAY + 3 * DAY, why="They asked", by=agent, at=now)
    _row, task = as_it_is(said)
    assert (task.owner, task.due_at) == (None, CLOSES + 3 * DAY)

    actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)
    assert as_it_is(said)[1].owner == helen


def test_one_is_handed_to_a_team_and_taken_out_of_its_queue(
    make, queue, agent, helen, now, as_it_is, ran_jobs
):
    said = make(owner=helen)
    ran_jobs()
    Notification.objects.all().delete()
    change = {"queue": queue, "due_on": FRIDAY + 3 * DAY, "why": "Her week", "by": agent}
    for _ in range(2):
        actions.reassign(said, at=now, **change)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.owner, row.due_on, row.version) == (helen, FRIDAY + 3 * DAY, said.version + 1)
    assert (task.owner, task.queue, task.due_at) == (None, queue, CLOSES + 3 * DAY)
    [event] = Event.objects.filter(kind="saves.commitment_changed")
    assert event.payload["changes"] == {
        "owner": ["Helen Adeyemi", "Follow-ups"],
        "due_on": ["2026-06-12", "2026-06-15"],
    }
    assert notified() == [("Helen Adeyemi", "tasks.assigned")]

    actions.reassign(said, due_on=FRIDAY, queue=queue, why="They asked", by=agent, at=now)
    actions.reassign(said, owner=helen, why="Her week after all", by=agent, at=now)
    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.due_at) == (helen, helen, CLOSES)
    event = Event.objects.filter(kind="saves.commitment_changed").last()
    assert event.payload["changes"] == {"owner": ["Follow-ups", "Helen Adeyemi"]}


def test_whom_a_queue_finds_for_one_that_is_handed_over_keeps_it(
    said, queue, agent, helen, now, as_it_is
):
    queue.routing, queue.turn = "round_robin", agent
    queue.save()

    actions.reassign(said, queue=queue, why="Her turn", by=agent, at=now)

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.queue) == (helen, helen, queue)
    event = Event.objects.get(kind="saves.commitment_changed")
    assert event.payload["changes"] == {"owner": ["Ada Lovett", "Helen Adeyemi"]}


def test_a_task_that_is_closed_waits_in_no_queue(said, queue, agent, now, as_it_is):
    tasks.complete(said.task, by=agent, at=now, outcome="Sent")
    following.arrive(as_it_is(said)[1], queue=queue, due_at=now, by=agent, at=now, why="x")
    actions.reassign(said, queue=queue, why="Her week", by=agent, at=now)

    row, task = as_it_is(said)
    assert (row.version, task.owner, task.queue) == (said.version, agent, None)


def test_the_form_that_moves_one_offers_teams(as_agent, make, queue, helen, as_it_is):
    said = make()
    url = reverse("saves:commitment-move", args=[said.pk])
    day = {"due_on": "2026-06-15", "why": "They asked"}

    def send(**given):
        row, _task = as_it_is(said)
        with time_machine.travel("2026-06-09T09:35Z", tick=False):
            response = as_agent.post(url, day | {"version": row.version} | given)
        assert response.status_code == 302
        return as_it_is(said)

    with time_machine.travel("2026-06-09T09:35Z", tick=False):
        form = as_agent.get(said.get_absolute_url()).context["moving"]
        assert dict(form.fields["owner"].choices)["Teams"] == [(f"queue-{queue.pk}", "Follow-ups")]
        assert form["owner"].value() == str(said.owner_id)
    row, task = send(owner=f"queue-{queue.pk}")
    assert (row.owner, task.owner, task.queue) == (said.owner, None, queue)
    with time_machine.travel("2026-06-09T09:35Z", tick=False):
        form = as_agent.get(said.get_absolute_url()).context["moving"]
    assert form["owner"].value() == f"queue-{queue.pk}"
    # Another day alone leaves it there.
    row, task = send(owner=f"queue-{queue.pk}", due_on="2026-06-12")
    assert (row.due_on, task.owner, task.queue) == (FRIDAY, None, queue)
    row, task = send(owner=str(helen.pk))
    assert (row.owner, task.owner) == (helen, helen)


def test_one_without_a_task_is_not_for_a_team(as_agent, make, queue):
    page = as_agent.get(make(owner=UserFactory()).get_absolute_url())

    assert "Teams" not in dict(page.context["moving"].fields["owner"].choices)


def test_who_keeps_what_waits_in_a_queue_has_taken_it(make, queue, agent, now, as_it_is):
    said = make(queue=queue)

    actions.keep(said, evidence="Sent it", by=agent, at=now)

    assert as_it_is(said)[1].owner == agent


def test_the_form_offers_teams_below_people(as_agent, account, agent, queue):
    QueueFactory(is_fallback=True)
    url = reverse("saves:commitment-new", args=[account.pk])
    page = as_agent.get(url)

    groups = dict(page.context["form"].fields["owner"].choices)
    assert groups["Teams"] == [(f"queue-{queue.pk}", "Follow-ups")]

    given = {
        "text": "Ring them",
        "due_on": "2026-06-12",
        "key": page.context["form"]["key"].value(),
    }
    with time_machine.travel("2026-06-09T09:30Z", tick=False):
        missing = as_agent.post(url, given)
        wrong = as_agent.post(url, given | {"owner": "queue-0"})
        done = as_agent.post(url, given | {"owner": f"queue-{queue.pk}"})

    assert "Choose who keeps it." in missing.content.decode()
    assert "Choose a colleague or a team from the list." in wrong.content.decode()
    assert done.status_code == 302
    assert Task.objects.get().queue == queue


def test_a_private_teams_business_stays_with_it(private_team, queue):
    own = QueueFactory(team=private_team)

    assert list(queries.queues(private_team).values()) == [own]
    assert set(queries.queues().values()) == {queue, own}


def test_a_call_gives_commitments_to_teams(as_agent, account, answers, queue, agent):
    other = QueueFactory(name="Billing")
    url = reverse("saves:new", args=[account.pk])
    rows = typed(1, "Call", f"queue-{other.pk}") | typed(2, "Call", f"queue-{queue.pk}")
    with time_machine.travel("2026-06-09T09:35Z", tick=False):
        assert f'<option value="queue-{queue.pk}">' in as_agent.get(url).content.decode()
        wrong = as_agent.post(url, answers | typed(1, "Call", "queue-0"))
        for _ in range(2):
            assert as_agent.post(url, answers | rows | typed(3, "Mail")).status_code == 302

    assert "Choose who keeps it from the list." in wrong.content.decode()
    made = Commitment.objects.order_by("task__queue__name").values_list(
        "text", "owner", "task__queue__name"
    )
    assert list(made) == [
        *(("Call", agent.pk, "Billing"), ("Call", agent.pk, "Follow-ups")),
        ("Mail", agent.pk, None),
    ]
