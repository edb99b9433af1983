"""What happens in a save."""

from django.utils.translation import gettext_lazy as _

from apps.accounts import telling
from apps.history.kinds import register


def its_owner(event):
    """Return the id of whoever has to keep a commitment, in a list."""
    return [event.payload["owner_id"]]


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
        "stay_because",
        "back_if",
        "export_help",
        "waits_for",
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
register(
    "saves.win_back_planned",
    _("Win-back planned"),
    icon="edit",
    group="saves",
    required=["changes"],  # {field: [before, after]} as text
    optional=["source"],
    has_body=True,
    tells=telling.owner,
)
register(
    "saves.win_back_ended",
    _("Win-back ended"),
    icon="undo",
    group="saves",
    required=["why"],  # a key of `WinBack.Ended`
)
register(
    "saves.committed",
    _("Commitment made"),
    icon="check",
    group="saves",
    required=["text", "owner", "owner_id", "due_on"],
    tells=its_owner,
)
