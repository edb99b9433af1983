"""Hearing what happens to customers, for their win-backs and for the watches of their saves."""

from django.utils import timezone

from apps.accounts.models import Account
from apps.history.subscriptions import subscribe
from apps.saves.actions import watch, win_back
from apps.saves.queries.facts import heard_kinds


def end_win_back(event):
    """End the win-back of a customer who came back."""
    account = Account.objects.get(timeline=event.timeline_id)
    win_back.close(account, by=event.actor, at=timezone.now())


def reckon_watches(event):
    """Reckon the watches of the customer whom an event is about."""
    watch.hear(event.timeline_id, at=timezone.now())


subscribe("saves.end_win_back", ["accounts.returned"], end_win_back)
# A call reckons them in its own transaction; a file has the worker do it, in batches.
subscribe(
    "saves.watch",
    {*heard_kinds(), "accounts.merged", "accounts.unmerged"},
    reckon_watches,
    hears_sets=False,
)
