"""The task of a commitment: made with it, and one with it whatever happens to either."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connections, transaction
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.calendars.rules import MONDAY_TO_FRIDAY, Hours
from apps.core.jobs import ring_due
from apps.history import actions as history
from apps.history.models import Delivery, Event
from apps.notifications.models import Notification
from apps.saves import origins, rules
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.saves.queries import commitments as queries
from apps.saves.subscribers import follow_task
from apps.tasks import actions as tasks
from apps.tasks.actions import following
from apps.tasks.models import Task
from apps.tasks.origins import register
from apps.tasks.queries import mine
from apps.workspace.actions import bulk
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.saves import CommitmentFactory
from tests.factories.tasks import LevelFactory, PolicyFactory, QueueFactory, TaskFactory
from tests.factories.users import UserFactory, make_person
from tests.saves.rows import row as typed

TODAY = date(2026, 6, 9)
FRIDAY = date(2026, 6, 12)
DAY = timedelta(days=1)
# Five in the afternoon in London.
CLOSES = datetime(2026, 6, 12, 16, tzinfo=UTC)
LONDON = Hours("Europe/London", MONDAY_TO_FRIDAY.week)


@pytest.fixture
def helen(team):
    return make_person(name="Helen Adeyemi", email="helen@example.com", team=team)


@pytest.fixture
def make(account, agent, now):
    """Commit to something: `make(owner=…)`; Ada, until Friday."""

    def make(**words):
        words = {"text": "Send a card reader", "owner": agent, "due_on": FRIDAY} | words
        return actions.add(account, by=agent, at=now, key=uuid.uuid4(), **words)

    return make


@pytest.fixture
def said(make):
    return make()


@pytest.fixture
def as_it_is():
    """Read a commitment and its task as they are now: `as_it_is(said)`."""

    def read(commitment):
        row = Commitment.objects.select_related("task__owner", "owner").get(pk=commitment.pk)
        return row, row.task

    return read


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def notified():
    rows = Notification.objects.order_by("pk").select_related("user", "event")
    return [(row.user.name, row.event.kind) for row in rows]


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


# --- the moment


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (FRIDAY, CLOSES),
        # Nobody works on a Saturday: midnight in London.
        (FRIDAY + DAY, datetime(2026, 6, 13, 23, tzinfo=UTC)),
    ],
)
def test_the_work_is_due_at_the_end_of_work_or_of_the_day(now, day, moment):
    assert rules.due_moment(LONDON, "Europe/London", day, now) == moment
    assert rules.day_of(moment, "Europe/London") == day


def test_after_work_today_is_until_midnight():
    evening = datetime(2026, 6, 12, 17, tzinfo=UTC)

    moment = rules.due_moment(LONDON, "Europe/London", FRIDAY, evening)

    assert moment == datetime(2026, 6, 12, 23, tzinfo=UTC)


def test_a_calendar_of_another_zone_does_not_move_the_day(now):
    # It closes on Thursday evening where the owner is.
    moment = rules.due_moment(
        Hours("Pacific/Auckland", LONDON.week), "America/Los_Angeles", FRIDAY, now
    )

    assert moment == datetime(2026, 6, 13, 7, tzinfo=UTC)


# --- made


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


# --- settled on either side


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


# --- moved on either side


def test_handing_over_and_moving_takes_the_task_along(said, agent, helen, now, as_it_is, ran_jobs):
    change = {"owner": helen, "due_on": FRIDAY + 3 * DAY, "why": "Her week", "by": agent}
    for _ in range(2):
        actions.reassign(said, at=now, **change)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.due_at) == (helen, helen, CLOSES + 3 * DAY)
    assert notified() == [("Helen Adeyemi", "saves.commitment_changed")]
    assert kinds()[2:] == [
        *("saves.commitment_changed", "tasks.rescheduled", "tasks.assigned"),
    ]


def test_a_task_that_is_closed_stays_where_it_is(said, agent, helen, now, as_it_is):
    tasks.complete(said.task, by=agent, at=now, outcome="Sent")
    actions.reassign(said, owner=helen, due_on=TODAY, why="Her week", by=agent, at=now)

    row, task = as_it_is(said)
    assert (row.owner, task.owner, task.due_at) == (helen, agent, CLOSES)


def test_nobody_gets_it_who_is_away_on_the_day(said, agent, helen, now, as_it_is):
    OutOfOfficeFactory(user=helen, stand_in=agent, starts_on=FRIDAY, ends_on=FRIDAY)

    with pytest.raises(tasks.Away, match="Ada Lovett"):
        actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)

    assert as_it_is(said)[0].owner == agent


def test_one_without_a_task_is_settled_and_moved_all_the_same(make, agent, now):
    gone = make(owner=UserFactory())

    actions.reassign(gone, due_on=TODAY, why="They asked", by=agent, at=now)
    actions.waive(gone, evidence="They moved", by=agent, at=now)
    actions.reopen(gone, by=agent, at=now)
    done = actions.keep(gone, evidence="Sent", by=agent, at=now)

    assert (done.state, Task.objects.count()) == ("kept", 0)


def test_who_is_given_the_task_keeps_the_commitment(
    said, agent, helen, manager, now, as_it_is, ran_jobs
):
    tasks.assign(said.task, to=helen, by=manager, at=now, why="Ada is busy")
    ran_jobs()

    row, _task = as_it_is(said)
    assert (row.owner, row.due_on) == (helen, FRIDAY)
    event = Event.objects.get(kind="saves.commitment_changed")
    assert (event.payload["why"], event.actor) == ("Ada is busy", manager)
    assert kinds().count("tasks.assigned") == 1
    assert sorted(notified()) == [
        *(("Ada Lovett", "tasks.assigned"), ("Helen Adeyemi", "tasks.assigned")),
    ]


def test_who_accepts_the_task_keeps_the_commitment(said, agent, helen, now, as_it_is, ran_jobs):
    handoff = tasks.hand_off(said.task, to=helen, why="Yours", summary="", by=agent, at=now)
    ran_jobs()
    assert as_it_is(said)[0].owner == agent

    tasks.accept(handoff, by=helen, at=now)
    ran_jobs()

    assert as_it_is(said)[0].owner == helen
    change = Event.objects.get(kind="saves.commitment_changed")
    assert change.payload["why"] == "Its task was changed."


def test_another_day_of_the_task_is_another_day_of_the_commitment(
    said, agent, now, as_it_is, ran_jobs
):
    tasks.reschedule(said.task, by=agent, at=now, due_at=CLOSES - timedelta(hours=3))
    ran_jobs()
    assert as_it_is(said)[0].due_on == FRIDAY
    assert "saves.commitment_changed" not in kinds()

    monday = CLOSES + 3 * DAY - timedelta(hours=3)
    tasks.reschedule(said.task, by=agent, at=now, due_at=monday)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.due_on, task.due_at) == (FRIDAY + 3 * DAY, monday)


def test_what_is_over_is_not_moved_by_its_task(said, agent, now, as_it_is, ran_jobs):
    later = now + 5 * DAY
    tasks.reschedule(said.task, by=agent, at=later, due_at=later + DAY)
    ran_jobs()

    assert as_it_is(said)[0].due_on == FRIDAY
    assert actions.break_overdue(at=later) == 1


def test_a_change_that_is_heard_late_does_not_take_back_a_later_one(
    said, agent, helen, manager, now, as_it_is, ran_jobs
):
    tasks.assign(said.task, to=manager, by=manager, at=now)
    actions.reassign(said, owner=helen, why="Her week", by=agent, at=now)
    ran_jobs()

    row, task = as_it_is(said)
    assert (row.owner, task.owner) == (helen, helen)


def test_a_task_of_nothing_concerns_no_commitment(account, agent, now):
    actions.follow_task(TaskFactory(account=account).pk, why="", by=agent, at=now)

    assert kinds() == []


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


# --- of a team


@pytest.fixture
def queue(team):
    """Where people take the next one."""
    return QueueFactory(name="Follow-ups", team=team)


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


# --- with many others


@pytest.fixture
def run(manager, now, ran_jobs):
    """Do something to tasks as the manager does to many, and let everybody hear of it."""

    def start(kind, *rows, **arguments):
        found = Task.objects.filter(pk__in=[each.pk for each in rows]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=found.values_list("pk", "what"),
            by=manager,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
        )
        change = bulk.work(bulk.confirm(change, by=manager, at=now), clock=lambda: now)
        ran_jobs()
        return change

    return start


@pytest.fixture
def take_back(manager, now, ran_jobs):
    """Undo a change to many, and let everybody hear of it."""

    def start(change, by=manager, at=now):
        change = bulk.work(bulk.undo(change, by=by, at=at), clock=lambda: at)
        ran_jobs()
        return change

    return start


@pytest.fixture
def taskless(account):
    """One from before there were tasks, which is nothing to any task."""
    return CommitmentFactory(
        account=account, state="waived", evidence="x", settled_at=account.created_at, task=None
    )


def test_what_is_given_away_with_many_is_kept_by_whoever_has_it(
    said, taskless, agent, helen, as_it_is, as_agent, run, take_back
):
    change = run("tasks.assign", said.task, to=helen.pk, queue=None, why="Ada is ill")
    assert as_it_is(said)[0].owner == helen
    page = as_agent.get(said.task.get_absolute_url()).content.decode()
    assert "Ada is ill" in page

    take_back(change)

    assert as_it_is(said)[0].owner == agent
    assert not Delivery.objects.pending().exists()
    assert not Delivery.objects.parked().exists()


def test_what_is_moved_with_many_has_another_day(said, as_it_is, run, take_back):
    due_at = (CLOSES + 3 * DAY).isoformat()
    change = run("tasks.move", said.task, due_at=due_at, minutes=None, clock=None)
    assert as_it_is(said)[0].due_on == FRIDAY + 3 * DAY

    take_back(change)
    assert as_it_is(said)[0].due_on == FRIDAY


def test_what_is_cancelled_with_many_is_waived_until_that_is_undone(
    said, taskless, manager, admin, now, as_it_is, run, take_back
):
    change = run("tasks.cancel", said.task, why="They moved")
    row, _task = as_it_is(said)
    assert (row.state, row.evidence, row.settled_by) == ("waived", "They moved", manager)

    # Not by whoever cancelled them.
    take_back(change, by=admin, at=now + timedelta(minutes=9))
    row, task = as_it_is(said)
    assert (row.state, task.state) == ("open", "open")


def test_who_is_told_of_many_tasks_is_not_told_of_each_commitment(
    make, agent, helen, queue, now, run, take_back
):
    rows = [make().task, make().task]
    waits = make(queue=queue).task
    Notification.objects.all().delete()
    change = run("tasks.assign", *rows, to=helen.pk, queue=None, why="")
    assert sorted(notified()) == [
        *(("Ada Lovett", "tasks.many_changed"), ("Helen Adeyemi", "tasks.many_changed")),
    ]

    Notification.objects.all().delete()
    take_back(change, at=now + timedelta(minutes=1))
    change = run("tasks.cancel", rows[0], waits, why="They moved")
    take_back(change, at=now + timedelta(minutes=2))
    assert sorted(notified()) == [
        # Of what waits in a queue only the commitment is somebody's.
        *(("Ada Lovett", "saves.commitment_reopened"), ("Ada Lovett", "saves.commitment_waived")),
        *[("Ada Lovett", "tasks.many_changed")] * 3,
        ("Helen Adeyemi", "tasks.many_changed"),
    ]


def test_what_a_team_keeps_is_shared_out_with_many(
    make, queue, agent, helen, taskless, as_it_is, run, take_back
):
    said = make(queue=queue)
    OutOfOfficeFactory(user=agent, stand_in=None, starts_on=TODAY, ends_on=FRIDAY)

    change = run("tasks.share", said.task, why="")
    assert as_it_is(said)[0].owner == helen

    take_back(change)
    row, task = as_it_is(said)
    assert (row.owner, task.owner) == (helen, None)


def test_an_event_that_speaks_of_no_task_concerns_no_commitment(account, taskless, agent, now):
    said = {"title": "x", "owner": "", "owner_id": None, "why": ""}
    event = history.record("tasks.cancelled", timeline=account.timeline, by=agent, at=now, **said)

    follow_task(event)

    assert kinds() == ["tasks.cancelled"]


# --- late


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


# --- those from before


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


# --- shown


def test_my_queue_shows_it_once_as_a_commitment(make, agent, now):
    first, second = make(), make(text="Think about it", is_visible=False)

    [group] = mine.my_queue(agent, at=now).groups

    rows = {row.what: row for row in group.rows}
    assert set(rows) == {"Send a card reader", "Think about it"}
    told = {what: (row.about.words, row.about.url) for what, row in rows.items()}
    assert told == {
        "Send a card reader": ("Commitment", first.get_absolute_url()),
        "Think about it": (
            "Commitment, the customer does not know",
            second.get_absolute_url(),
        ),
    }
    asks = 'hx-get="{}complete/?back=mine"'
    assert all(asks.format(row.url) in row.html for row in rows.values())
    # That says more than the kind and the origin would.
    meta = f'<a href="{first.get_absolute_url()}">Commitment</a></p>'
    assert meta in rows[first.text].html


def test_a_task_and_its_commitment_lead_to_each_other(as_agent, said):
    task = as_agent.get(said.task.get_absolute_url()).content.decode()
    commitment = as_agent.get(said.get_absolute_url()).content.decode()

    assert f'href="{said.get_absolute_url()}">Commitment</a>' in task
    assert f'href="{said.task.get_absolute_url()}">Open the task</a>' in commitment


def test_the_customer_page_says_it_with_the_commitments_alone(as_agent, account, said):
    page = as_agent.get(account.get_absolute_url()).context["page"]

    assert page.tasks.count == 0
    assert [line.text for line in page.commitments.lines] == ["Send a card reader"]


def test_my_queue_asks_little_of_commitments(as_agent, make, django_assert_max_num_queries):
    for number in range(5):
        make(text=f"Call {number}")

    with django_assert_max_num_queries(12):
        as_agent.get(reverse("tasks:mine"))


def test_one_room_says_what_an_origin_is():
    with pytest.raises(ValueError, match="described already"):
        register(Task.Origin.COMMITMENT, origins.describe)
