"""What can be done in this room, one file a noun."""

from apps.workspace.actions.form_keys import KEPT, claim, forget_old_keys, new_key, settle
from apps.workspace.actions.settings import save_settings

__all__ = ["KEPT", "claim", "forget_old_keys", "new_key", "save_settings", "settle"]
