"""When a commitment is due, and for how long it can be taken back or made good."""

from datetime import timedelta
from zoneinfo import ZoneInfo

# Who settled a commitment can take it back for so long.
UNDO_FOR = timedelta(minutes=10)

# A broken commitment asks to be made good for so many days; then it is only counted.
MEND_FOR = 30

# A commitment is due so many working days ahead unless somebody says otherwise.
DUE_AFTER = 3


def is_over(due_on, zone, at):
    """Say whether a day has ended where somebody lives, so that what was due on it is broken.

    Args:
        due_on: the day.
        zone: name of the owner's time zone.
        at: the moment.
    """
    return at.astimezone(ZoneInfo(zone)).date() > due_on
