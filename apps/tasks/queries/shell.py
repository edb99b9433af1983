"""What the frame of every page counts."""

from dataclasses import dataclass

from apps.core.sql import planned
from apps.history import sight
from apps.notifications import queries as notifications
from apps.tasks.queries import mine

_BOTH = f"SELECT ({notifications.UNREAD}), ({mine.OVERDUE})"


@dataclass(frozen=True)
class Counts:
    """What the bell and the navigation show."""

    bell: notifications.Bell
    overdue: mine.Overdue


def counts(user, *, at):
    """Count what somebody has not read and what is overdue: one round trip, on every page."""
    if sight.hidden_from(user):
        return Counts(notifications.bell(user), mine.overdue(user, at=at))
    with planned() as cursor:
        cursor.execute(_BOTH, {"user": user.pk, "hidden": [], "at": at})
        unread, late = cursor.fetchone()
        return Counts(notifications.Bell(unread), mine.Overdue(late))
