"""Every write of tasks, one file for each thing that is done with them."""

from apps.tasks.actions.closing import cancel, complete, reopen, start
from apps.tasks.actions.covering import cover
from apps.tasks.actions.giving import assign, claim, claim_next, release
from apps.tasks.actions.handing import accept, create_and_ask, decline, hand_off, withdraw
from apps.tasks.actions.leaving import find_others
from apps.tasks.actions.making import create
from apps.tasks.actions.moving import edit, reschedule
from apps.tasks.actions.recounting import recount
from apps.tasks.actions.refusals import (
    AlreadyClosed,
    Away,
    CannotTake,
    Conflict,
    DueUnclear,
    HandoffAnswered,
    HandoffWaits,
    InThePast,
    NobodysTask,
    NobodyThere,
    NoQueue,
    NotYourHandoff,
    NotYourQueue,
    NotYours,
    OutcomeMissing,
    QueueOfOthers,
    ReopenTooLate,
    TakenAlready,
    TaskRefused,
    WhyMissing,
)
from apps.tasks.actions.snoozing import snooze, wake, wake_due

__all__ = [
    "AlreadyClosed",
    "Away",
    "CannotTake",
    "Conflict",
    "DueUnclear",
    "HandoffAnswered",
    "HandoffWaits",
    "InThePast",
    "NoQueue",
    "NobodyThere",
    "NobodysTask",
    "NotYourHandoff",
    "NotYourQueue",
    "NotYours",
    "OutcomeMissing",
    "QueueOfOthers",
    "ReopenTooLate",
    "TakenAlready",
    "TaskRefused",
    "WhyMissing",
    "accept",
    "assign",
    "cancel",
    "claim",
    "claim_next",
    "complete",
    "cover",
    "create",
    "create_and_ask",
    "decline",
    "edit",
    "find_others",
    "hand_off",
    "recount",
    "release",
    "reopen",
    "reschedule",
    "snooze",
    "start",
    "wake",
    "wake_due",
    "withdraw",
]
