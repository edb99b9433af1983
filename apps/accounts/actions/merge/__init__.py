"""Merging two records of one customer, and parting them again."""

from apps.accounts.actions.merge.merging import merge
from apps.accounts.actions.merge.parting import unmerge
from apps.accounts.actions.merge.refusals import (
    AlreadyMerged,
    CurrenciesDiffer,
    OutOfSight,
    PairChanged,
    PartOuterFirst,
    SameRecord,
    UnmergeTooLate,
)

__all__ = [
    "AlreadyMerged",
    "CurrenciesDiffer",
    "OutOfSight",
    "PairChanged",
    "PartOuterFirst",
    "SameRecord",
    "UnmergeTooLate",
    "merge",
    "unmerge",
]
