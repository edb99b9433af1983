"""What agents type, one file for each form."""

from apps.saves.forms.call import Call
from apps.saves.forms.win_back import WinBackForm

__all__ = ["Call", "WinBackForm"]
