"""Writing history, and handing it to those who subscribed; one file for each subject."""

from apps.history.actions.delivering import deliver_for, deliver_next, retry
from apps.history.actions.many import hold_many, record_many
from apps.history.actions.notes import add_note, annotate
from apps.history.actions.pins import TooManyPins, pin, unpin
from apps.history.actions.recording import record
from apps.history.actions.timelines import new_timeline, reckon_touch

__all__ = [
    "TooManyPins",
    "add_note",
    "annotate",
    "deliver_for",
    "deliver_next",
    "hold_many",
    "new_timeline",
    "pin",
    "reckon_touch",
    "record",
    "record_many",
    "retry",
    "unpin",
]
