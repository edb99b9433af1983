"""Sharing out what nobody has: to whom, what becomes of each, and the way back."""

import uuid
from datetime import date

import pytest

from apps.tasks.models import Task
from apps.workspace import bulk_kinds as kinds
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import TeamFactory

BULK = "/tasks/team/changes/"


@pytest.fixture(autouse=True)
def frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def waiting(account, now):
    """Make a task that waits: `waiting(queue)`."""

    def make(queue, **more):
        return TaskFactory(account=account, owner=None, queue=queue, due_at=now, **more)

    return make


@pytest.fixture
def share(manager, now):
    """Share some tasks out, as the manager."""

    def start(*tasks):
        rows = Task.objects.filter(pk__in=[each.pk for each in tasks]).order_by("pk")
        change = bulk.preview(
            "tasks.share",
            rows=rows.values_list("pk", "what"),
            by=manager,
            at=now,
            key=uuid.uuid4(),
            arguments={"why": ""},
        )
        return bulk.work(bulk.confirm(change, by=manager, at=now), clock=lambda: now)

    return start


def results(change):
    return list(change.rows.order_by("pk").values_list("outcome", "why"))


def says(response):
    return response.content.decode()


def test_each_queue_finds_somebody_in_its_own_way(share, waiting, team, agent, colleague, account):
    turns = QueueFactory(team=team, routing="round_robin", turn=agent)
    owners = QueueFactory(team=team, routing="owner")
    busy = QueueFactory(team=team, routing="least_busy")
    TaskFactory(account=account, owner=agent, effort=240)

    change = share(waiting(turns), waiting(owners), waiting(busy, effort=300), waiting(turns))

    assert results(change) == [
        ("done", "Bea Stone has it."),
        ("done", "Ada Lovett has it."),
        ("done", "Bea Stone has it."),
        ("done", "Ada Lovett has it."),
    ]


def test_what_people_take_themselves_goes_to_who_has_most_time(
    share, waiting, queue, agent, colleague, account, told
):
    TaskFactory(account=account, owner=agent, effort=60)
    tasks = [waiting(queue, effort=45, found_nobody=True) for _ in range(4)]

    change = share(*tasks)

    # Each is counted before the next one is given.
    assert [why for _outcome, why in results(change)] == [
        "Bea Stone has it.",
        "Bea Stone has it.",
        "Ada Lovett has it.",
        "Bea Stone has it.",
    ]
    assert set(Task.objects.values_list("found_nobody", flat=True)) == {False}
    assert {each["queue"] for each in told("tasks.assigned")} == {"Follow-ups"}


def test_what_somebody_has_and_where_nobody_is_there_stays(
    share, waiting, queue, agent, account, now
):
    OutOfOfficeFactory(user=agent, starts_on=date(2026, 6, 9), ends_on=date(2026, 6, 9))
    hers = TaskFactory(account=account, owner=agent)
    closed = waiting(queue, state="cancelled", closed_at=now)
    empty = QueueFactory(team=TeamFactory())
    gone = waiting(queue)
    change = share(hers, closed, waiting(queue), waiting(empty), gone)

    assert results(change) == [
        ("skipped", "Ada Lovett has it already."),
        ("skipped", "Mainstay has cancelled this task. Nothing is left to do."),
        ("skipped", "Nobody of the team is there to take it."),
        ("skipped", "Nobody of the team is there to take it."),
        ("skipped", "Nobody of the team is there to take it."),
    ]


def test_it_can_be_undone(share, waiting, queue, agent, manager, now):
    task = waiting(queue)
    change = share(task)
    task.refresh_from_db()
    assert task.owner == agent

    change = bulk.work(bulk.undo(change, by=manager, at=now), clock=lambda: now)

    task.refresh_from_db()
    assert (change.restored, task.owner, task.queue) == (1, None, queue)


def test_the_preview_knows_which_have_somebody(waiting, queue, account, agent, manager, now):
    tasks = [TaskFactory(account=account, owner=agent), waiting(queue)]
    pks = Task.objects.filter(pk__in=[each.pk for each in tasks]).values("pk")

    pairs = kinds.get("tasks.share").forecast(pks, why="", by=manager)

    assert [text % {"count": count} for count, text in pairs if count] == [
        "1 task has somebody already."
    ]


def test_one_button_shares_out_what_the_page_is_about(
    as_manager, waiting, queue, agent, colleague, account
):
    waiting(queue, kind="check")
    waiting(queue, kind="email")
    page = as_manager.get("/tasks/team/?kind=check&by=person")
    assert "1 with nobody" in says(page)
    given = page.context["share"]
    assert given["question"] == "tab=nobody&kind=check"

    data = {"do": "tasks.share", "all": "1", **given}
    preview = as_manager.post(BULK, data, follow=True)

    assert "Each goes to whom its queue chooses" in says(preview)
    assert "Change 1 task" in says(preview)
    assert "Choose something else" not in says(preview)
    change = BulkChange.objects.get()
    asked = {"shown": change.shown}
    done = as_manager.post(f"{BULK}{change.pk}/confirm/", asked, follow=True)
    assert "1 task changed." in says(done)
    results = as_manager.get(f"{BULK}{change.pk}/")
    assert "Changed: Ada Lovett has it." in says(results) or "Done: Ada Lovett" in says(results)


def test_it_is_offered_where_nobody_has_them(as_manager, account, agent, waiting, queue):
    TaskFactory(account=account, owner=agent)
    assert "tasks.share" not in says(as_manager.get("/tasks/team/"))
    waiting(queue)

    def offered(tab):
        page = as_manager.get(f"/tasks/team/?tab={tab}")
        return [each.kind for each in page.context["offers"]]

    assert offered("nobody") == ["tasks.assign", "tasks.move", "tasks.cancel", "tasks.share"]
    assert offered("team") == ["tasks.assign", "tasks.move", "tasks.cancel"]
    assert offered("done") == []
