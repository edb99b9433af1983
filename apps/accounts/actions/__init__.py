"""Every write to the customer record, one file for each noun."""

from apps.accounts.actions.account import (
    ChangedMeanwhile,
    ReferenceTaken,
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
from apps.accounts.actions.common import Refused
from apps.accounts.actions.contact import SavedContact, add_contact, edit_contact, make_primary
from apps.accounts.actions.identity import (
    IdentityBlocked,
    IdentityTaken,
    add_identity,
    block_identity,
    remove_identity,
    unblock_identity,
)
from apps.accounts.actions.keys import FormUsed
from apps.accounts.actions.permission import record_permission
from apps.accounts.actions.stage import ReasonMissing, change_stage, move_stage
from apps.accounts.actions.tier import override_tier, set_thresholds, tier_by_thresholds

__all__ = [
    "ChangedMeanwhile",
    "FormUsed",
    "IdentityBlocked",
    "IdentityTaken",
    "LeftBeforeStart",
    "ReasonMissing",
    "ReferenceTaken",
    "Refused",
    "SavedContact",
    "add_contact",
    "add_identity",
    "block_identity",
    "change_owner",
    "change_stage",
    "close_churned",
    "create",
    "edit",
    "edit_contact",
    "make_primary",
    "mark_churned",
    "move_stage",
    "override_tier",
    "record_permission",
    "remove_identity",
    "set_thresholds",
    "tier_by_thresholds",
    "unblock_identity",
    "withdraw_churn",
]
