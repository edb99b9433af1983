"""Correcting a call that was logged: what it says, and what followed from it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.actions.common import lock
from apps.accounts.models import Account
from apps.history import actions as history
from apps.saves import rules
from apps.saves.actions import watch, win_back
from apps.saves.models import Outcome, SaveCase
from apps.saves.queries import corrections, win_backs


class TooLate(accounts.Refused):
    """The day in which whoever logged it may correct it is over."""

    def __init__(self):
        super().__init__(
            _("A call is corrected within a day by whoever logged it. Ask a manager to do it.")
        )


class WhyMissing(accounts.Refused):
    """A correction that nobody could understand later."""

    def __init__(self):
        super().__init__(_("Write why, so that colleagues understand it later."))


class CorrectedMeanwhile(accounts.Refused):
    """Somebody else corrected the call after the form was opened."""

    def __init__(self, newest):
        super().__init__(_("Somebody else corrected this call while you were typing."))
        self.newest = newest


@transaction.atomic
def correct(case, *, by, at, version, why, **answers):
    """Correct what a call says, and let the customer's record follow as far as it was the call's.

    The events of the call stay as they are; the correction is one of its own. Only the newest
    call of a customer changes the record. Safe to call twice.

    Args:
        case: the call.
        by: who corrects it.
        at: now.
        version: the one that the form showed.
        why: why, in a sentence.
        **answers: any of the names in `words.LABELS`.

    Returns:
        The call as it is now.

    Raises:
        TooLate: they may not, or not any more.
        WhyMissing: nobody says why.
        CorrectedMeanwhile: the version is not the newest; it carries the newest.
        LeftBeforeStart: the customer had not started by the day they leave.
        MergedAway: the record was merged into another.
        Removed: the customer was removed.
    """
    account = lock(Account(pk=family.root(case.account_id)))
    case = _hold(case)
    _refuse(case, by=by, at=at)
    also = answers.pop("also", None)
    before = told(case)
    record = corrections.record_of(
        case, account, later=corrections.later_call(case, account) is not None
    )
    was, reason_id = case.outcome, case.reason_id
    for name, value in answers.items():
        setattr(case, name, value)
    if case.reason_id != reason_id:
        case.reason_text = f"{case.reason.category.name}: {case.reason.name}"
    after = told(case, also)
    changes = {name: [text, after[name]] for name, text in before.items() if text != after[name]}
    if not changes:
        return case
    if version != case.version:
        raise CorrectedMeanwhile(SaveCase.objects.for_page().get(pk=case.pk))
    if not why.strip():
        raise WhyMissing
    case.version += 1
    case.save()
    if also is not None:
        case.also.set(also)
    _tell(case, changes, why=why.strip(), by=by, at=at)
    _follow(case, account, record, was=was, changes=changes, by=by, at=at)
    watch.reckon(account, at=at)
    return case


def _hold(case):
    """Take the row, and return it as it is now."""
    # Alone, and read afterwards: joined with what changes while this one waits, the row would
    # seem not to be there, or to name nobody.
    SaveCase.objects.select_for_update().only("pk").get(pk=case.pk)
    return SaveCase.objects.for_page().get(pk=case.pk)


def _refuse(case, *, by, at):
    has_right, is_own = by.has_perm("saves.correct"), case.agent_id == by.pk
    if not rules.may_correct(case.closed_at, at, is_own=is_own, has_right=has_right):
        raise TooLate


def told(case, also=None):
    """Return the answers of a call as the history keeps them."""
    also = case.also.all() if also is None else also
    return {
        "reason": case.reason_text,
        "also": ", ".join(sorted(each.name for each in also)),
        "solvable": case.solvable,
        "verbatim": case.verbatim,
        "competitor": case.competitor.name if case.competitor else "",
        "mood": str(case.mood or ""),
        "outcome": case.outcome,
        "stay_because": case.stay_because,
        "leaves_on": case.leaves_on.isoformat() if case.leaves_on else "",
        "back_if": case.back_if,
        "export_help": {None: "", True: "yes", False: "no"}[case.export_help],
        "call_back_at": case.call_back_at.isoformat() if case.call_back_at else "",
        "waits_for": case.waits_for,
        "contact": case.contact.name if case.contact else "",
        "channel": case.channel,
        "seconds": str(case.seconds),
        "asked_to_cancel_at": (
            case.asked_to_cancel_at.isoformat() if case.asked_to_cancel_at else ""
        ),
    }


def _tell(case, changes, *, why, by, at):
    """Write the correction into the customer's history."""
    history.record(
        "saves.corrected",
        timeline=case.account.timeline,
        by=by,
        at=at,
        subject=case,
        key=f"case:{case.pk}:{case.version}",
        why=why,
        changes=changes,
        version=case.version,
        outcome=case.outcome,
        reason_id=case.reason_id,
        category_id=case.reason.category_id,
        agent=str(case.agent),
        agent_id=case.agent_id,
        opened_at=case.opened_at.isoformat(),
    )


def _follow(case, account, record, *, was, changes, by, at):
    """Let the record and the win-back follow the corrected outcome."""
    if was == Outcome.LEFT != case.outcome:
        win_back.withdraw(case, by=by, at=at)
    if not record.is_newest:
        return
    today = account.today(at)
    mending = rules.mend(was, case.outcome, record, leaves_on=case.leaves_on, today=today)
    _mend(account, mending, by=by, at=at)
    # `account` still says what it said before, which is what a win-back goes by.
    leaves_otherwise = case.outcome == Outcome.LEFT and _OF_LEAVING & changes.keys()
    if leaves_otherwise or mending.churn == "withdraw":
        win_back.begin(case, account, at=at)
    elif mending.churn == "mark" and case.outcome != Outcome.LEFT:
        _leave_as_before(case, account, at=at)


# What a win-back takes from the call that began it.
_OF_LEAVING = {"outcome", "leaves_on", "back_if", "reason"}


def _mend(account, mending, *, by, at):
    source = _("a corrected call")
    if mending.churn == "mark":
        accounts.mark_churned(account, on=mending.on, source=source, by=by, at=at)
    elif mending.churn == "withdraw":
        accounts.withdraw_churn(account, by=by, at=at)
    if mending.stage:
        accounts.move_stage(account, to=mending.stage, source=source, by=by, at=at)


def _leave_as_before(case, account, *, at):
    """Take up the win-back of the earlier call on which they left."""
    if earlier := win_backs.last_leaving(account, but=case):
        win_back.begin(earlier, account, at=at)
