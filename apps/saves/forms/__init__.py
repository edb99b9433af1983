"""What agents type, one file for each form."""

from apps.saves.forms.call import Call
from apps.saves.forms.commitment import Keeping, Moving, NewCommitment, Waiving
from apps.saves.forms.correction import Correction
from apps.saves.forms.drafts import Dropping, Typed, asides
from apps.saves.forms.win_back import WinBackForm

__all__ = [
    "Call",
    "Correction",
    "Dropping",
    "Keeping",
    "Moving",
    "NewCommitment",
    "Typed",
    "Waiving",
    "WinBackForm",
    "asides",
]
