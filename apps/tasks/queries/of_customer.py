"""The open tasks of one customer, as their page shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts import family
from apps.core.addresses import address
from apps.core.templatetags.mainstay import moment, svg

SHOWN = 5
# Part of a statement that has the parameter `account`. What was committed to stands on the same
# page with the commitments.
OPEN = f"""
    SELECT task.id AS pk, task.what, task.due_at, task.snoozed_until, queue.name AS queue,
        coalesce(nullif(owner.name, ''), owner.email) AS owner, owner.id AS owner_id,
        count(*) OVER () AS count
    FROM tasks_task AS task
    LEFT JOIN users_user AS owner ON owner.id = task.owner_id
    LEFT JOIN tasks_queue AS queue ON queue.id = task.queue_id
    WHERE task.account_id IN ({family.RECORDS}) AND task.state IN ('open', 'in_progress')
        AND task.origin <> 'commitment'
    ORDER BY task.due_at, task.id LIMIT {SHOWN}
"""  # noqa: S608  ours


@dataclass(frozen=True, slots=True)
class Line:
    """A task in a list of one customer's."""

    url: str
    what: str
    told: str  # who has it, and when it is due
    icon: str
    is_late: bool


@dataclass(frozen=True)
class Tasks:
    """What is to be done for one customer."""

    lines: list
    count: int

    @property
    def more(self):
        """How many are open beside those that are named."""
        return self.count - len(self.lines)


def tasks(rows, *, at, user):
    """Make the lines of the rows of `OPEN`.

    Args:
        rows: as dictionaries.
        at: now.
        user: who reads, or None.
    """
    lines = [_line(**row, at=at, user=user) for row in rows]
    return Tasks(lines, rows[0]["count"] if rows else 0)


def _line(pk, what, due_at, snoozed_until, queue, owner, owner_id, count, at, user):
    due_at, wakes_at = datetime.fromisoformat(due_at), snoozed_until
    wakes_at = wakes_at and datetime.fromisoformat(wakes_at)
    if owner is None:
        whose = _("Nobody yet, in %(queue)s") % {"queue": queue}
    else:
        whose = _("You") if user is not None and owner_id == user.pk else owner
    if wakes_at and wakes_at > at:
        told = _("%(whose)s. Put off until %(at)s.") % {
            "whose": whose,
            "at": moment(wakes_at, "in"),
        }
        icon = svg("hourglass", "tone")
        return Line(address("tasks:detail", pk), what, told, icon, is_late=False)
    told = _("%(whose)s. Due %(at)s.") % {"whose": whose, "at": moment(due_at, "in")}
    is_late = due_at <= at
    icon = svg("alert-circle", "tone bad") if is_late else svg("circle", "tone")
    return Line(address("tasks:detail", pk), what, told, icon, is_late)
