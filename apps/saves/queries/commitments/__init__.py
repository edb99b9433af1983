"""What was said we would do: of a customer, and of those who have to do it."""

from apps.saves.queries.commitments.lines import parameters
from apps.saves.queries.commitments.listed import ledger, narrow
from apps.saves.queries.commitments.moving import in_words, moves
from apps.saves.queries.commitments.on_customer import (
    COUNTS,
    LINES,
    Standing,
    is_over,
    standing,
    story_of,
)
from apps.saves.queries.commitments.on_today import (
    COUNTED,
    DUE,
    DUE_OF_ONE,
    Due,
    due,
    due_from,
    overdue,
)
from apps.saves.queries.commitments.suggested import suggested_due
from apps.saves.queries.commitments.tasks import behind, queues, says_late, taskless

__all__ = [
    "COUNTED",
    "COUNTS",
    "DUE",
    "DUE_OF_ONE",
    "LINES",
    "Due",
    "Standing",
    "behind",
    "due",
    "due_from",
    "in_words",
    "is_over",
    "ledger",
    "moves",
    "narrow",
    "overdue",
    "parameters",
    "queues",
    "says_late",
    "standing",
    "story_of",
    "suggested_due",
    "taskless",
]
