"""Tasks of commitments are due when work ends on the day, and follow calendars."""

from django.utils import timezone

from apps.calendars.following import register
from apps.saves.queries import commitments


def find(whose):
    """Return what moves when a calendar is saved."""
    return commitments.in_words(whose, at=timezone.now())


# The worker moves them a moment later: those of tasks would be moved in the same transaction,
# and of two that take their rows one after the other each could wait for the other.
register("saves", find=find)
