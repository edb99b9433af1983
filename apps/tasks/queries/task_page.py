"""One task: what is known of it, what happened, and what this person can do with it."""

from dataclasses import dataclass
from datetime import datetime

from apps.history.models import Event
from apps.tasks import origins
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import escalation
from apps.tasks.queries.left import Left, left
from apps.tasks.queries.people import takes_from
from apps.tasks.queries.working import hours_for
from apps.tasks.rules import GRACE


@dataclass(frozen=True)
class TaskPage:
    """Everything the page of a task shows besides the task itself."""

    account: object  # whose page leads here: of a merged record the kept one
    about: origins.About | None  # what it was made for
    left: Left | None  # while it is open
    is_asleep: bool
    handoff: Handoff | None  # that waits for an answer
    answered: list  # hand-offs before it
    events: list
    may_act: bool  # complete it, put it off, move or correct it
    leads: bool  # gives it to anybody
    may_take: bool
    may_start: bool
    may_hand_off: bool
    may_release: bool
    may_undo: bool
    asks_me: bool  # the hand-off waits for this person


def task_page(task, *, user, at):
    """Read the page of a task.

    Args:
        task: from `Task.objects.for_page()`, that this person may see.
        user: who reads.
        at: now.
    """
    handoffs = _handoffs(task)
    waiting = next((each for each in handoffs if not each.answer), None)
    is_open, leads = task.is_open, task.is_open and user.has_perm("tasks.assign")
    is_mine = is_open and task.owner_id == user.pk
    may_take = is_open and task.owner_id is None and (leads or takes_from(user, task.queue))
    may_act = is_mine or leads or may_take
    return TaskPage(
        account=task.account.merged_into or task.account,
        about=origins.of([(task.pk, task.origin)]).get(task.pk),
        left=_left(task, at) if is_open else None,
        is_asleep=task.is_asleep(at),
        handoff=waiting,
        answered=[each for each in handoffs if each.answer],
        events=story_of(task),
        may_act=may_act,
        leads=leads,
        may_take=may_take,
        may_start=is_mine and task.state == Task.State.OPEN,
        may_hand_off=is_mine and waiting is None,
        may_release=may_act and task.owner_id is not None and task.queue_id is not None,
        may_undo=may_undo(task, user=user, at=at),
        asks_me=waiting is not None and waiting.receiver_id == user.pk,
    )


def _handoffs(task):
    rows = Handoff.objects.filter(task=task).select_related("sender", "receiver")
    return list(rows.order_by("-sent_at", "-pk"))


def _left(task, at):
    hours = hours_for(task.owner, task.queue)
    risk = escalation.risks()[task.kind, task.priority]
    return left(task.due_at, since=task.due_after or task.made_at, at=at, hours=hours, risk=risk)


def may_undo(task, *, user, at):
    """Say whether somebody closed a task so lately that they can take it back."""
    return not task.is_open and task.closed_by_id == user.pk and at - task.closed_at < GRACE


def story_of(task):
    """Return what happened to one task, oldest first."""
    events = Event.objects.on(task.account.timeline_id).for_list()
    about = events.filter(subject_label="tasks.task", subject_id=task.pk)
    return about.order_by("id")


def woken_early(task, *, at):
    """Return until when and why a task was put off that woke before, if that still lies ahead.

    Returns:
        First values of the form that puts it off again, or none.
    """
    woken = story_of(task).of_kinds(["tasks.woken"]).last()
    until = woken and datetime.fromisoformat(woken.payload["until"])
    return {"moment": until, "reason": woken.payload["reason"]} if until and until > at else {}


def find(pk, *, user):
    """Return the task with an id as its page needs it, if this person may see it; or None."""
    return Task.objects.visible_to(user).for_page().filter(pk=pk).first()
