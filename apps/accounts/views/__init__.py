"""Pages about the record itself, one file for each noun; each leads back to the customer."""

from apps.accounts.views.record import (
    contact_edit,
    contact_new,
    edit,
    identity_new,
    identity_remove,
    new,
    owner,
    permission,
    stage,
    tier,
)

__all__ = [
    "contact_edit",
    "contact_new",
    "edit",
    "identity_new",
    "identity_remove",
    "new",
    "owner",
    "permission",
    "stage",
    "tier",
]
