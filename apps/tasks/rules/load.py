"""How much somebody has to do, against the time they have; and whose turn it is."""

from dataclasses import dataclass
from datetime import timedelta

# So far ahead somebody's working time counts when work is given out.
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class PersonLoad:
    """What somebody has to do, in minutes.

    Args:
        user_id: who.
        effort: of their open tasks.
        available: their working time in the days ahead.
    """

    user_id: int
    effort: int
    available: float

    @property
    def left(self):
        """How much of their time is not spoken for; less than zero is too much work."""
        return self.available - self.effort


def least_busy(loads):
    """Return the id of whoever has most time left; of equals the one with the lowest id.

    Args:
        loads: `PersonLoad` of at least one person.
    """
    return min(loads, key=lambda each: (-each.left, each.user_id)).user_id


def next_in_turn(ids, last):
    """Return the id that follows the last one in a round; the round begins with the lowest.

    Args:
        ids: of those who can take something, at least one.
        last: who was given something last, or None; they need not be among them any more.
    """
    ordered = sorted(ids)
    return next((each for each in ordered if last is not None and each > last), ordered[0])
