"""The nouns of the customer record, one file each."""

from apps.accounts.models.account import Account, Stage, Status, Tier, TierThreshold
from apps.accounts.models.contact import Channel, Contact, ContactPermission
from apps.accounts.models.custom_field import IN_ORDER, CustomField, FieldKind
from apps.accounts.models.identity import BlockedIdentity, Identity, IdentityKind
from apps.accounts.models.insight import Insight, Topic, ValueDriver, Verdict
from apps.accounts.models.merge import UNMERGE_FOR, Merge

__all__ = [
    "IN_ORDER",
    "UNMERGE_FOR",
    "Account",
    "BlockedIdentity",
    "Channel",
    "Contact",
    "ContactPermission",
    "CustomField",
    "FieldKind",
    "Identity",
    "IdentityKind",
    "Insight",
    "Merge",
    "Stage",
    "Status",
    "Tier",
    "TierThreshold",
    "Topic",
    "ValueDriver",
    "Verdict",
]
