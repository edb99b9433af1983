"""Tasks, the queues in which they wait, and how they change hands."""

from apps.tasks.models.cover import Cover
from apps.tasks.models.escalation import Deadline, Escalation, Level, Policy
from apps.tasks.models.feed import Feed
from apps.tasks.models.handoff import Handoff
from apps.tasks.models.queue import Queue
from apps.tasks.models.recount import Recount
from apps.tasks.models.task import Task

__all__ = [
    "Cover",
    "Deadline",
    "Escalation",
    "Feed",
    "Handoff",
    "Level",
    "Policy",
    "Queue",
    "Recount",
    "Task",
]
