"""The day that a new commitment suggests."""

from apps.calendars import queries as calendars
from apps.calendars.rules import MONDAY_TO_FRIDAY, NoWorkingTime, working_days_ahead
from apps.saves import rules


def suggested_due(owner, today):
    """Return a day some working days ahead, by the calendar of who has to keep it.

    Without a calendar, and with one in which nobody ever works, Monday to Friday counts.

    Args:
        owner: the person.
        today: the date where they are.
    """
    hours = calendars.hours_of(owner) or MONDAY_TO_FRIDAY
    try:
        return working_days_ahead(hours, today, rules.DUE_AFTER)
    except NoWorkingTime:
        return working_days_ahead(MONDAY_TO_FRIDAY, today, rules.DUE_AFTER)
