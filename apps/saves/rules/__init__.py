"""Decisions about a save that need no database, one file for each subject."""

from apps.saves.rules.calls import FURTHEST, Call, continues, saves_among, stage_after
from apps.saves.rules.commitments import (
    DUE_AFTER,
    MEND_FOR,
    UNDO_FOR,
    day_of,
    due_moment,
    is_over,
)
from apps.saves.rules.correcting import CORRECT_FOR, Mending, Record, may_correct, mend
from apps.saves.rules.watching import RUNGS, Facts, Step, days_of, ladder

__all__ = [
    "CORRECT_FOR",
    "DUE_AFTER",
    "FURTHEST",
    "MEND_FOR",
    "RUNGS",
    "UNDO_FOR",
    "Call",
    "Facts",
    "Mending",
    "Record",
    "Step",
    "continues",
    "day_of",
    "days_of",
    "due_moment",
    "is_over",
    "ladder",
    "may_correct",
    "mend",
    "saves_among",
    "stage_after",
]
