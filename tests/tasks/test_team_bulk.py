"""Giving, moving and cancelling many tasks at once, with a result for each and one undo."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from apps.core import jobs
from apps.tasks import actions
from apps.tasks.actions.many import remember
from apps.tasks.models import Task
from apps.workspace import bulk_kinds as kinds
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import make_person
from tests.factories.workspace import BulkChangeFactory

TEAM, BULK = "/tasks/team/", "/tasks/team/changes/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW_DUE = {"due_at": None, "minutes": None, "clock": None}


def says(response):
    """Return what a page says, without markup."""
    return response.content.decode()


@pytest.fixture
def run(manager, now):
    """Do something to tasks: `run("tasks.cancel", tasks, why="…")`."""

    def start(kind, tasks, *, by=manager, **arguments):
        rows = Task.objects.filter(pk__in=[each.pk for each in tasks]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=rows.values_list("pk", "what"),
            by=by,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
        )
        return bulk.work(bulk.confirm(change, by=by, at=now), clock=lambda: now)

    return start


@pytest.fixture
def take_back(manager, now):
    """Undo a change as the manager."""

    def start(change, by=manager, at=now):
        return bulk.work(bulk.undo(change, by=by, at=at), clock=lambda: at)

    return start


def whys(change):
    """Return outcome and reason of each row."""
    return list(change.rows.order_by("pk").values_list("outcome", "why"))


def spared(change):
    return list(change.rows.order_by("pk").values_list("undo", "undo_why"))


def forecast(kind, tasks, by, **arguments):
    """Return what a preview would warn of."""
    pks = Task.objects.filter(pk__in=[each.pk for each in tasks]).values("pk")
    pairs = kinds.get(kind).forecast(pks, by=by, **arguments)
    return [text % {"count": count} for count, text in pairs if count]


def state(task):
    """Return everything of a task that a change may touch."""
    task.refresh_from_db()
    return remember(task)


# --- who has them -------------------------------------------------------------


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


def test_an_undo_lets_a_hand_off_wait_again(run, take_back, account, agent, colleague, manager):
    task = TaskFactory(account=account, owner=agent)
    handoff = HandoffFactory(task=task, receiver=colleague)
    for kind, arguments in [
        ("tasks.assign", {"to": manager.pk, "queue": None, "why": ""}),
        ("tasks.cancel", {"why": "They moved"}),
    ]:
        change = run(kind, [task], **arguments)
        handoff.refresh_from_db()
        assert handoff.answer == "withdrawn"

        take_back(change)
        handoff.refresh_from_db()
        assert (handoff.answer, handoff.answered_at) == ("", None)

    actions.accept(handoff, by=colleague, at=timezone.now())


def test_what_was_asked_since_is_taken_back(
    run, take_back, account, agent, colleague, manager, now
):
    task = TaskFactory(account=account, owner=agent)
    asked = HandoffFactory(task=task, receiver=manager)
    change = run("tasks.assign", [task], to=colleague.pk, queue=None, why="")
    words = {"why": "I am full", "summary": "", "by": colleague, "at": now}
    since = actions.hand_off(task, to=manager, **words)

    take_back(change)

    for handoff, answer in ((asked, ""), (since, "withdrawn")):
        handoff.refresh_from_db()
        assert handoff.answer == answer


def test_whoever_left_meanwhile_is_not_asked_again(
    run, take_back, account, agent, colleague, manager
):
    handoff = HandoffFactory(task__account=account, task__owner=agent, receiver=colleague)
    change = run("tasks.assign", [handoff.task], to=manager.pk, queue=None, why="")
    colleague.is_active = False
    colleague.save()

    take_back(change)

    handoff.refresh_from_db()
    assert handoff.answer == "withdrawn"


# --- when they are due --------------------------------------------------------


def test_many_are_moved_and_go_back(run, take_back, told, account, agent, now):
    fixed = TaskFactory(account=account, owner=agent, due_at=now - HOUR, escalated=2)
    counted = TaskFactory(
        account=account,
        owner=agent,
        due_at=now,
        due_after=now - DAY,
        due_clock=time(9, 30),
    )
    before = [state(task) for task in (fixed, counted)]
    to = now + 3 * DAY

    change = run("tasks.move", [fixed, counted], **NOW_DUE | {"due_at": to.isoformat()})

    assert whys(change) == [("done", "")] * 2
    assert set(Task.objects.values_list("due_at", "due_after", "escalated")) == {(to, None, 0)}
    take_back(change)
    assert [state(task) for task in (fixed, counted)] == before
    assert [each["due_at"] for each in told("tasks.rescheduled")][2:] == [
        each["due_at"] for each in before
    ]


def test_an_undo_does_not_take_back_that_a_task_escalated_since(
    run, take_back, account, agent, colleague, now
):
    task = TaskFactory(account=account, owner=agent, due_at=now - HOUR, escalated=1)
    change = run("tasks.assign", [task], to=colleague.pk, queue=None, why="")
    Task.objects.update(escalated=2)

    take_back(change)

    task.refresh_from_db()
    assert (task.owner, task.escalated) == (agent, 2)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ({"minutes": 60}, datetime(2026, 6, 9, 10, 30, tzinfo=UTC)),
        ({"clock": "14:00:00"}, datetime(2026, 6, 10, 13, 0, tzinfo=UTC)),
    ],
)
def test_many_are_moved_in_working_time(run, account, agent, due, expected):
    task = TaskFactory(account=account, owner=agent)

    run("tasks.move", [task], **NOW_DUE | due)

    task.refresh_from_db()
    assert task.due_at == expected


def test_a_moment_that_has_passed_is_refused(run, account, agent, now):
    task = TaskFactory(account=account, owner=agent)

    change = run("tasks.move", [task], **NOW_DUE | {"due_at": now.isoformat()})

    assert whys(change) == [("failed", "Choose a moment that lies ahead.")]


def test_what_is_closed_or_due_then_is_left(run, account, agent, now):
    to = now + DAY
    due = TaskFactory(account=account, owner=agent, due_at=to)
    done = TaskFactory(account=account, owner=agent, state="cancelled", closed_at=now)
    change = run("tasks.move", [due, done], **NOW_DUE | {"due_at": to.isoformat()})
    assert [outcome for outcome, _why in whys(change)] == ["skipped", "skipped"]
    change = run("tasks.cancel", [done], why="They moved")
    assert whys(change) == [("skipped", "Mainstay has cancelled this task. Nothing is left to do.")]


def test_a_private_customers_task_is_not_for_everybody(
    run, admin, private_account, outsider, colleague, now
):
    hidden = TaskFactory(account=private_account, owner=outsider, due_at=now)

    change = run("tasks.assign", [hidden], by=admin, to=colleague.pk, queue=None, why="")

    assert whys(change)[0][0] == "failed"
    assert "Bea Stone can’t take tasks of this customer." in whys(change)[0][1]


def test_handoffs_that_wait_are_taken_back(run, account, agent, colleague, manager):
    handoff = HandoffFactory(task__account=account, task__owner=agent, receiver=colleague)

    run("tasks.assign", [handoff.task], to=manager.pk, queue=None, why="")

    handoff.refresh_from_db()
    assert handoff.answer == "withdrawn"


def test_the_preview_knows_which_are_due_then_already(manager, account, agent, now):
    tasks = [TaskFactory(account=account, owner=agent, due_at=now)]

    def warnings(**due):
        return forecast("tasks.move", tasks, manager, **NOW_DUE | due)

    assert warnings(due_at=now.isoformat()) == ["1 task is due then already."]
    assert warnings(minutes=60) == []


# --- whether they are needed --------------------------------------------------


def test_many_are_cancelled_and_come_back(run, take_back, told, account, agent, admin, now):
    asleep = {"snoozed_until": now + DAY, "snoozed_by": agent, "snooze_reason": "They are away"}
    task = TaskFactory(account=account, owner=agent, **asleep)
    begun = TaskFactory(account=account, owner=agent, state="in_progress")
    before = [state(each) for each in (task, begun)]

    change = run("tasks.cancel", [task, begun], why="They moved")
    assert set(Task.objects.values_list("state", "outcome")) == {("cancelled", "They moved")}

    change = take_back(change, by=admin)
    assert spared(change) == [("restored", "")] * 2
    assert [state(each) for each in (task, begun)] == before
    assert set(Task.objects.values_list("outcome", "closed_at", "closed_by")) == {("", None, None)}
    assert [each["was"] for each in told("tasks.reopened")] == ["cancelled"] * 2


def test_the_preview_knows_which_are_closed(manager, account, agent, now):
    task = TaskFactory(account=account, owner=agent, state="cancelled", closed_at=now)

    assert forecast("tasks.cancel", [task], manager, why="x") == [
        "1 task is done or cancelled already."
    ]


def test_hundreds_are_changed_in_a_few_statements(
    run, take_back, account, agent, colleague, queue, now, django_assert_max_num_queries
):
    some = [
        *TaskFactory.create_batch(30, account=account, owner=agent, due_at=now),
        *TaskFactory.create_batch(30, account=account, owner=None, queue=queue, due_at=now),
    ]
    for kind, arguments in [
        ("tasks.assign", {"to": colleague.pk, "queue": None, "why": ""}),
        ("tasks.move", {**NOW_DUE, "minutes": 90}),
        ("tasks.cancel", {"why": "They moved"}),
    ]:
        with django_assert_max_num_queries(55):
            change = run(kind, some, **arguments)
        assert change.done == 60
        with django_assert_max_num_queries(40):
            assert take_back(change).restored == 60


# --- pages --------------------------------------------------------------------


@pytest.fixture
def tasks(account, agent):
    """Two of Ada's, due in an hour."""
    due_at = timezone.now() + HOUR
    return [
        TaskFactory(account=account, owner=agent, what=what, due_at=due_at)
        for what in ("Call Nadia", "Send the invoice")
    ]


def begin(client, do="tasks.assign", **asked):
    """Send the page with ticked rows; returns the answer."""
    return client.post(BULK, {"do": do, "key": uuid.uuid4(), **asked})


def preview(client, do="tasks.assign", **asked):
    """Return the change that ticked rows make."""
    begin(client, do, **asked)
    return BulkChange.objects.latest("pk")


def url(change, *more):
    return "/".join([f"{BULK}{change.pk}", *more, ""])


def shown(change):
    """Return what the form that confirms a change sends."""
    return {"shown": BulkChange.objects.get(pk=change.pk).shown}


def test_ticked_tasks_are_given_away_and_people_go_on_with_their_queue(
    as_manager, tasks, colleague
):
    pick = [*(task.pk for task in tasks), "x", "9" * 30]
    response = begin(as_manager, pick=pick, question="kind=call")
    change = BulkChange.objects.get()
    assert response.url == f"{url(change)}?back=kind%3Dcall"
    page = says(as_manager.get(response.url))
    assert "2 tasks" in page
    assert "Call Nadia, Larkspur Dental" in page
    assert "Bea Stone, 40 h left" in page

    sent = {"whose": f"person-{colleague.pk}", "why": ""}
    chosen = as_manager.post(response.url, sent)
    page = says(as_manager.get(chosen.url))
    assert "Assign to Bea Stone" in page
    assert "Change 2 tasks" in page
    to = f"{url(change, 'confirm')}?back=kind%3Dcall"
    answer = as_manager.post(to, shown(change), follow=True)

    assert answer.redirect_chain == [(f"{TEAM}?kind=call", 302)]
    assert "2 tasks changed." in says(answer)
    assert f'<a href="{url(change)}?back=kind%3Dcall">Results and undo</a>' in says(answer)
    assert set(Task.objects.values_list("owner", flat=True)) == {colleague.pk}

    undone = as_manager.post(url(change, "undo"), follow=True)
    assert "2 restored, 0 left as they are" in says(undone)
    assert not Task.objects.filter(owner=colleague).exists()


def test_all_that_match_are_meant_beyond_the_page(as_manager, account, agent, tasks):
    TaskFactory.create_batch(30, account=account, owner=agent, kind="check")

    change = preview(as_manager, "tasks.cancel", all="1", question="kind=check&by=person")

    assert change.total == 30
    assert "and 20 more" in says(as_manager.get(url(change)))


def test_the_load_of_each_is_said(as_manager, tasks, agent, colleague, manager, account):
    due_at = timezone.now() + HOUR
    TaskFactory.create_batch(6, account=account, owner=agent, effort=480, due_at=due_at)
    today = timezone.now().date()
    OutOfOfficeFactory(user=colleague, starts_on=today - DAY, ends_on=today + DAY)
    change = preview(as_manager, pick=[tasks[0].pk])

    page = says(as_manager.get(url(change)))

    assert "Ada Lovett, 8 h 30 min too much" in page
    assert "Bea Stone, away" in page


def test_the_preview_says_what_stays(as_manager, tasks, agent, colleague):
    change = preview(as_manager, pick=[task.pk for task in tasks])
    as_manager.post(url(change), {"whose": f"person-{agent.pk}"})

    page = says(as_manager.get(url(change)))

    assert "Nothing would be changed." in page
    assert "2 tasks are theirs already." in page
    assert "data-submit" not in page
    assert "Who does them?" in says(as_manager.get(f"{url(change)}?again=1"))


@pytest.mark.parametrize(
    ("do", "wrong", "words"),
    [
        ("tasks.assign", {"whose": ""}, "Choose a person or a queue."),
        ("tasks.move", {"when": ""}, "Choose when it is due."),
        ("tasks.move", {"when": "1h", "moment": "2001-01-01T09:00"}, "that lies ahead."),
        ("tasks.cancel", {"why": " "}, "Write why they need not be done."),
    ],
)
def test_a_value_has_to_be_chosen(as_manager, tasks, do, wrong, words):
    change = preview(as_manager, do, pick=[tasks[0].pk])

    response = as_manager.post(url(change), wrong)

    assert response.status_code == 422
    assert words in says(response)
    # Confirmed without a choice, nothing happens.
    assert as_manager.post(url(change, "confirm")).url == url(change)
    change.refresh_from_db()
    assert (change.state, change.arguments) == ("preview", {})


@pytest.mark.parametrize(
    ("do", "sent", "arguments", "label"),
    [
        ("tasks.move", {"when": "4h"}, {"minutes": 240}, "Move: In 4 working hours"),
        ("tasks.move", {"when": "morning"}, {"clock": "09:30:00"}, "Move: Next working day"),
        (
            "tasks.move",
            {"when": "4h", "moment": "2031-02-03T09:15"},
            {"due_at": "2031-02-03T09:15:00+00:00"},
            "Move to 3 February 2031, 09:15",
        ),
        ("tasks.cancel", {"why": "They moved"}, {"why": "They moved"}, "Cancel tasks"),
    ],
)
def test_what_is_done_is_said_in_words(as_manager, tasks, do, sent, arguments, label):
    change = preview(as_manager, do, pick=[tasks[0].pk])
    as_manager.post(url(change), sent)

    change.refresh_from_db()
    assert change.arguments == (NOW_DUE if do == "tasks.move" else {}) | arguments
    assert change.label.startswith(label)


def test_a_queue_can_be_chosen(as_manager, tasks, queue, private_team):
    QueueFactory(team=private_team, name="Hidden")
    change = preview(as_manager, pick=[tasks[0].pk])
    assert "Hidden" not in says(as_manager.get(url(change)))
    as_manager.post(url(change), {"whose": f"queue-{queue.pk}"})

    change.refresh_from_db()
    assert change.label == "Put into “Follow-ups”"
    assert change.arguments == {"to": None, "queue": queue.pk, "why": ""}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Tick the tasks first, then choose what to do."),
        ({"do": "accounts.owner", "pick": "1"}, "This page is out of date."),
        ({"key": "x", "pick": "1"}, "This page is out of date."),
    ],
)
def test_a_page_that_is_not_ours_is_refused(as_manager, asked, words):
    response = begin(as_manager, **{"do": "tasks.assign", **asked})

    assert response.status_code == 422
    assert words in says(response)
    assert not BulkChange.objects.exists()


def confirmed_in_another_tab(client, change):
    """Choose a why, then, in another tab, another one; return what the first tab sends."""
    client.post(url(change), {"why": "They moved"})
    first = shown(change)
    assert f'name="shown" value="{first["shown"]}"' in says(client.get(url(change)))
    client.post(url(change), {"why": "They paid"})
    return first


def test_what_was_not_shown_is_not_done(as_manager, tasks):
    change = preview(as_manager, "tasks.cancel", pick=[tasks[0].pk])
    first = confirmed_in_another_tab(as_manager, change)

    for sent in (first, {}):
        answer = as_manager.post(url(change, "confirm"), sent)

        assert answer.status_code == 409
        assert "Something else was chosen meanwhile" in says(answer)
        assert "Change 1 task" in says(answer)
        change.refresh_from_db()
        tasks[0].refresh_from_db()
        assert (change.state, tasks[0].state) == ("preview", "open")

    assert shown(change)["shown"] in says(answer)
    as_manager.post(url(change, "confirm"), shown(change))
    tasks[0].refresh_from_db()
    assert (tasks[0].state, tasks[0].outcome) == ("cancelled", "They paid")


def test_what_another_tab_confirmed_is_not_taken_for_ones_own(as_manager, tasks):
    change = preview(as_manager, "tasks.cancel", pick=[tasks[0].pk])
    first = confirmed_in_another_tab(as_manager, change)
    as_manager.post(url(change, "confirm"), shown(change))

    answer = as_manager.post(url(change, "confirm"), first)

    assert answer.status_code == 409
    assert "What you confirmed was not done" in says(answer)
    assert "1 changed, 0 skipped, 0 failed" in says(answer)


def test_where_some_stayed_the_results_are_shown(as_manager, tasks, agent, colleague):
    tasks[0].owner = colleague
    tasks[0].save()
    change = preview(as_manager, pick=[task.pk for task in tasks])
    as_manager.post(url(change), {"whose": f"person-{colleague.pk}"})

    page = as_manager.post(url(change, "confirm"), shown(change), follow=True)

    assert "1 changed, 1 skipped, 0 failed" in says(page)
    assert "Skipped: It is so already." in says(page)
    assert "10 minutes left" in says(page) or "9 minutes left" in says(page)


def test_a_long_change_goes_on_without_the_page(as_manager, account, agent, htmx):
    TaskFactory.create_batch(230, account=account, owner=agent)
    change = preview(as_manager, "tasks.cancel", all="1")
    as_manager.post(url(change), {"why": "They moved"})
    page = as_manager.post(url(change, "confirm"), shown(change), follow=True)
    assert "200 of 230" in says(page)
    assert "Changing tasks" in says(page)
    part = as_manager.get(url(change), headers=htmx("team-bulk"))
    assert says(part).lstrip().startswith('<div id="team-bulk"')
    assert "HX-Trigger" not in part.headers

    jobs.run_all()

    part = as_manager.get(url(change), headers=htmx("team-bulk"))
    assert "230 tasks changed." in part.headers["HX-Trigger"]


def test_the_end_of_an_undo_is_said(as_manager, manager, htmx):
    for spared_rows, words in ((0, "3 restored."), (1, "3 restored, 1 left as they are.")):
        change = BulkChangeFactory(
            kind="tasks.cancel",
            by=manager,
            undone_by=manager,
            state="undone",
            undone_at=timezone.now(),
            restored=3,
            spared=spared_rows,
        )
        part = as_manager.get(url(change), headers=htmx("team-bulk"))
        assert words in part.headers["HX-Trigger"]


def test_after_ten_minutes_it_is_too_late(as_manager, manager):
    finished = timezone.now() - timedelta(minutes=11)
    change = BulkChangeFactory(
        kind="tasks.cancel", by=manager, state="done", done=1, total=1, finished_at=finished
    )

    response = as_manager.post(url(change, "undo"))

    assert response.status_code == 409
    assert "Change the tasks again instead." in says(response)


def test_my_changes_are_listed(as_manager, manager):
    assert "You have not changed many tasks at once yet" in says(as_manager.get(BULK))
    BulkChangeFactory(kind="accounts.owner", label="Customers", by=manager, state="done")
    BulkChangeFactory(kind="tasks.cancel", label="Dropped", by=manager, state="done")

    changes = as_manager.get(BULK).context["page"].rows

    assert [change.label for change in changes] == ["Dropped"]


def test_somebody_elses_and_other_kinds_are_not_here(as_manager, manager):
    for change in (
        BulkChangeFactory(kind="tasks.cancel"),
        BulkChangeFactory(kind="accounts.owner", by=manager),
    ):
        assert as_manager.get(url(change)).status_code == 404


def test_who_may_read_but_not_touch_is_refused(as_manager, manager, monkeypatch):
    monkeypatch.setattr(bulk, "may_touch", lambda change, user: False)
    change = BulkChangeFactory(kind="tasks.cancel", by=manager, arguments={"why": "x"})

    assert as_manager.post(url(change, "confirm")).status_code == 403


def test_tasks_that_are_gone_leave_nothing_to_do(as_manager):
    change = preview(as_manager, pick=[999_999])

    assert "None of these tasks is there any more." in says(as_manager.get(url(change)))


def test_an_agent_can_not_change_many(as_agent, account):
    assert as_agent.get(BULK).status_code == 403
