"""Every write of the save moment, one file for each noun."""

from apps.saves.actions import commitments, drafts, watch, win_back
from apps.saves.actions.corrections import CorrectedMeanwhile, TooLate, WhyMissing, correct
from apps.saves.actions.log import AlreadyLogged, log
from apps.saves.actions.opening import Opening, open_call

__all__ = [
    "AlreadyLogged",
    "CorrectedMeanwhile",
    "Opening",
    "TooLate",
    "WhyMissing",
    "commitments",
    "correct",
    "drafts",
    "log",
    "open_call",
    "watch",
    "win_back",
]
