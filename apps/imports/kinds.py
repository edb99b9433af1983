"""What happens to a file."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register

register(
    "imports.applied",
    _("File imported"),
    icon="upload",
    group="settings",
    required=["file", "created", "updated", "unchanged", "churned"],
)
