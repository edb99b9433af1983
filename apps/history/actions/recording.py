"""Writing one event, with a delivery for everybody who subscribed to its kind."""

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from apps.core import jobs
from apps.history import kinds, rules, subscriptions
from apps.history.models import Event


def record(
    kind, *, timeline, by, at, happened_at=None, channel="", subject=None, key=None, **payload
):
    """Write one event, and a delivery for everybody who subscribed to its kind.

    Locks the timeline, so that within one timeline the order of ids is the order of commits:
    no reader can see a later event and miss an earlier one that is about to appear.

    Args:
        kind: name of a registered kind.
        timeline: whose history it is.
        by: the person who did it, or None for Mainstay itself.
        at: now.
        happened_at: when it happened, if earlier than now.
        channel: how the customer was reached: phone, email, …
        subject: the row it speaks of, if any.
        key: makes recording twice recording once.
        **payload: the fields that the kind declares; JSON values.

    Returns:
        The event; with a key that was used before, the earlier one.

    Raises:
        LookupError: the kind is not registered.
        ValueError: the payload does not fit the kind, or the moment lies in the future.
    """
    about = kinds.get(kind)
    about.check(payload)
    happened_at = happened_at or at
    if happened_at > at + rules.SKEW:
        raise ValueError(f"{kind} can't have happened in the future.")
    event = Event(
        timeline=timeline,
        kind=kind,
        happened_at=happened_at,
        recorded_at=at,
        actor=by,
        channel=channel,
        payload=payload,
        subject_label=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        key=key,
    )
    # Few statements need no savepoint: what they are refused for ends the caller's work too.
    with transaction.atomic(savepoint=False):
        subscribers = subscriptions.of(kind)
        if not _write(event, subscribers, touch=happened_at if about.is_touch else None):
            return Event.objects.get(key=key)
        if subscribers:
            jobs.enqueue("history.deliver")
    return event


def _write(event, subscribers, *, touch):
    """Write the event with its deliveries, on the locked timeline; False if the key was used."""
    values = {
        field.attname: getattr(event, field.attname)
        for field in Event._meta.concrete_fields
        if not field.primary_key
    }
    with connection.cursor() as cursor:
        values |= {"payload": Jsonb(event.payload), "touch": touch, "subscribers": subscribers}
        cursor.execute(_RECORD, values)
        row = cursor.fetchone()
    if row is None:
        return False
    event.pk = row[0]
    return True


# NO KEY: rows elsewhere may still be created that point at this timeline. An id is drawn for
# the row that the lock let through, thus after those of everybody who had the lock before.
_RECORD = """
WITH held AS (
    SELECT id FROM history_timeline WHERE id = %(timeline_id)s FOR NO KEY UPDATE
), written AS (
    INSERT INTO history_event (
        timeline_id, kind, happened_at, recorded_at, actor_id, channel, payload, subject_label,
        subject_id, key
    )
    SELECT id, %(kind)s, %(happened_at)s, %(recorded_at)s, %(actor_id)s, %(channel)s,
        %(payload)s, %(subject_label)s, %(subject_id)s, %(key)s
    FROM held
    ON CONFLICT (key) DO NOTHING
    RETURNING id, timeline_id
), addressed AS (
    INSERT INTO history_delivery (
        event_id, timeline_id, subscriber, state, attempts, next_at, last_error
    )
    SELECT id, timeline_id, subscriber, 'pending', 0, %(recorded_at)s, ''
    FROM written CROSS JOIN unnest(%(subscribers)s::text[]) AS subscriber
), touched AS (
    UPDATE history_timeline SET last_touch_at = %(touch)s
    FROM written
    WHERE history_timeline.id = written.timeline_id
        AND (last_touch_at IS NULL OR last_touch_at < %(touch)s::timestamptz)
        AND %(touch)s::timestamptz IS NOT NULL
)
SELECT id FROM written
"""
