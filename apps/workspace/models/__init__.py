"""Settings of the installation, and what every list and form shares."""

from apps.workspace.models.bulk import BulkChange, BulkRow
from apps.workspace.models.presence import Presence
from apps.workspace.models.view import REMOVED_KEPT, DefaultView, SavedView, ViewPick
from apps.workspace.models.workspace import FormKey, Workspace

__all__ = [
    "REMOVED_KEPT",
    "BulkChange",
    "BulkRow",
    "DefaultView",
    "FormKey",
    "Presence",
    "SavedView",
    "ViewPick",
    "Workspace",
]
