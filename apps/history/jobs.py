"""The worker's part of history: handing events to subscribers."""

from django.db import transaction
from django.utils import timezone

from apps.core import jobs
from apps.history import actions
from apps.history.models import Delivery

RUN_SECONDS = 5


def _anything_due():
    return Delivery.objects.pending().filter(next_at__lte=timezone.now()).exists()


@jobs.job("history.deliver", due=_anything_due)
def deliver(**later):
    """Hand over what is due for a few seconds; ring again when something is left."""
    if actions.deliver_for(RUN_SECONDS):
        with transaction.atomic():
            jobs.enqueue("history.deliver")
