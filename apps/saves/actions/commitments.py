"""Commitments: made, kept, broken, made good, waived, moved."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import ChangedMeanwhile, Refused
from apps.accounts.actions.common import hold as hold_accounts
from apps.accounts.actions.common import lock
from apps.accounts.actions.keys import once
from apps.history import actions as history
from apps.saves import rules
from apps.saves.actions import tasking
from apps.saves.models import Commitment
from apps.saves.queries import commitments as reading
from apps.tasks.actions import following
from apps.tasks.actions.common import one_by_one

State = Commitment.State
EVIDENCE = Commitment._meta.get_field("evidence").max_length


class DayOver(Refused):
    """A day that has ended where the owner is."""

    def __init__(self):
        super().__init__(_("Choose today or a later day, as it is where the owner is."))


class Unsaid(Refused):
    """Nothing that shows it, or no reason."""

    def __init__(self):
        super().__init__(_("Write what shows it, or why, in a few words."))


class Settled(Refused):
    """Somebody said already what became of it."""

    def __init__(self, commitment):
        words = {"state": commitment.get_state_display()}
        super().__init__(_("This commitment is settled already: %(state)s.") % words)


class Broken(Refused):
    """Its day has ended, so that it can be made good and nothing else."""

    def __init__(self):
        super().__init__(_("Its day is over, so it is broken. You can still make it good."))


class ReopenTooLate(Refused):
    """Somebody else settled it, or too long ago."""

    def __init__(self):
        super().__init__(_("Only who settled it can undo that, within ten minutes."))


@transaction.atomic
def add(account, *, by, at, key=None, **words):
    """Write down a commitment on the customer's page; a form that comes twice makes one.

    Args:
        account: the customer.
        by: who said it.
        at: now.
        key: of the form.
        **words: text, owner, due_on, is_visible, queue, as `make` takes them.

    Raises:
        DayOver: the day has ended where the owner is.
        FormUsed: the key was used for another form.
        MergedAway: the record was merged into another.
        Removed: the customer was removed.
    """
    account = lock(account)
    with once(key, by=by, purpose=f"saves.commitment:{account.pk}", at=at) as form:
        if form.result:
            return Commitment.objects.get(pk=form.result)
        commitment = make(account, by=by, at=at, **words)
        form.result = commitment.pk
    return commitment


@transaction.atomic
def make(account, *, text, owner, due_on, by, at, case=None, is_visible=True, queue=None):
    """Write down something that we said we would do, with the task of doing it.

    Whoever is away on that day has it kept by their stand-in.

    Args:
        account: the customer, whose row is held.
        text: what, in words.
        owner: who keeps it; of what a team keeps, until somebody of the team has taken it.
        due_on: the day by whose end, in the owner's zone, it is kept or broken.
        by: who said it.
        at: now.
        case: the call on which it was said; None for one written on the customer page.
        is_visible: whether the customer knows of it.
        queue: of the team that keeps it.

    Raises:
        DayOver: the day has ended where the owner is.
    """
    if rules.is_over(due_on, owner.time_zone, at):
        raise DayOver
    commitment = Commitment.objects.create(
        account=account,
        case=case,
        text=text,
        owner=owner,
        due_on=due_on,
        is_visible=is_visible,
        made_by=by,
        made_at=at,
    )
    if not account.merged_into_id:  # the worker does it, which takes the rows of both in order
        tasking.give(commitment, by=by, at=at, queue=queue)
    _tell("saves.committed", commitment, by=by, at=at)
    return commitment


@transaction.atomic
def keep(commitment, *, evidence, by, at, version=None):
    """Say that a commitment was kept, and what shows it.

    When its day has ended it is broken, whether or not anybody noticed yet: then it is made
    good, which leaves it broken. Safe to call twice.

    Args:
        commitment: which.
        evidence: what shows it.
        by: who says so.
        at: now.
        version: the one that the page showed, to notice that somebody was faster.

    Returns:
        The commitment: kept, or broken and made good.

    Raises:
        ChangedMeanwhile: somebody changed or settled it after the page was shown.
        Settled: it was kept, waived or made good before.
        Unsaid: the evidence is empty.
    """
    commitment, evidence = _hold(commitment), _words(evidence)
    is_kept = commitment.state == State.KEPT or commitment.made_good_at
    if is_kept and commitment.evidence == evidence:
        return commitment
    _check(commitment, version)
    if commitment.is_open and _is_over(commitment, at):
        _break(commitment, at=at)
    if commitment.is_open:
        _settle(commitment, State.KEPT, evidence=evidence, by=by, at=at)
        _tell("saves.commitment_kept", commitment, by=by, at=at, evidence=evidence)
    elif commitment.can_be_made_good:
        commitment.evidence = evidence
        commitment.made_good_at, commitment.made_good_by = at, by
        _write(commitment)
        _tell("saves.commitment_made_good", commitment, by=by, at=at, evidence=evidence)
    else:
        raise Settled(commitment)
    tasking.complete(commitment, by=by, at=at)
    return commitment


@transaction.atomic
def waive(commitment, *, evidence, by, at, version=None):
    """Say that a commitment need not be kept any more, and why; before its day has ended.

    Safe to call twice.

    Args:
        commitment: which.
        evidence: why, as that the customer said so.
        by: who says so.
        at: now.
        version: the one that the page showed.

    Raises:
        Broken: its day has ended.
        ChangedMeanwhile: somebody changed or settled it after the page was shown.
        Settled: it was kept or waived before.
        Unsaid: the reason is empty.
    """
    commitment, evidence = _hold(commitment), _words(evidence)
    if (commitment.state, commitment.evidence) == (State.WAIVED, evidence):
        return commitment
    _check(commitment, version)
    _refuse_unless_open(commitment, at)
    return _waive(commitment, evidence=evidence, by=by, at=at)


def _waive(commitment, *, evidence, by, at, **told):
    _settle(commitment, State.WAIVED, evidence=evidence, by=by, at=at)
    _tell("saves.commitment_waived", commitment, by=by, at=at, evidence=evidence, **told)
    tasking.cancel(commitment, by=by, at=at)
    return commitment


@transaction.atomic
def reassign(commitment, *, why, by, at, owner=None, due_on=None, queue=None, version=None):
    """Hand a commitment to somebody else or a team, or move its day; before that day has ended.

    Safe to call twice, with the version where a queue finds somebody.

    Args:
        commitment: which.
        why: the reason, for whoever reads this later.
        by: who says so.
        at: now.
        owner: who keeps it from now on; None for who did.
        due_on: the new day; None for the one it has.
        queue: of the team that keeps it from now on; until somebody of the team has it, it stays
            whose it is.
        version: the one that the page showed.

    Raises:
        Away: the new owner is out of office on the day.
        Broken: its day has ended.
        CannotTake: the new owner can't take tasks of the customer.
        ChangedMeanwhile: somebody changed or settled it after the page was shown.
        DayOver: the new day has ended where its owner is.
        QueueOfOthers: the customer's team is private, and the queue is another team's.
        Settled: it was kept or waived before.
        Unsaid: the reason is empty.
    """
    commitment, why = _hold(commitment), _words(why)
    keeper, due_on = owner or commitment.owner, due_on or commitment.due_on
    is_there = tasking.is_with(commitment, owner, queue)
    if is_there and (keeper, due_on) == (commitment.owner, commitment.due_on):
        return commitment
    _check(commitment, version)
    _refuse_unless_open(commitment, at)
    if rules.is_over(due_on, keeper.time_zone, at):
        raise DayOver
    said = {"why": why, "by": by, "at": at}
    if queue and not is_there:
        found = tasking.arrive(commitment, queue, due_on, **said)
        names = [str(commitment.owner), str(found or commitment.task.queue)]
        _change(commitment, found or keeper, due_on, names=names, **said)
    else:
        names = (
            [] if is_there else [str(commitment.task.owner or commitment.task.queue), str(owner)]
        )
        _change(commitment, keeper, due_on, names=names, **said)
        tasking.move(commitment, owner, **said)
    return commitment


def _change(commitment, owner, due_on, *, why, by, at, names=(), **more):
    """Write down whose a commitment is and its day; `names` where its task leaves or joins a queue."""
    former = commitment.owner
    changes = {}
    if names or owner != former:
        changes["owner"] = [*names] or [str(former), str(owner)]
    if due_on != commitment.due_on:
        changes["due_on"] = [commitment.due_on.isoformat(), due_on.isoformat()]
    commitment.owner, commitment.due_on = owner, due_on
    _write(commitment)
    if owner != former:
        more["former_owner_id"] = former.pk
    _tell("saves.commitment_changed", commitment, by=by, at=at, changes=changes, why=why, **more)


@transaction.atomic
def reopen(commitment, *, by, at):
    """Take back a moment later what one said of a commitment; safe to call twice.

    Args:
        commitment: which.
        by: who settled it.
        at: now, within ten minutes.

    Raises:
        ReopenTooLate: it was somebody else, or longer ago.
    """
    commitment = _hold(commitment)
    if commitment.is_open or commitment.can_be_made_good:
        return commitment
    if not commitment.may_be_reopened(by, at):
        raise ReopenTooLate
    return _open_again(commitment, by=by, at=at)


def _open_again(commitment, *, by, at, **told):
    was = "made_good" if commitment.made_good_at else commitment.state
    if commitment.made_good_at:
        commitment.made_good_at = commitment.made_good_by = None
    else:
        commitment.state = State.OPEN
        commitment.settled_at = commitment.settled_by = None
    commitment.evidence = ""
    _write(commitment)
    _tell("saves.commitment_reopened", commitment, by=by, at=at, was=str(was), **told)
    tasking.reopen(commitment, by=by, at=at)
    return commitment


@transaction.atomic
def follow_task(task_id, *, why, by, at, **told):
    """Let a commitment be as its task is now; one without a commitment is nothing to this.

    Both are written in one transaction when somebody settles or moves the commitment, so what
    differs here was done with the task. Safe to call twice, and late.

    Args:
        task_id: of the task with which something was done.
        why: the reason, for one that was handed over or moved.
        by: who did it, or None for Mainstay itself.
        at: when they did it.
        **told: where some hear of many tasks in one message, their ids, as `told`.
    """
    commitment = Commitment.objects.filter(task=task_id).first()
    if commitment is None:
        return
    commitment = _hold(commitment)
    if commitment.task.is_open:
        _follow_open(commitment, why=why, by=by, at=at, **told)
    else:
        _follow_closed(commitment, **told)


def _follow_open(commitment, *, why, by, at, **told):
    if commitment.is_open:
        _follow_moved(commitment, why=why, by=by, at=at, **told)
    elif not commitment.can_be_made_good:
        # Whoever opened the task might: that was asked there.
        _open_again(commitment, by=by, at=at, **told)


def _follow_moved(commitment, *, why, by, at, **told):
    """Take over whose the task is, and its day; what was broken meanwhile stays as it is."""
    task = commitment.task
    owner = task.owner or commitment.owner
    due_on = rules.day_of(task.due_at, owner.time_zone)
    is_same = (owner, due_on) == (commitment.owner, commitment.due_on)
    if not is_same and not _is_over(commitment, at):
        _change(commitment, owner, due_on, why=why, by=by, at=at, **told)


def _follow_closed(commitment, **told):
    task = commitment.task
    by, at = task.closed_by or commitment.owner, task.closed_at
    said = task.outcome[:EVIDENCE] or task.what
    if task.state == task.State.DONE:
        if commitment.is_open or commitment.can_be_made_good:
            keep(commitment, evidence=said, by=by, at=at)
    elif commitment.is_open and not _is_over(commitment, at):
        _waive(commitment, evidence=said, by=by, at=at, **told)


@transaction.atomic
def follow_calendars(*, at):
    """Move the tasks of commitments whose day ends at another moment for whoever has them now.

    Safe to call twice. All rows first, then timelines in their order, as everywhere: whoever
    waits for one of several does not keep what another one waits for.

    Args:
        at: now.
    """
    found = {row.pk: row.task_id for row, _moment in reading.moves(Commitment.objects.all(), at=at)}
    held = Commitment.objects.select_for_update().filter(pk__in=found).order_by("pk")
    list(held.only("pk"))
    following.hold_many(found.values())
    rows = Commitment.objects.filter(pk__in=found).order_by("task__account__timeline", "pk")
    for commitment, moment in reading.moves(rows, at=at):
        tasking.follow_calendar(commitment, moment, at=at)


def give_tasks(*, at, limit=100):
    """Make the tasks of open commitments that have none, as of the moment they were made.

    Those are from before there were tasks, or could have none until now. One transaction for
    each; one that somebody has in hand is left for the next run.

    Args:
        at: now.
        limit: how many in one run.

    Returns:
        How many were made.
    """
    return one_by_one(reading.taskless(limit=limit), _give_task, at=at)


@transaction.atomic
def _give_task(pk, *, at):
    account = Commitment.objects.select_related("account").get(pk=pk).account
    hold_accounts(account.merged_into_id or account.pk)
    rows = Commitment.objects.open().select_for_update(skip_locked=True, of=["self"])
    if not rows.filter(pk=pk, task=None).exists():
        return False
    commitment = Commitment.objects.select_related("owner", "made_by").get(pk=pk)
    tasking.give(commitment, by=commitment.made_by, at=commitment.made_at)
    return commitment.task_id is not None


def break_overdue(*, at, limit=100):
    """Mark open commitments whose day has ended where their owner is as broken.

    One transaction for each, so that no two timelines are held at once; one that somebody has
    in hand is left for the next run.

    Args:
        at: now.
        limit: how many in one run.

    Returns:
        How many were marked.
    """
    return sum(_mark_broken(pk, at=at) for pk in reading.overdue(at, limit=limit))


@transaction.atomic
def _mark_broken(pk, *, at):
    rows = Commitment.objects.open().select_for_update(skip_locked=True, of=["self"])
    commitment = rows.select_related("account__timeline", "owner").filter(pk=pk).first()
    if commitment is None or not _is_over(commitment, at):
        return False
    _break(commitment, at=at)
    return True


def _hold(commitment):
    """Take the row, and return it as it is now."""
    # Alone, and read afterwards: joined with an owner that changes while this one waits, the row
    # would seem not to be there.
    Commitment.objects.select_for_update().only("pk").get(pk=commitment.pk)
    held = Commitment.objects.select_related("account__timeline", "owner").get(pk=commitment.pk)
    # The task before the timeline, as whoever does something with the task takes them.
    held.task = following.hold(held.task_id) if held.task_id else None
    return held


def _words(text):
    text = text.strip()
    if not text:
        raise Unsaid
    return text


def _check(commitment, version):
    if version not in {None, commitment.version}:
        raise ChangedMeanwhile(commitment)


def _refuse_unless_open(commitment, at):
    if commitment.can_be_made_good or (commitment.is_open and _is_over(commitment, at)):
        raise Broken
    if not commitment.is_open:
        raise Settled(commitment)


def _is_over(commitment, at):
    return rules.is_over(commitment.due_on, commitment.owner.time_zone, at)


def _break(commitment, *, at):
    _settle(commitment, State.BROKEN, evidence="", by=None, at=at)
    _tell("saves.commitment_broken", commitment, by=None, at=at)


def _settle(commitment, state, *, evidence, by, at):
    commitment.state, commitment.evidence = state, evidence
    commitment.settled_at, commitment.settled_by = at, by
    _write(commitment)


def _write(commitment):
    commitment.version += 1
    commitment.save()


def _tell(kind, commitment, *, by, at, **more):
    """Write what happened into the history of the record that it was said to."""
    history.record(
        kind,
        timeline=commitment.account.timeline,
        by=by,
        at=at,
        subject=commitment,
        text=commitment.text,
        owner=str(commitment.owner),
        owner_id=commitment.owner_id,
        due_on=commitment.due_on.isoformat(),
        **more,
    )
