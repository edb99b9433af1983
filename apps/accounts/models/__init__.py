"""The nouns of the customer record, one file each."""

from apps.accounts.models.account import Account, Stage, Status, Tier, TierThreshold
from apps.accounts.models.contact import Channel, Contact, ContactPermission
from apps.accounts.models.identity import BlockedIdentity, Identity, IdentityKind

__all__ = [
    "Account",
    "BlockedIdentity",
    "Channel",
    "Contact",
    "ContactPermission",
    "Identity",
    "IdentityKind",
    "Stage",
    "Status",
    "Tier",
    "TierThreshold",
]
