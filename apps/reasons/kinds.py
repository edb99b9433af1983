"""What happens to the list of reasons."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register

register("reasons.added", _("Added"), icon="plus", group="settings", required=["what", "name"])
register(
    "reasons.changed",
    _("Changed"),
    icon="edit",
    group="settings",
    required=["what", "name", "changes"],
)
register("reasons.retired", _("Retired"), icon="x", group="settings", required=["what", "name"])
register(
    "reasons.restored", _("Restored"), icon="undo", group="settings", required=["what", "name"]
)
