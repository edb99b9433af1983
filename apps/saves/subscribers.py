"""Hearing what happens to customers and tasks, for win-backs, watches and commitments."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.history.subscriptions import subscribe
from apps.saves.actions import commitments, watch, win_back
from apps.saves.queries.facts import heard_kinds
from apps.tasks.subscribers import WORKING_TIME


def end_win_back(event):
    """End the win-back of a customer who came back."""
    account = Account.objects.get(timeline=event.timeline_id)
    win_back.close(account, by=event.actor, at=timezone.now())


def reckon_watches(event):
    """Reckon the watches of the customer whom an event is about."""
    watch.hear(event.timeline_id, at=timezone.now())


def follow_task(event):
    """Let the commitment that a task was made for be as the task is."""
    if event.subject_id is None:
        return  # from before changes to many tasks named each
    why = event.payload.get("why") or _("Its task was changed.")
    told = {}
    if event.payload.get("is_quiet"):
        told["told"] = [event.payload["owner_id"], event.payload.get("former_owner_id")]
    commitments.follow_task(event.subject_id, why=why, by=event.actor, at=event.recorded_at, **told)


def follow_calendars(event):
    """Let the tasks of commitments be due when work ends, since somebody's working time changed."""
    commitments.follow_calendars(at=timezone.now())


subscribe("saves.end_win_back", ["accounts.returned"], end_win_back)
# A call reckons them in its own transaction; a file has the worker do it, in batches.
subscribe(
    "saves.watch",
    {*heard_kinds(), "accounts.merged", "accounts.unmerged"},
    reckon_watches,
    hears_sets=False,
)
subscribe(
    "saves.follow_task",
    [
        *("tasks.completed", "tasks.cancelled", "tasks.reopened", "tasks.rescheduled"),
        *("tasks.assigned", "tasks.claimed", "tasks.handoff_answered"),
    ],
    follow_task,
)
subscribe("saves.follow_calendars", WORKING_TIME, follow_calendars)
