"""Decisions about tasks that need no database: when they are due, and who has time."""

from apps.tasks.rules.due import DAY, GRACE, Due, due_moment, said
from apps.tasks.rules.load import AHEAD, PersonLoad, least_busy, next_in_turn, time_of

__all__ = [
    "AHEAD",
    "DAY",
    "GRACE",
    "Due",
    "PersonLoad",
    "due_moment",
    "least_busy",
    "next_in_turn",
    "said",
    "time_of",
]
