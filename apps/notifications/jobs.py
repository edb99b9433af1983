"""The worker's part of telling people: mail, and the daily digest."""

from django.utils import timezone

from apps.core.jobs import job
from apps.notifications import actions, queries

RUN_SECONDS = 5


def _letters_wait():
    return queries.letters_due(timezone.now()).exists()


@job("notifications.send", due=_letters_wait)
def send(**later):
    """Send mail for a few seconds; the ticker rings again for more."""
    actions.send_due(RUN_SECONDS)


def _digests_are_due():
    return queries.digests_due(timezone.now()).exists()


@job("notifications.digest", due=_digests_are_due)
def digest(**later):
    """Put the digests of the day in line; the ticker rings again for more."""
    actions.queue_digests(at=timezone.now())
