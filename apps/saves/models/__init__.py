"""The nouns of the save moment, one file each."""

from apps.saves.models.case import Mood, Outcome, SaveCase
from apps.saves.models.commitment import Commitment
from apps.saves.models.draft import Draft
from apps.saves.models.watch import Rung, Watch
from apps.saves.models.win_back import WinBack

__all__ = ["Commitment", "Draft", "Mood", "Outcome", "Rung", "SaveCase", "Watch", "WinBack"]
