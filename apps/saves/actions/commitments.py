"""Commitments: made, kept, broken, made good, waived, moved."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import ChangedMeanwhile, Refused
from apps.accounts.actions.common import lock
from apps.accounts.actions.keys import once
from apps.history import actions as history
from apps.saves import rules
from apps.saves.models import Commitment
from apps.saves.queries import commitments as reading

State = Commitment.State


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
        **words: text, owner, due_on, is_visible, as `make` takes them.

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
def make(account, *, text, owner, due_on, by, at, case=None, is_visible=True):
    """Write down something that we said we would do.

    Args:
        account: the customer.
        text: what, in words.
        owner: who keeps it.
        due_on: the day by whose end, in the owner's zone, it is kept or broken.
        by: who said it.
        at: now.
        case: the call on which it was said; None for one written on the customer page.
        is_visible: whether the customer knows of it.

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
    _settle(commitment, State.WAIVED, evidence=evidence, by=by, at=at)
    _tell("saves.commitment_waived", commitment, by=by, at=at, evidence=evidence)
    return commitment


@transaction.atomic
def reassign(commitment, *, why, by, at, owner=None, due_on=None, version=None):
    """Hand a commitment to somebody else, or move its day; before that day has ended.

    Safe to call twice.

    Args:
        commitment: which.
        why: the reason, for whoever reads this later.
        by: who says so.
        at: now.
        owner: who keeps it from now on; None for who did.
        due_on: the new day; None for the one it has.
        version: the one that the page showed.

    Raises:
        Broken: its day has ended.
        ChangedMeanwhile: somebody changed or settled it after the page was shown.
        DayOver: the new day has ended where its owner is.
        Settled: it was kept or waived before.
        Unsaid: the reason is empty.
    """
    commitment, why = _hold(commitment), _words(why)
    former, owner = commitment.owner, owner or commitment.owner
    due_on = due_on or commitment.due_on
    changes = {
        "owner": [str(former), str(owner)] if owner != former else None,
        "due_on": [commitment.due_on.isoformat(), due_on.isoformat()]
        if due_on != commitment.due_on
        else None,
    }
    changes = {name: change for name, change in changes.items() if change}
    if not changes:
        return commitment
    _check(commitment, version)
    _refuse_unless_open(commitment, at)
    if rules.is_over(due_on, owner.time_zone, at):
        raise DayOver
    commitment.owner, commitment.due_on = owner, due_on
    _write(commitment)
    more = {"former_owner_id": former.pk} if owner != former else {}
    _tell("saves.commitment_changed", commitment, by=by, at=at, changes=changes, why=why, **more)
    return commitment


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
    was = "made_good" if commitment.made_good_at else commitment.state
    if commitment.made_good_at:
        commitment.made_good_at = commitment.made_good_by = None
    else:
        commitment.state = State.OPEN
        commitment.settled_at = commitment.settled_by = None
    commitment.evidence = ""
    _write(commitment)
    _tell("saves.commitment_reopened", commitment, by=by, at=at, was=str(was))
    return commitment


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
    return Commitment.objects.select_related("account__timeline", "owner").get(pk=commitment.pk)


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
