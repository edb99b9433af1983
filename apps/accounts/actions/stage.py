"""Where the relationship stands: moved by a person with a reason, or by other rooms."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions.common import ChangedMeanwhile, Refused, lock, tell


class ReasonMissing(Refused):
    """A change by hand that nobody could understand later."""

    def __init__(self):
        super().__init__(_("Write why, so that colleagues understand it later."))


def shift(account, *, to, by, at, reason=None, source=None):
    """Set the stage of a locked customer that the caller saves; tells only of a change.

    Returns:
        Whether there is anything to save.
    """
    if account.stage == to:
        return False
    before, account.stage, account.stage_since = account.stage, str(to), at
    tell(
        "accounts.stage_changed",
        account,
        by=by,
        at=at,
        before=before,
        after=str(to),
        reason=reason,
        source=source,
    )
    return True


def _save(account):
    account.version += 1
    account.save(update_fields=["stage", "stage_since", "version"])


@transaction.atomic
def change_stage(account, *, to, reason, by, at, shown=None):
    """Move a customer to another stage by hand.

    Args:
        account: the customer.
        to: one of the seven stages.
        reason: why, in a sentence.
        by: the person.
        at: now.
        shown: the stage that they had in front of them, if that is known.

    Raises:
        ReasonMissing: when the reason is blank.
        ChangedMeanwhile: when somebody moved it to yet another stage; it carries the account.
    """
    if not reason.strip():
        raise ReasonMissing
    account = lock(account)
    if shown is not None and account.stage not in {shown, to}:
        raise ChangedMeanwhile(account)
    if shift(account, to=to, by=by, at=at, reason=reason.strip()):
        _save(account)
    return account


@transaction.atomic
def move_stage(account, *, to, by, at, source):
    """Move a customer to another stage because of something that happened elsewhere.

    Args:
        account: the customer.
        to: one of the seven stages.
        by: who did what happened, or None for Mainstay itself.
        at: now.
        source: what happened, as "a save call".
    """
    account = lock(account)
    if shift(account, to=to, by=by, at=at, source=str(source)):
        _save(account)
    return account
