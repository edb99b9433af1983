"""Every write of what people follow, what they are told, and how."""

from apps.notifications.actions.choosing import choose, move_digest
from apps.notifications.actions.mailing import queue_digests, send_due
from apps.notifications.actions.telling import mark_all_read, mark_read, tell, unwatch, watch

__all__ = [
    "choose",
    "mark_all_read",
    "mark_read",
    "move_digest",
    "queue_digests",
    "send_due",
    "tell",
    "unwatch",
    "watch",
]
