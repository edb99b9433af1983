"""Watching whether a saved customer stays saved."""

from datetime import timedelta

from apps.saves import rules
from apps.saves.models import Outcome, Watch


def begin(case, account, *, at):
    """Watch a customer who stayed, from the day of the call in their own zone."""
    if case.outcome != Outcome.STAYED:
        return
    saved_on = account.today(case.opened_at)
    Watch.objects.create(
        case=case,
        account=account,
        saved_on=saved_on,
        next_on=saved_on + timedelta(days=rules.RUNGS[0]),
        changed_at=at,
    )
