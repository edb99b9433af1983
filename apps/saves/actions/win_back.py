"""Leaving with grace, and what it would take to come back."""

from datetime import timedelta

from apps.saves.models import Outcome, WinBack


def begin(case, account, *, at):
    """Leave a customer who left alone for as long as their reason asks."""
    if case.outcome != Outcome.LEFT:
        return
    WinBack.objects.create(
        case=case,
        account=account,
        not_before=case.leaves_on + timedelta(days=case.reason.win_back_days),
        blocker=case.reason_text,
        changed_at=at,
        changed_by=case.agent,
    )
