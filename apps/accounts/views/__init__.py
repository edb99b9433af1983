"""Pages about the record itself, one file for each noun; each leads back to the customer."""

from apps.accounts.views.edit import contact_edit, contact_presence, edit, presence
from apps.accounts.views.merge import duplicates, merge, merge_with, unmerge
from apps.accounts.views.record import (
    contact_new,
    identity_new,
    identity_remove,
    new,
    owner,
    permission,
    stage,
    tier,
)
from apps.accounts.views.removal import (
    contact_remove,
    contact_removed,
    contact_restore,
    recycle_bin,
    remove,
    removed,
    restore,
)
from apps.accounts.views.story import (
    annotation_new,
    expectation,
    expectation_reopen,
    fact,
    hand_over,
    insight_new,
    insights,
)

__all__ = [
    "annotation_new",
    "contact_edit",
    "contact_new",
    "contact_presence",
    "contact_remove",
    "contact_removed",
    "contact_restore",
    "duplicates",
    "edit",
    "expectation",
    "expectation_reopen",
    "fact",
    "hand_over",
    "identity_new",
    "identity_remove",
    "insight_new",
    "insights",
    "merge",
    "merge_with",
    "new",
    "owner",
    "permission",
    "presence",
    "recycle_bin",
    "remove",
    "removed",
    "restore",
    "stage",
    "tier",
    "unmerge",
]
