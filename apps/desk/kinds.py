"""What happens across rooms."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register

register(
    "desk.exported",  # on the timeline of the person who did it
    _("Customers exported"),
    icon="download",
    group="settings",
    required=["count", "view", "filters", "columns"],
)
