"""Giving many tasks to a person or a queue at once, with a result for each and one undo."""

from datetime import date, timedelta

from apps.tasks import actions
from apps.tasks.models import Task
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import make_person
from tests.tasks.team_bulk.changes import forecast, spared, state, whys

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_many_are_given_to_somebody_and_go_back(
    run, take_back, told, account, agent, colleague, queue, now
):
    hers = TaskFactory(account=account, owner=agent, state="in_progress", escalated=1)
    waits = TaskFactory(account=account, owner=None, queue=queue, found_nobody=True)
    theirs = TaskFactory(account=account, owner=colleague)
    done = TaskFactory(account=account, owner=agent, kind="check", state="done", closed_at=now)
    before = [state(task) for task in (hers, waits)]

    change = run(
        "tasks.assign", [hers, waits, theirs, done], to=colleague.pk, queue=None, why="Ada is ill"
    )

    assert whys(change) == [
        ("done", ""),
        ("done", ""),
        ("skipped", "It is so already."),
        ("skipped", "Mainstay has completed this task. Nothing is left to do."),
    ]
    assert set(Task.objects.open().values_list("owner", flat=True)) == {colleague.pk}
    assert [each["why"] for each in told("tasks.assigned")] == ["Ada is ill"] * 2

    change = take_back(change)

    assert spared(change)[:2] == [("restored", "")] * 2
    assert [state(task) for task in (hers, waits)] == before
    last = told("tasks.assigned")[-2:]
    assert [(each["former_owner"], each["owner"]) for each in last] == [
        ("Bea Stone", "Ada Lovett"),
        ("Bea Stone", ""),
    ]


def test_many_can_be_put_into_a_queue(run, take_back, account, agent, queue):
    task = TaskFactory(account=account, owner=agent)

    change = run("tasks.assign", [task], to=None, queue=queue.pk, why="")
    task.refresh_from_db()
    assert (task.owner, task.queue) == (None, queue)

    take_back(change)
    task.refresh_from_db()
    assert (task.owner, task.queue) == (agent, None)


def test_an_undo_spares_what_was_changed_since(run, take_back, account, agent, colleague, now):
    edited, other = TaskFactory.create_batch(2, account=account, owner=agent)
    change = run("tasks.assign", [edited, other], to=colleague.pk, queue=None, why="")
    edited.refresh_from_db()
    actions.start(edited, by=colleague, at=now)

    change = take_back(change)

    assert spared(change) == [("spared", "Somebody changed it since."), ("restored", "")]
    edited.refresh_from_db()
    assert (edited.owner, edited.state) == (colleague, "in_progress")


def test_an_undo_does_not_take_back_that_a_task_escalated_since(
    run, take_back, account, agent, colleague, now
):
    task = TaskFactory(account=account, owner=agent, due_at=now - HOUR, escalated=1)
    change = run("tasks.assign", [task], to=colleague.pk, queue=None, why="")
    Task.objects.update(escalated=2)

    take_back(change)

    task.refresh_from_db()
    assert (task.owner, task.escalated) == (agent, 2)


def test_who_has_left_gets_nothing_back(run, take_back, account, agent, colleague):
    task = TaskFactory(account=account, owner=agent)
    change = run("tasks.assign", [task], to=colleague.pk, queue=None, why="")
    agent.is_active = False
    agent.save()

    change = take_back(change)

    assert "Ada Lovett can’t take tasks of this customer." in spared(change)[0][1]
    task.refresh_from_db()
    assert task.owner == colleague


def test_who_can_not_have_them_says_so(
    run, manager, account, agent, colleague, private_account, outsider, now
):
    task = TaskFactory(account=account, owner=agent, due_at=now)
    hidden = TaskFactory(account=private_account, owner=outsider)
    OutOfOfficeFactory(user=colleague, starts_on=now.date(), ends_on=now.date())
    OutOfOfficeFactory(user=colleague, starts_on=now.date() + DAY, ends_on=now.date() + DAY)

    away = run("tasks.assign", [task, hidden], to=colleague.pk, queue=None, why="")
    assert whys(away) == [
        ("failed", "Bea Stone is away then. Choose somebody else, or a later day."),
        ("failed", "It is not here any more."),
    ]
    later = TaskFactory(account=account, owner=agent, due_at=now + 5 * DAY)
    assert whys(run("tasks.assign", [later], to=colleague.pk, queue=None, why="")) == [("done", "")]
    for to, queue in ((None, 999_999), (make_person("agent", is_active=False).pk, None)):
        change = run("tasks.assign", [task], to=to, queue=queue, why="")
        assert whys(change) == [("failed", "They are gone. Choose somebody else.")]


def test_a_private_teams_tasks_do_not_go_to_others_queues(run, account, team, agent, queue):
    team.is_private = True
    team.save()
    tasks = [TaskFactory(account=account, owner=agent) for _ in range(2)]

    elsewhere = run("tasks.assign", tasks[:1], to=None, queue=QueueFactory(name="Far").pk, why="")
    ((outcome, why),) = whys(elsewhere)
    assert outcome == "failed"
    assert why.startswith("“Far” is another team’s queue. Choose a person, or a queue of Northern")
    assert whys(run("tasks.assign", tasks, to=None, queue=queue.pk, why="")) == [("done", "")] * 2


def test_a_private_customers_task_is_not_for_everybody(
    run, admin, private_account, outsider, colleague, now
):
    hidden = TaskFactory(account=private_account, owner=outsider, due_at=now)

    change = run("tasks.assign", [hidden], by=admin, to=colleague.pk, queue=None, why="")

    assert whys(change)[0][0] == "failed"
    assert "Bea Stone can’t take tasks of this customer." in whys(change)[0][1]


def test_the_preview_counts_who_stays_as_they_are(
    manager, account, agent, colleague, queue, time_machine, now
):
    time_machine.move_to(now, tick=False)
    tasks = [
        TaskFactory(account=account, owner=colleague),
        TaskFactory(account=account, owner=agent, due_at=now + 2 * DAY),
        TaskFactory(account=account, owner=agent, due_at=now - HOUR),
        TaskFactory(account=account, owner=None, queue=queue, due_at=now + 9 * DAY),
        TaskFactory(account=account, owner=agent, state="cancelled", closed_at=now),
    ]

    def warnings(to=None, queue=None):
        return forecast("tasks.assign", tasks, manager, to=to, queue=queue, why="")

    closed = "1 task is done or cancelled already."
    assert warnings(to=colleague.pk) == [closed, "1 task is theirs already."]
    assert warnings(queue=queue.pk) == [closed, "1 task is theirs already."]
    OutOfOfficeFactory(user=colleague, starts_on=date(2026, 6, 11), ends_on=date(2026, 6, 11))
    assert warnings(to=colleague.pk)[2:] == ["1 task is due while they are away."]
    OutOfOfficeFactory(user=colleague, starts_on=date(2026, 6, 9), ends_on=date(2026, 6, 9))
    assert warnings(to=colleague.pk)[2:] == ["2 tasks are due while they are away."]
