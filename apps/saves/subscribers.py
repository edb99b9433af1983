"""Hearing that customers come back, however somebody wrote it down."""

from django.utils import timezone

from apps.accounts.models import Account
from apps.history.subscriptions import subscribe
from apps.saves.actions import win_back


def end_win_back(event):
    """End the win-back of a customer who came back."""
    account = Account.objects.get(timeline=event.timeline_id)
    win_back.close(account, by=event.actor, at=timezone.now())


subscribe("saves.end_win_back", ["accounts.returned"], end_win_back)
