"""What happens in a save."""

from django.utils.translation import gettext_lazy as _

from apps.accounts import telling
from apps.history.kinds import register
from apps.saves.queries import commitments


def its_owner(event):
    """Return the id of whoever has to keep a commitment, and of who had to before.

    But for those who are told of many tasks in one message, of which one is this one's.
    """
    owners = {event.payload["owner_id"], event.payload.get("former_owner_id")}
    return owners - {None, *event.payload.get("told", [])}


def its_owner_unless_late(event):
    """Return nobody where the owner of a broken commitment hears that its task is late."""
    if commitments.says_late(event.subject_id, at=event.recorded_at):
        return []
    return its_owner(event)


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
    "saves.watch_changed",
    _("Watch"),
    icon="eye",
    group="saves",
    # No `rung` when it is watched no more. `day` of leaving or trying again; `why` of not
    # knowing, a key of `watches.WHYS`, or of the end: "corrected" or "continued".
    required=["rung", "was", "day", "why", "case", "saved_on"],
)
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


def owner_and_agent(event):
    """Return the ids of whoever looks after the customer, and of who logged the call."""
    return [*telling.owner(event), event.payload["agent_id"]]


register(
    "saves.corrected",
    _("Call corrected"),
    icon="edit",
    group="saves",
    required=[
        *("why", "changes", "version"),  # {answer: [before, after]} as text, see `words`
        *("outcome", "reason_id", "category_id", "agent", "agent_id", "opened_at"),
    ],
    has_body=True,
    tells=owner_and_agent,
)
# What every event of a commitment carries.
COMMITMENT = {
    "group": "saves",
    "tells": its_owner,
    "optional": ["former_owner_id", "told"],
}
SAID = ["text", "owner", "owner_id", "due_on"]

register("saves.committed", _("Commitment made"), icon="check", required=SAID, **COMMITMENT)
register(
    "saves.commitment_kept",
    _("Commitment kept"),
    icon="check-circle",
    tone="good",
    required=[*SAID, "evidence"],
    **COMMITMENT,
)
register(
    "saves.commitment_broken",
    _("Commitment broken"),
    icon="alert-circle",
    tone="bad",
    required=SAID,
    group="saves",
    tells=its_owner_unless_late,
)
register(
    "saves.commitment_made_good",
    _("Commitment made good"),
    icon="check-circle",
    tone="warn",
    required=[*SAID, "evidence"],
    **COMMITMENT,
)
register(
    "saves.commitment_waived",
    _("Commitment waived"),
    icon="x-circle",
    required=[*SAID, "evidence"],
    **COMMITMENT,
)
register(
    "saves.commitment_changed",
    _("Commitment changed"),
    icon="calendar",
    required=[*SAID, "changes", "why"],  # {"owner": [before, after], "due_on": [before, after]}
    **COMMITMENT,
)
register(
    "saves.commitment_reopened",
    _("Commitment open again"),
    icon="undo",
    required=[*SAID, "was"],
    **COMMITMENT,
)
register(
    "saves.draft_dropped",
    _("Draft dropped"),
    icon="trash",
    group="saves",
    required=["reason", "began"],
)
register(
    "saves.draft_reopened",
    _("Draft taken up again"),
    icon="undo",
    group="saves",
    required=["began"],
)
