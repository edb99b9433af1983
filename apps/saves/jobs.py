"""What the calendar does to commitments and watches."""

from django.utils import timezone

from apps.core.jobs import job
from apps.saves import actions
from apps.saves.queries import commitments


def _commitments_are_over():
    return bool(commitments.overdue(timezone.now(), limit=1))


@job("saves.break_overdue", due=_commitments_are_over)
def break_overdue(**later):
    """Mark commitments whose day has ended as broken; the ticker rings again for more."""
    actions.commitments.break_overdue(at=timezone.now())
