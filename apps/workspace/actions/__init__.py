"""What can be done in this room, one file a noun."""

from apps.workspace.actions.form_keys import KEPT, claim, forget_old_keys, new_key, settle
from apps.workspace.actions.saved_views import (
    ViewChanged,
    ViewGone,
    ViewNameTaken,
    ViewNotPicked,
    ViewNotShared,
    ViewNotYours,
    ViewRefused,
    change_view,
    clear_default,
    pick,
    remove_view,
    save_view,
    set_default,
    unpick,
)
from apps.workspace.actions.settings import save_settings

__all__ = [
    "KEPT",
    "ViewChanged",
    "ViewGone",
    "ViewNameTaken",
    "ViewNotPicked",
    "ViewNotShared",
    "ViewNotYours",
    "ViewRefused",
    "change_view",
    "claim",
    "clear_default",
    "forget_old_keys",
    "new_key",
    "pick",
    "remove_view",
    "save_settings",
    "save_view",
    "set_default",
    "settle",
    "unpick",
]
