"""What agents type, one file for each form."""

from apps.saves.forms.call import Call

__all__ = ["Call"]
