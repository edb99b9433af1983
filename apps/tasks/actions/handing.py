"""Asking a colleague to take a task; until they accept, it is the sender's."""

from django.db import transaction

from apps.tasks.actions.common import check_open, give, hold, tell, words_of, write
from apps.tasks.actions.giving import check_can_take
from apps.tasks.actions.making import create
from apps.tasks.actions.refusals import (
    HandoffAnswered,
    HandoffWaits,
    NobodysTask,
    NobodyThere,
    NotYourHandoff,
    NotYours,
)
from apps.tasks.models import Handoff

Answer = Handoff.Answer


@transaction.atomic
def hand_off(task, *, to, why, summary, by, at):
    """Ask a colleague to take a task. Safe to call twice.

    Args:
        task: which.
        to: who is asked.
        why: what for.
        summary: what they have to know: lines of plain text.
        by: whose task it is.
        at: now.

    Returns:
        The hand-off.

    Raises:
        AlreadyClosed: it was completed or cancelled.
        Away: the colleague is out of office on the day it is due.
        CannotTake: the colleague does not work here any more or must not see the customer.
        HandoffWaits: somebody else was asked before.
        NobodysTask: nobody has it yet.
        NobodyThere: it is the colleague's already.
        NotYours: it is somebody else's.
        WhyMissing: no reason was given.
    """
    task = hold(task)
    check_open(task)
    _check_sender(task, by)
    if to == by:
        raise NobodyThere(task)
    why = words_of(task, why)
    if waiting := _of(Handoff.objects.filter(task=task, answer=Answer.PENDING)).first():
        if waiting.receiver != to:
            raise HandoffWaits(task, waiting)
        return waiting
    check_can_take(task, to, at=at)
    handoff = Handoff.objects.create(
        task=task, sender=by, receiver=to, why=why, summary=summary, sent_at=at
    )
    tell(
        "tasks.handed_off",
        task,
        by=by,
        at=at,
        receiver=str(to),
        receiver_id=to.pk,
        why=why,
        handoff=handoff.pk,
    )
    return handoff


@transaction.atomic
def create_and_ask(*, to, why, summary, by, at, **words):
    """Make a task and ask a colleague to take it; until they accept, it is the sender's.

    The same cause gives the task that is there. Where it became somebody else's, as the sender
    is away, nobody is asked.

    Args:
        to: who is asked.
        why: what for.
        summary: what they have to know: lines of plain text.
        by: who makes it.
        at: now.
        **words: of `create()`.

    Raises:
        Away: the colleague is out of office on the day it is due.
        CannotTake: the colleague does not work here any more or must not see the customer.
        WhyMissing: no reason was given.
    """
    task = create(owner=by, by=by, at=at, **words)
    if task.owner == by and not task.handoffs.exists():
        hand_off(task, to=to, why=why, summary=summary, by=by, at=at)
    return task


def _check_sender(task, by):
    if task.owner_id is None:
        raise NobodysTask(task)
    if task.owner_id != by.pk:
        raise NotYours(task)


@transaction.atomic
def accept(handoff, *, by, at):
    """Take a task that one was asked to take. Safe to call twice.

    Raises:
        HandoffAnswered: it was declined or taken back before.
        NotYourHandoff: somebody else was asked.
    """
    handoff = _hold(handoff)
    if not _is_new(handoff, handoff.receiver, Answer.ACCEPTED, by=by):
        return handoff
    task = handoff.task
    give(task, handoff.receiver, at=at)
    write(task)
    return settle(handoff, Answer.ACCEPTED, by=by, at=at)


@transaction.atomic
def decline(handoff, *, by, at, note):
    """Say that one does not take a task, and why; it stays the sender's. Safe to call twice.

    Raises:
        HandoffAnswered: it was accepted or taken back before.
        NotYourHandoff: somebody else was asked.
        WhyMissing: no reason was given.
    """
    handoff = _hold(handoff)
    if not _is_new(handoff, handoff.receiver, Answer.DECLINED, by=by):
        return handoff
    note = words_of(handoff.task, note)
    return settle(handoff, Answer.DECLINED, by=by, at=at, note=note)


@transaction.atomic
def withdraw(handoff, *, by, at):
    """Take back what one asked of a colleague. Safe to call twice.

    Raises:
        HandoffAnswered: it was accepted or declined before.
        NotYourHandoff: somebody else asked.
    """
    handoff = _hold(handoff)
    if not _is_new(handoff, handoff.sender, Answer.WITHDRAWN, by=by):
        return handoff
    return settle(handoff, Answer.WITHDRAWN, by=by, at=at)


def _of(handoffs):
    return handoffs.select_related("task", "sender", "receiver")


def _hold(handoff):
    """Take the task's row, which whoever answers takes first; return the hand-off as it is now."""
    task = hold(handoff.task_id)
    handoff = _of(Handoff.objects).get(pk=handoff.pk)
    handoff.task = task
    return handoff


def _is_new(handoff, whose, answer, *, by):
    """Say whether an answer is still to be given; False when it was this one."""
    if by != whose:
        raise NotYourHandoff(handoff)
    if handoff.answer == answer:
        return False
    if handoff.answer != Answer.PENDING:
        raise HandoffAnswered(handoff)
    return True


def settle(handoff, answer, *, by, at, note=""):
    """Write down what became of a hand-off whose task is held, and say so."""
    handoff.answer, handoff.answered_at, handoff.answer_note = answer, at, note
    handoff.save()
    tell(
        "tasks.handoff_answered",
        handoff.task,
        by=by,
        at=at,
        answer=str(answer),
        note=note,
        sender=str(handoff.sender),
        sender_id=handoff.sender_id,
        receiver=str(handoff.receiver),
        receiver_id=handoff.receiver_id,
    )
    return handoff
