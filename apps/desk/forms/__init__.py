"""What may be asked and typed on pages that cut across rooms."""

from apps.desk.forms.customers import CustomerFilter
from apps.desk.forms.note import Note, Pin, ReadAll
from apps.desk.forms.telling import Telling

__all__ = ["CustomerFilter", "Note", "Pin", "ReadAll", "Telling"]
