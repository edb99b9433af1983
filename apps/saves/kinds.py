"""What happens in a save."""

from django.utils.translation import gettext_lazy as _

from apps.accounts import telling
from apps.history.kinds import register

# What subscribers need to know without asking this room.
FACTS = {
    "required": [
        "reason",
        "reason_id",
        "category_id",
        "solvable",
        "mrr",
        "currency",
        "tier",
        "stage",
        "seconds",
    ],
    "optional": [
        "verbatim",
        "competitor",
        "mood",
        "contact",
        "leaves_on",
        "call_back_at",
        "also",
        "continues",
    ],
    "icon": "save",
    "group": "saves",
    "is_touch": True,
    "has_body": True,
    "tells": telling.owner,
}

register("saves.stayed", _("Saved"), tone="good", **FACTS)
register("saves.left", _("Left on a call"), tone="bad", **FACTS)
register("saves.undecided", _("Undecided"), tone="warn", **FACTS)
register(
    "saves.asked_to_cancel",
    _("Asked to cancel"),
    icon="flag",
    group="saves",
    tone="warn",
    required=["reason"],
)
