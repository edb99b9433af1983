"""What happens to tasks."""

from django.utils.translation import gettext_lazy as _

from apps.history.kinds import register


def _named(*fields):
    def ids(event):
        return [event.payload[field] for field in fields if event.payload.get(field)]

    return ids


def _new_owner(event):
    """Return the id of who has a new task; of a commitment the commitment itself tells them."""
    return [] if event.payload.get("origin") else _named("owner_id")(event)


def _who_had_and_has_it(event):
    """Return the ids of both; none where they are told of many tasks in one message."""
    return [] if event.payload.get("is_quiet") else _named("owner_id", "former_owner_id")(event)


# What every event of a task carries; nobody has it where the id is none. With `is_quiet` those who
# have it, and had it, are told of many tasks in one message.
SAID = ["title", "owner", "owner_id"]

register(
    "tasks.created",
    _("Task made"),
    icon="tasks",
    group="tasks",
    required=[*SAID, "queue", "due_at"],
    # The name of whoever is away then; what asked for it, where that tells its owner itself.
    optional=["instead_of", "origin"],
    tells=_new_owner,
)
register(
    "tasks.changed",
    _("Task changed"),
    icon="edit",
    group="tasks",
    required=[*SAID, "changes"],  # {field: [before, after]} as text
    has_body=True,
    tells=_named("owner_id"),
)
register(
    "tasks.completed",
    _("Task done"),
    icon="check-circle",
    group="tasks",
    tone="good",
    required=[*SAID, "what", "outcome"],  # what kind of task it is
    tells=_named("owner_id"),
)
register(
    "tasks.cancelled",
    _("Task cancelled"),
    icon="x-circle",
    group="tasks",
    required=[*SAID, "why"],
    optional=["is_quiet"],
    tells=_named("owner_id"),
)
register(
    "tasks.reopened",
    _("Task open again"),
    icon="undo",
    group="tasks",
    required=[*SAID, "was"],
    optional=["is_quiet"],
    tells=_named("owner_id"),
)
register(
    "tasks.assigned",
    _("Task assigned"),
    icon="user",
    group="tasks",
    required=[*SAID, "queue", "former_owner", "former_owner_id", "due_at", "why"],
    optional=["is_quiet"],
    tells=_who_had_and_has_it,
)
register("tasks.claimed", _("Task taken"), icon="user", group="tasks", required=[*SAID, "queue"])
register(
    "tasks.released",
    _("Task put back"),
    icon="inbox",
    group="tasks",
    required=[*SAID, "queue", "former_owner", "former_owner_id"],
    tells=_named("former_owner_id"),
)
register(
    "tasks.handed_off",
    _("Task handed off"),
    icon="handoff",
    group="tasks",
    required=[*SAID, "receiver", "receiver_id", "why", "handoff"],
    tells=_named("receiver_id"),
)
register(
    "tasks.handoff_answered",
    _("Hand-off answered"),
    icon="handoff",
    group="tasks",
    # A `Handoff.Answer`, and who asked whom.
    required=[*SAID, "answer", "note", "sender", "sender_id", "receiver", "receiver_id"],
    tells=_named("sender_id", "receiver_id"),
)
register(
    "tasks.snoozed",
    _("Task put off"),
    icon="clock",
    group="tasks",
    required=[*SAID, "until", "reason"],
    tells=_named("owner_id"),
)
register(
    "tasks.woken",
    _("Task is back"),
    icon="bell",
    group="tasks",
    # Until when it was put off and why, for putting it off again; `because` is "moment" or
    # "customer", or empty when somebody did it.
    required=[*SAID, "until", "reason", "because"],
    tells=_named("owner_id"),
)
register(
    "tasks.rescheduled",
    _("Task moved"),
    icon="calendar",
    group="tasks",
    # `because` is "calendar" when somebody's working time changed, or empty.
    required=[*SAID, "before", "due_at", "because"],
    optional=["is_quiet"],
    tells=_named("owner_id"),
)
register(
    "tasks.escalated",
    _("Task escalated"),
    icon="alert",
    group="tasks",
    tone="warn",
    required=[*SAID, "level", "told", "told_id", "due_at"],  # 1 to 3; the name of who was told
    tells=_named("told_id"),
    topic="late",
)
register(
    "tasks.reminded",
    _("Task at risk"),
    icon="clock",
    group="tasks",
    required=[*SAID, "told", "told_id", "due_at"],
    tells=_named("told_id"),
    topic="late",
)
# On the timeline of whoever has them, of the manager who changed many, and of the admin who
# edited what tasks go by.
register(
    "tasks.escalated_together",
    _("Several tasks late"),
    icon="alert",
    group="settings",
    tone="warn",
    required=["told_id"],
    optional=["did"],  # "late", "given" or "taken"
    tells=_named("told_id"),
    topic="late",
)
register(
    "tasks.many_changed",
    _("Many tasks changed"),
    icon="tasks",
    group="settings",
    required=["did", "count", "told_id"],  # given, taken, moved, cancelled or reopened
    tells=_named("told_id"),
    topic="tasks",
)
register(
    "tasks.many_through",
    _("Change to many tasks is through"),
    icon="check-circle",
    group="settings",
    required=["label", "done", "skipped", "failed", "told_id"],
    tells=_named("told_id"),
    topic="tasks",
)
register(
    "tasks.policy_saved",
    _("Escalation policy changed"),
    icon="sliders",
    group="settings",
    required=["name", "is_new"],
)
register(
    "tasks.queue_saved",
    _("Queue changed"),
    icon="sliders",
    group="settings",
    required=["name", "is_new"],
)
