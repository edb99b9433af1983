"""Leaving with grace, and what it would take to come back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts.actions.common import lock
from apps.accounts.models import Account
from apps.history import actions as history
from apps.history.models import Event
from apps.reasons.models import Reason
from apps.saves.models import Outcome, WinBack
from apps.saves.queries import win_backs

# What people write, and the history compares.
FIELDS = [*win_backs.WORDS, "next_on"]
Ended = WinBack.Ended
# For who left without a call, and so without a reason that knows better.
DAYS = Reason._meta.get_field("win_back_days").default


class NobodyLeft(accounts.Refused):
    """The customer is one (again), so that there is nobody to win back."""

    def __init__(self, account):
        super().__init__(
            _("%(name)s is a customer: there is nobody to win back.") % {"name": account.name}
        )
        self.url = account.get_absolute_url()


def begin(case, account, *, at):
    """Let the win-back follow a call: leaving begins one, staying after all ends it.

    Safe to call twice, and again when the call was corrected to leaving, or to another day.

    Args:
        case: the call as it is now.
        account: its customer, locked; `churned_on` as it was before the call will do.
        at: now.
    """
    if case.outcome == Outcome.LEFT:
        _leave(case, account, at=at)
    elif case.outcome == Outcome.STAYED and account.churned_on:
        _end(account, Ended.RETURNED, by=case.agent, at=at)


def _leave(case, account, *, at):
    """Leave a customer who left alone for as long as their reason asks."""
    rows = WinBack.objects.select_for_update().filter(
        Q(case=case) | Q(account__in=win_backs.records(account), ended__in=WinBack.CURRENT)
    )
    found = {row.case_id == case.pk: row for row in rows.order_by("not_before", "pk")}
    mine, row = found.get(True), found.get(False) or found.get(True)
    if row is None:
        row = WinBack(account=account, changed_by=case.agent, version=0)
    before = _texts(row)
    if not _is_written(row, account):
        row.blocker = blocker(case)
    row.not_before = not_before(case)
    if mine is None:
        row.case = case
    row.ended, row.closed_at = "", None
    _write(row, account, before, by=case.agent, at=at, source=_("a save call"))


@transaction.atomic
def withdraw(case, *, by, at):
    """Take back what a call began that did not end with leaving: it was corrected.

    A customer who said so on an earlier call as well goes on leaving, as they said there.
    """
    row = WinBack.objects.select_for_update().filter(case=case, ended__in=WinBack.CURRENT).first()
    if row is None:
        return
    account = case.account.merged_into or case.account
    earlier = win_backs.last_leaving(account, but=case)
    if earlier is None:
        _close(row, account, Ended.CORRECTED, by=by, at=at)
        return
    before = _texts(row)
    if not _is_written(row, account):
        row.blocker = blocker(earlier)
    row.not_before = not_before(earlier)
    if not WinBack.objects.filter(case=earlier).exists():
        row.case = earlier
    _write(row, account, before, by=by, at=at, source=_("a corrected call"))


@transaction.atomic
def close(account, *, by, at):
    """End the win-back of a customer who came back; one who left again since is left alone."""
    pk = account.merged_into_id or account.pk
    rows = Account.objects.select_for_update(of=["self"]).select_related("timeline")
    account = rows.get(pk=pk)
    if account.churned_on is None:
        _end(account, Ended.RETURNED, by=by, at=at)


@transaction.atomic
def plan(account, *, by, at, version=None, rest=False, **details):
    """Write down what would bring back a customer who left; the first time begins a win-back.

    Safe to call twice.

    Args:
        account: the customer.
        by: who writes it.
        at: now.
        version: the one that the form showed, 0 for none, to notice that somebody was faster.
        rest: whether to leave them in peace from now on.
        **details: any of blocker, what_changed, still_uncertain, path_to_value, next_on.

    Returns:
        The win-back.

    Raises:
        NobodyLeft: the customer is back, or never left.
        ChangedMeanwhile: the version is not the newest; it carries the win-back.
        MergedAway: the record was merged into another.
        Removed: the customer was removed.
    """
    account = lock(account)
    if account.churned_on is None:
        raise NobodyLeft(account)
    row = win_backs.current_of(account).select_for_update().first() or _new(account)
    ended = Ended.RESTED if rest else ""
    if rest:
        details["next_on"] = None
    changed = [name for name, value in details.items() if getattr(row, name) != value]
    if row.pk and not changed and row.ended == ended:
        return row
    if version not in {None, row.version}:
        raise accounts.ChangedMeanwhile(row)
    before, was_rested = _texts(row), row.ended
    for name in changed:
        setattr(row, name, details[name])
    row.ended, row.closed_at = ended, at if rest else None
    _write(row, account, before, by=by, at=at)
    if rest and not was_rested:
        _tell_ended(row, account, by=by, at=at)
    return row


def blocker(case):
    """Say why somebody left, with what would bring them back, as far as they said."""
    if not case.back_if:
        return case.reason_text
    return f"{case.reason_text}\n" + _("Back if: %(what)s") % {"what": case.back_if}


def not_before(case):
    """Return the day before which nobody offers anything to who left on a call."""
    return case.leaves_on + timedelta(days=case.reason.win_back_days)


def _new(account):
    """Return a win-back, not written yet, for a customer who left without one."""
    case = win_backs.last_leaving(account)
    row = WinBack(account=account, version=0)
    row.not_before = account.churned_on + timedelta(days=DAYS)
    if case and not WinBack.objects.filter(case=case).exists():
        row.case, row.not_before = case, not_before(case)
    return row


def _is_written(row, account):
    """Whether somebody wrote in their own words why the customer left: those stay."""
    told = Event.objects.filter(
        timeline__in=win_backs.records(account).values("timeline"),
        kind="saves.win_back_planned",
        subject_id=row.pk,
        payload__changes__has_key="blocker",
    )
    return row.pk is not None and told.exclude(payload__has_key="source").exists()


def _texts(row):
    """Return what the history compares, as text; nothing of a row that is not written yet."""
    values = {name: row.pk and getattr(row, name) for name in ["not_before", *FIELDS]}
    return {name: str(value or "") for name, value in values.items()}


def _write(row, account, before, *, by, at, source=None):
    """Save a win-back and tell what changed; one that a call began is told by the call."""
    is_new = row.pk is None
    row.version += 1
    row.changed_at, row.changed_by = at, by
    row.save()
    if is_new and source:
        return
    after = _texts(row)
    changes = {name: [was, after[name]] for name, was in before.items() if was != after[name]}
    payload = {"source": source} if source else {}
    history.record(
        "saves.win_back_planned",
        timeline=account.timeline,
        by=by,
        at=at,
        subject=row,
        changes=changes,
        **payload,
    )


def _end(account, ended, *, by, at):
    for row in list(win_backs.current_of(account).select_for_update()):
        _close(row, account, ended, by=by, at=at)


def _close(row, account, ended, *, by, at):
    row.ended, row.closed_at = ended, at
    row.version += 1
    row.changed_at, row.changed_by = at, by
    row.save()
    _tell_ended(row, account, by=by, at=at)


def _tell_ended(row, account, *, by, at):
    history.record(
        "saves.win_back_ended",
        timeline=account.timeline,
        by=by,
        at=at,
        subject=row,
        why=row.ended,
    )
