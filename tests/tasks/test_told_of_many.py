"""Who is told of a change to many tasks, and of what: once, not once for each task."""

import re
import uuid
from datetime import date, timedelta

import pytest

from apps.history.models import Event
from apps.notifications.models import Notification
from apps.tasks.actions import telling
from apps.tasks.models import Task
from apps.workspace.actions import bulk
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import TaskFactory
from tests.factories.users import UserFactory

DAY = timedelta(days=1)


@pytest.fixture
def run(manager, now, ran_jobs):
    """Do something to many tasks, and let the worker tell of it."""

    def start(kind, tasks, *, by=manager, **arguments):
        rows = Task.objects.filter(pk__in=[each.pk for each in tasks]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=rows.values_list("pk", "what"),
            by=by,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
            label="The label",
        )
        change = bulk.work(bulk.confirm(change, by=by, at=now), clock=lambda: now)
        ran_jobs()
        return change

    return start


@pytest.fixture
def some(account, agent, colleague):
    """Three tasks of Ada's and one of Bea's."""
    owners = [agent, agent, agent, colleague]
    return [TaskFactory(account=account, owner=owner) for owner in owners]


def notices():
    """Return who was told what."""
    rows = Notification.objects.order_by("user__name").select_related("user", "event")
    return [
        (row.user.name, row.why, row.event.payload["did"], row.event.payload["count"])
        for row in rows
    ]


def test_whoever_is_given_many_is_told_once_and_whoever_had_them(run, some, agent, colleague):
    run("tasks.assign", some, to=colleague.pk, queue=None, why="")

    assert notices() == [("Ada Lovett", "task", "taken", 3), ("Bea Stone", "task", "given", 3)]
    told = Event.objects.filter(kind="tasks.many_changed").order_by("payload__did")
    assert [event.timeline for event in told] == [
        *(colleague.member.timeline, agent.member.timeline),
    ]


def test_those_whose_tasks_are_moved_or_cancelled_are_told(run, some, now):
    to = (now + DAY).isoformat()
    run("tasks.move", some, due_at=to, minutes=None, clock=None)
    assert notices() == [("Ada Lovett", "task", "moved", 3), ("Bea Stone", "task", "moved", 1)]

    Notification.objects.all().delete()
    run("tasks.cancel", some[:2], why="They moved")
    assert notices() == [("Ada Lovett", "task", "cancelled", 2)]


def test_nobody_is_told_what_they_did_or_what_became_nobodys(run, some, manager, queue, agent):
    run("tasks.assign", some, to=manager.pk, queue=None, why="")
    assert [did for *_who, did, _count in notices()] == ["taken", "taken"]

    Notification.objects.all().delete()
    run("tasks.assign", some, to=None, queue=queue.pk, why="")
    left = TaskFactory(account=some[0].account, owner=UserFactory())  # who never joined
    run("tasks.cancel", [left], why="They moved")

    assert notices() == []


@pytest.fixture
def take_back(manager, now, ran_jobs):
    """Undo a change a minute later; return who is told what."""

    def start(change):
        Notification.objects.all().delete()
        later = now + timedelta(minutes=1)
        bulk.work(bulk.undo(change, by=manager, at=later), clock=lambda: later)
        ran_jobs()
        return notices()

    return start


def test_an_undo_tells_who_has_them_again_and_who_had_them_meanwhile(
    run, take_back, some, colleague
):
    change = run("tasks.assign", some, to=colleague.pk, queue=None, why="")

    assert take_back(change) == [
        *(("Ada Lovett", "task", "given", 3), ("Bea Stone", "task", "taken", 3)),
    ]


def test_an_undo_tells_who_had_them_from_a_queue_or_lost_them_to_one(
    run, take_back, some, account, queue, colleague
):
    waits = TaskFactory.create_batch(2, account=account, owner=None, queue=queue)
    OutOfOfficeFactory(user=colleague, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))
    assert take_back(run("tasks.share", waits, why="")) == [("Ada Lovett", "task", "taken", 2)]

    change = run("tasks.assign", some[3:], to=None, queue=queue.pk, why="")
    assert take_back(change) == [("Bea Stone", "task", "given", 1)]


def test_an_undo_tells_whose_tasks_are_open_or_due_again(run, take_back, some, now):
    to = (now + DAY).isoformat()
    change = run("tasks.move", some[:3], due_at=to, minutes=None, clock=None)
    assert take_back(change) == [("Ada Lovett", "task", "moved", 3)]

    change = run("tasks.cancel", some[2:], why="They moved")
    assert take_back(change) == [
        *(("Ada Lovett", "task", "reopened", 1), ("Bea Stone", "task", "reopened", 1)),
    ]


def test_who_asked_for_a_change_that_goes_on_without_them_is_told_its_end(
    run, some, manager, monkeypatch
):
    monkeypatch.setattr(telling, "CHUNK", 3)

    run("tasks.cancel", some, why="They moved")

    (notice,) = Notification.objects.filter(user=manager)
    assert notice.event.kind == "tasks.many_through"
    assert notice.event.payload == {
        "label": "The label",
        "done": 4,
        "skipped": 0,
        "failed": 0,
        "told_id": manager.pk,
    }


@pytest.mark.parametrize(
    ("did", "head", "sentence"),
    [
        ("given", "Max Brandt gave you 3 tasks", "3 more tasks are yours by Max Brandt"),
        (
            "moved",
            "Max Brandt moved 3 of your tasks",
            "3 of your tasks are due at another time by Max Brandt",
        ),
        (
            "cancelled",
            "Max Brandt cancelled 3 of your tasks",
            "3 of your tasks were cancelled by Max Brandt",
        ),
        (
            "taken",
            "Max Brandt gave 3 of your tasks to others",
            "3 of your tasks were given to others by Max Brandt",
        ),
        (
            "reopened",
            "Max Brandt opened 3 of your tasks again",
            "3 of your tasks are open again by Max Brandt",
        ),
    ],
)
def test_the_page_of_notices_says_it(
    run, take_back, some, account, client, did, head, sentence, queue
):
    ours = some[:3]
    if did == "given":
        ours = [TaskFactory(account=account, owner=None, queue=queue) for _ in range(3)]
    asked = {
        "given": ("tasks.assign", {"to": some[0].owner_id, "queue": None, "why": ""}),
        "moved": ("tasks.move", {"due_at": None, "minutes": 600, "clock": None}),
        "cancelled": ("tasks.cancel", {"why": "They moved"}),
        "taken": ("tasks.assign", {"to": None, "queue": queue.pk, "why": ""}),
        "reopened": ("tasks.cancel", {"why": "They moved"}),
    }
    kind, arguments = asked[did]
    change = run(kind, ours, **arguments)
    if did == "reopened":
        take_back(change)
    client.force_login(some[0].owner)

    page = client.get("/notifications/").content.decode()

    assert head in page
    assert sentence in " ".join(re.sub(r"<[^>]+>", "", page).split())
    opened = client.post(f"/notifications/{Notification.objects.get().pk}/open/")
    assert opened.url == "/tasks/"


def test_the_notice_of_the_end_leads_to_the_changes(run, some, as_manager, monkeypatch, manager):
    monkeypatch.setattr(telling, "CHUNK", 3)
    run("tasks.cancel", some, why="They moved")
    page = as_manager.get("/notifications/").content.decode()

    assert "Your change to many tasks" in page
    assert "is through: 4 changed, 0 skipped, 0 failed" in page
    notice = Notification.objects.get(user=manager)
    assert as_manager.post(f"/notifications/{notice.pk}/open/").url == "/tasks/team/changes/"
