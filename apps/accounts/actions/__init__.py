"""Every write to the customer record, one file for each noun."""

from apps.accounts.actions.account import (
    ReferenceTaken,
    ValueRefused,
    change_owner,
    create,
    edit,
)
from apps.accounts.actions.churn import (
    LeftBeforeStart,
    close_churned,
    mark_churned,
    withdraw_churn,
)
from apps.accounts.actions.common import (
    ChangedMeanwhile,
    ContactGone,
    MergedAway,
    Refused,
    Removed,
)
from apps.accounts.actions.contact import SavedContact, add_contact, edit_contact, make_primary
from apps.accounts.actions.custom_field import (
    FieldFixed,
    FieldTaken,
    add_field,
    change_field,
    restore_field,
    retire_field,
)
from apps.accounts.actions.identity import (
    IdentityBlocked,
    IdentityTaken,
    add_identity,
    block_identity,
    remove_identity,
    unblock_identity,
)
from apps.accounts.actions.insight import (
    SaidInFuture,
    SaysNothing,
    SettledAlready,
    SettledTooEarly,
    hand_over,
    learn,
    reopen_expectation,
    settle_expectation,
)
from apps.accounts.actions.keys import FormUsed
from apps.accounts.actions.merge import (
    AlreadyMerged,
    CurrenciesDiffer,
    OutOfSight,
    PairChanged,
    PartOuterFirst,
    SameRecord,
    UnmergeTooLate,
    merge,
    unmerge,
)
from apps.accounts.actions.permission import record_permission
from apps.accounts.actions.removal import (
    RestoreTooLate,
    remove_account,
    remove_contact,
    restore_account,
    restore_contact,
)
from apps.accounts.actions.stage import ReasonMissing, change_stage, move_stage
from apps.accounts.actions.tier import override_tier, set_thresholds, tier_by_thresholds

__all__ = [
    "AlreadyMerged",
    "ChangedMeanwhile",
    "ContactGone",
    "CurrenciesDiffer",
    "FieldFixed",
    "FieldTaken",
    "FormUsed",
    "IdentityBlocked",
    "IdentityTaken",
    "LeftBeforeStart",
    "MergedAway",
    "OutOfSight",
    "PairChanged",
    "PartOuterFirst",
    "ReasonMissing",
    "ReferenceTaken",
    "Refused",
    "Removed",
    "RestoreTooLate",
    "SaidInFuture",
    "SameRecord",
    "SavedContact",
    "SaysNothing",
    "SettledAlready",
    "SettledTooEarly",
    "UnmergeTooLate",
    "ValueRefused",
    "add_contact",
    "add_field",
    "add_identity",
    "block_identity",
    "change_field",
    "change_owner",
    "change_stage",
    "close_churned",
    "create",
    "edit",
    "edit_contact",
    "hand_over",
    "learn",
    "make_primary",
    "mark_churned",
    "merge",
    "move_stage",
    "override_tier",
    "record_permission",
    "remove_account",
    "remove_contact",
    "remove_identity",
    "reopen_expectation",
    "restore_account",
    "restore_contact",
    "restore_field",
    "retire_field",
    "set_thresholds",
    "settle_expectation",
    "tier_by_thresholds",
    "unblock_identity",
    "unmerge",
    "withdraw_churn",
]
