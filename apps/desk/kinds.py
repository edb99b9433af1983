"""What happens across rooms."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register


def _whose_list_it_opened(event):
    return event.payload["people"]


register(
    "desk.exported",  # on the timeline of the person who did it
    _("Customers exported"),
    icon="download",
    group="settings",
    required=["count", "view", "filters", "columns"],
)
register(
    "desk.view_withdrawn",  # on the timeline of the person who did it
    _("View shared with fewer"),
    icon="lock",
    group="settings",
    required=["name", "people"],  # ids of those whose list opened with it
    tells=_whose_list_it_opened,
)
