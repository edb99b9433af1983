"""The day a customer leaves: the one fact from which status follows."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.actions.common import Refused, lock, tell
from apps.accounts.actions.stage import shift
from apps.accounts.models import Account, Stage


class LeftBeforeStart(Refused):
    """A last day without a first one, or before it."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Choose a last day that is not before their first day as a customer.")
        )


def check_dates(account):
    """Refuse dates that the database would refuse: a last day without a first, or before it.

    Raises:
        LeftBeforeStart: in that case.
    """
    first, last = account.started_on, account.churned_on
    if last is not None and (first is None or last < first):
        raise LeftBeforeStart


def leave(account, *, on, by, at, source=None):
    """Set the last day of a locked customer that the caller saves, and tell.

    Raises:
        LeftBeforeStart: when the customer had not started by then.
    """
    if account.started_on is None or on < account.started_on:
        raise LeftBeforeStart
    account.churned_on = on
    tell("accounts.churned", account, by=by, at=at, on=on.isoformat(), source=source)
    if on <= account.today(at):
        shift(account, to=Stage.CHURN, by=by, at=at, source=source)


def come_back(account, *, by, at):
    """Clear the last day of a locked customer that the caller saves, and tell."""
    was_on, account.churned_on = account.churned_on, None
    tell("accounts.returned", account, by=by, at=at, was_on=was_on.isoformat())
    if account.stage == Stage.CHURN:
        shift(account, to=Stage.RETENTION, by=by, at=at, source=_("staying after all"))


@transaction.atomic
def mark_churned(account, *, on, by, at, source=""):
    """Say on which day a customer leaves or left.

    The stage moves to churn when that day has come in the customer's zone; for a later day
    it moves when the day comes (see `close_churned`).

    Args:
        account: the customer.
        on: first day after the contract.
        by: the person, or None for Mainstay itself.
        at: now.
        source: where we know it from, as "a save call".

    Raises:
        LeftBeforeStart: when the customer had not started by then.
    """
    account = lock(account)
    if account.churned_on != on:
        leave(account, on=on, by=by, at=at, source=str(source) or None)
        account.version += 1
        account.save()
    return account


@transaction.atomic
def withdraw_churn(account, *, by, at):
    """Say that a customer who was leaving or gone is one again."""
    account = lock(account)
    if account.churned_on is not None:
        come_back(account, by=by, at=at)
        account.version += 1
        account.save()
    return account


def close_churned(*, at, limit=100):
    """Move customers to churn whose last day has come since somebody last set their stage.

    Args:
        at: now.
        limit: how many in one run.

    Returns:
        How many were moved.
    """
    due = list(Account.objects.due_to_close(at).order_by("pk")[:limit])
    for account in due:
        _close(account, at=at)
    return len(due)


@transaction.atomic
def _close(account, *, at):
    account = lock(account)
    if Account.objects.due_to_close(at).filter(pk=account.pk).exists():
        shift(account, to=Stage.CHURN, by=None, at=at, source=_("their last day"))
        account.version += 1
        account.save(update_fields=["stage", "stage_since", "version"])
