"""What people type about tasks."""

from apps.tasks.forms.doing import (
    Assigning,
    Cancelling,
    Completing,
    Declining,
    HandingOff,
    Rescheduling,
    Snoozing,
)
from apps.tasks.forms.saying import Editing, NewTask

__all__ = [
    "Assigning",
    "Cancelling",
    "Completing",
    "Declining",
    "Editing",
    "HandingOff",
    "NewTask",
    "Rescheduling",
    "Snoozing",
]
