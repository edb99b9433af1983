"""What the history of a customer says of their tasks."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from apps.history.models import Event
from apps.notifications.models import Notification
from apps.tasks import actions
from tests.factories.tasks import QueueFactory

IT = "“Look at the invoice”"
BUT = f"{IT} was put off until tomorrow, 09:30, but there was"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.fixture
def sentences(time_machine, now):
    """The sentences of all events, in order, as they read on the same day."""
    time_machine.move_to(now, tick=False)

    def read():
        events = Event.objects.order_by("id")
        return [words(render_to_string(event.about.template, {"event": event})) for event in events]

    return read


def test_who_has_a_task(make, agent, colleague, manager, queue, fallback, now, sentences):
    actions.assign(make(owner=agent, what="A"), to=colleague, by=manager, at=now, why="Ada is full")
    task = actions.claim(make(queue=queue, what="B"), by=agent, at=now)
    actions.release(task, by=agent, at=now)
    actions.assign(task, queue=fallback, by=None, at=now)

    assert sentences() == [
        "Task made “A”, for Ada Lovett, due today, 10:30",
        "Task assigned “A”, from Ada Lovett to Bea Stone by Max Brandt: Ada is full",
        "Task made “B”, waits in Follow-ups, due today, 10:30",
        "Task taken “B”, by Ada Lovett from Follow-ups",
        "Task put back “B”, from Ada Lovett into Follow-ups by Ada Lovett",
        "Task assigned “B”, from nobody to Nobody by Mainstay",
    ]


def test_what_became_of_a_task(task, agent, now, sentences):
    actions.complete(task, by=agent, at=now)
    actions.reopen(task, by=agent, at=now)
    actions.cancel(task, by=agent, at=now, why="They paid")
    actions.reopen(task, by=agent, at=now)
    actions.complete(task, by=None, at=now, outcome="It was right")

    assert sentences() == [
        "Task done “Look at the invoice”, by Ada Lovett",
        "Task open again “Look at the invoice”, which Ada Lovett had said was done",
        "Task cancelled “Look at the invoice”, by Ada Lovett: They paid",
        "Task open again “Look at the invoice”, which Ada Lovett had cancelled",
        "Task done “Look at the invoice”, by Mainstay: It was right",
    ]


def test_what_a_colleague_was_asked(task, agent, colleague, now, sentences):
    asked = {"to": colleague, "why": "You know them", "summary": "", "by": agent, "at": now}
    actions.decline(actions.hand_off(task, **asked), by=colleague, at=now, note="I am full")
    actions.withdraw(actions.hand_off(task, **asked), by=agent, at=now)
    actions.accept(actions.hand_off(task, **asked), by=colleague, at=now)

    asks = "Task handed off Ada Lovett asks Bea Stone to take “Look at the invoice”: You know them"
    assert sentences() == [
        asks,
        f"Hand-off declined Bea Stone does not take {IT}, it stays Ada Lovett’s: I am full",
        asks,
        "Hand-off taken back “Look at the invoice” stays Ada Lovett’s",
        asks,
        "Hand-off accepted Bea Stone takes “Look at the invoice” from Ada Lovett",
    ]


def test_when_a_task_is_due(task, agent, now, sentences):
    off = {"reason": "They are away", "by": agent, "at": now}
    for because in ("", "moment", "customer"):
        actions.snooze(task, until=now + DAY, **off)
        actions.wake(task, by=agent, at=now, because=because)
    actions.reschedule(task, due_at=now + DAY, by=agent, at=now)

    put_off = (
        "Task put off “Look at the invoice”, until tomorrow, 09:30 by Ada Lovett: They are away"
    )
    assert sentences() == [
        put_off,
        f"Task is back {IT} was put off until tomorrow, 09:30, but Ada Lovett wants it now",
        put_off,
        "Task is back “Look at the invoice” was put off until now",
        put_off,
        f"Task is back {BUT} contact with the customer",
        "Task moved “Look at the invoice”, due tomorrow, 09:30 instead of today, 09:30",
    ]


def test_what_was_corrected(task, agent, now, sentences):
    changes = {"what": "A", "details": "On paper", "kind": "call", "effort": 5}
    actions.edit(task, by=agent, at=now, version=1, **changes)
    actions.edit(task, by=agent, at=now, version=2, details="", priority=1)

    assert sentences() == ["Task changed “A”, by Ada Lovett"] * 2
    bodies = [
        words(render_to_string("tasks/history/changed_body.html", {"event": event}))
        for event in Event.objects.order_by("id")
    ]
    assert bodies == [
        "What: A, was Look at the invoice Details: On paper Kind: Call, was Check Minutes: 5, was 15",
        "Details: removed, was On paper Priority: Urgent, was Normal",
    ]


@pytest.mark.parametrize("act", ["assign", "hand_off", "create"])
def test_people_hear_of_what_others_do_with_their_tasks(
    act, task, make, agent, colleague, manager, now, ran_jobs
):
    if act == "assign":
        actions.assign(task, to=colleague, by=manager, at=now)
    if act == "hand_off":
        actions.hand_off(task, to=colleague, why="You can.", summary="", by=agent, at=now)
    if act == "create":
        make(owner=colleague, queue=QueueFactory())

    ran_jobs()

    told = set(Notification.objects.values_list("user__name", flat=True))
    assert told == ({"Ada Lovett", "Bea Stone"} if act == "assign" else {"Bea Stone"})
