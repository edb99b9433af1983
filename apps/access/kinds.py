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
    "access.time_zone_changed",
    _("Time zone changed"),
    icon="clock",
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
register(
    "access.calendar_saved",  # likewise
    _("Calendar changed"),
    icon="calendar",
    group="settings",
    required=["name", "is_new"],
)
register(
    "access.went_away",
    _("Out of office"),
    icon="calendar",
    group="settings",
    required=["starts_on", "ends_on", "stand_in"],
)
register(
    "access.came_back",
    _("Out of office taken back"),
    icon="calendar",
    group="settings",
    required=["starts_on", "ends_on", "stand_in"],
)
register("access.deactivated", _("Deactivated"), icon="lock", group="settings")
register("access.reactivated", _("Reactivated"), icon="key", group="settings")
