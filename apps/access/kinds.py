"""What happens to people's access."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register

register("access.joined", _("Joined"), icon="user-plus", group="settings", required=["role"])
register(
    "access.role_changed",
    _("Role changed"),
    icon="shield",
    group="settings",
    required=["before", "after"],
)
register(
    "access.authority_changed",
    _("Authority changed"),
    icon="shield",
    group="settings",
    required=["before", "after"],
)
register(
    "access.team_changed",
    _("Moved to another team"),
    icon="customers",
    group="settings",
    required=["before", "after"],
)
register(
    "access.team_saved",  # on the timeline of the admin who did it
    _("Team settings changed"),
    icon="sliders",
    group="settings",
    required=["name", "changes"],
)
register("access.deactivated", _("Deactivated"), icon="lock", group="settings")
register("access.reactivated", _("Reactivated"), icon="key", group="settings")
