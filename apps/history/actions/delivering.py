"""Handing events to those who subscribed."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.core import jobs
from apps.core.failpoints import failpoint
from apps.history import rules, subscriptions
from apps.history.models import Delivery

log = logging.getLogger(__name__)


def deliver_next(*, at):
    """Hand one due event to its subscriber.

    The claim (attempt counted, lease taken) commits first, so that an event that kills its
    worker can't be tried for ever. The subscriber's work and the mark that it is done commit
    together, so a worker killed in between repeats it without leaving anything twice.

    Args:
        at: now.

    Returns:
        True when there was one, whatever came of it.
    """
    delivery = _claim(at=at)
    if delivery is None:
        return False
    if delivery.attempts > len(rules.BACK_OFF) + 1:
        _put_off(delivery, at=at, error="The worker died each time this was tried.")
        return True
    try:
        _hand_over(delivery, at=at)
    except Exception as error:
        log.exception("%s failed.", delivery)
        _put_off(delivery, at=at, error=f"{type(error).__name__}: {error}")
    return True


@transaction.atomic
def _claim(*, at):
    due = Delivery.objects.due(at).order_by("event_id")
    delivery = due.select_for_update(skip_locked=True, of=["self"]).first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_at = at + rules.LEASE
        delivery.save(update_fields=["attempts", "next_at"])
    return delivery


@transaction.atomic
def _hand_over(delivery, *, at):
    failpoint("delivery_claimed")
    held = Delivery.objects.select_for_update().select_related("event").get(pk=delivery.pk)
    if held.state != Delivery.State.PENDING or held.attempts != delivery.attempts:
        return  # somebody else took it over when our lease ran out
    subscriber = subscriptions.get(held.subscriber)
    if subscriber is None:
        raise LookupError(f"Nobody is called {held.subscriber} any more.")
    subscriber.function(held.event)
    held.state, held.done_at, held.last_error = Delivery.State.DONE, at, ""
    held.save(update_fields=["state", "done_at", "last_error"])
    failpoint("delivery_before_commit")


def _put_off(delivery, *, at, error):
    wait = rules.retry_after(delivery.attempts)
    Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.PENDING, attempts=delivery.attempts
    ).update(
        state=Delivery.State.PARKED if wait is None else Delivery.State.PENDING,
        next_at=at + (wait or timedelta()),
        last_error=error[:2000],
    )


@transaction.atomic
def retry(delivery, *, at):
    """Put a parked delivery back in line with its attempts forgiven."""
    Delivery.objects.parked().filter(pk=delivery.pk).update(
        state=Delivery.State.PENDING, attempts=0, next_at=at
    )
    jobs.enqueue("history.deliver")


def deliver_for(seconds, *, clock=timezone.now):
    """Hand over due events until none is left or the time is up.

    Args:
        seconds: how long one run may take, well under the queue's limit.
        clock: gives the moment; a test passes its own.

    Returns:
        True when events may be left over.
    """
    end = clock() + timedelta(seconds=seconds)
    while (now := clock()) < end:
        if not deliver_next(at=now):
            return False
    return True
