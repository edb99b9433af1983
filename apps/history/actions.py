"""Writing history, and handing it to those who subscribed."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.types.json import Jsonb

from apps.core import jobs
from apps.core.failpoints import failpoint
from apps.history import kinds, rules, subscriptions
from apps.history.models import Delivery, Event, Pin, Timeline

log = logging.getLogger(__name__)

# Clocks of two servers may differ by this much before a moment counts as the future.
SKEW = timedelta(minutes=5)


class TooManyPins(ValueError):
    """The top of a timeline is full."""

    def __init__(self):
        super().__init__(
            _("%(most)d entries are pinned already. Unpin one of them first.")
            % {"most": rules.MOST_PINS}
        )


def new_timeline():
    """Create the timeline of a thing that is being created."""
    return Timeline.objects.create()


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
    if happened_at > at + SKEW:
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


def hold_many(rows, params):
    """Lock many timelines in the order of their ids, before `record_many()`.

    Args:
        rows: SQL of a SELECT that gives `timeline_id`.
        params: its named parameters.
    """
    statement = sql.SQL(
        "SELECT count(*) FROM (SELECT FROM history_timeline"
        " WHERE id IN (SELECT timeline_id FROM ({rows}) AS wanted)"
        " ORDER BY id FOR NO KEY UPDATE) AS held"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=sql.SQL(rows)), params)


@transaction.atomic
def record_many(kind, *, rows, params, fields, by, at):
    """Write one event of a kind for each row of a query, with deliveries, in one statement.

    For imports and other work on sets. The caller holds the timelines: it made them in this
    transaction, or called `hold_many()`.

    Args:
        kind: name of a registered kind that is no touch.
        rows: SQL of a SELECT that gives `timeline_id`, `happened_at` and each field by name.
        params: its named parameters.
        fields: names of the payload's fields.
        by: the person who did it, or None for Mainstay itself.
        at: now.

    Returns:
        How many events were written.

    Raises:
        LookupError: the kind is not registered.
        ValueError: the fields do not fit the kind, the kind is a touch, or a moment lies in
            the future.
    """
    about = kinds.get(kind)
    about.check(dict.fromkeys(fields))
    if about.is_touch:
        raise ValueError(f"{kind} is a touch: record it one by one.")
    subscribers = subscriptions.of(kind, in_set=True)
    pairs = sql.SQL(", ").join(
        part for name in fields for part in (sql.Literal(name), sql.Identifier(name))
    )
    statement = _RECORD_MANY.format(rows=sql.SQL(rows), payload=pairs)
    ours = {"_kind": kind, "_by": by and by.pk, "_at": at, "_subscribers": subscribers}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, **ours})
        count, last = cursor.fetchone()
    if count and last > at + SKEW:
        raise ValueError(f"{kind} can't have happened in the future.")
    if count and subscribers:
        jobs.enqueue("history.deliver")
    return count


_RECORD_MANY = sql.SQL("""
WITH written AS (
    INSERT INTO history_event (
        timeline_id, kind, happened_at, recorded_at, actor_id, channel, payload, subject_label
    )
    SELECT timeline_id, %(_kind)s, happened_at, %(_at)s, %(_by)s, '',
        jsonb_build_object({payload}), ''
    FROM ({rows}) AS source
    RETURNING id, timeline_id, happened_at
), addressed AS (
    INSERT INTO history_delivery (
        event_id, timeline_id, subscriber, state, attempts, next_at, last_error
    )
    SELECT id, timeline_id, subscriber, 'pending', 0, %(_at)s, ''
    FROM written CROSS JOIN unnest(%(_subscribers)s::text[]) AS subscriber
)
SELECT count(*), max(happened_at) FROM written
""")


@transaction.atomic
def add_note(timeline, *, text, by, at, happened_at=None, key=None, mentions=(), is_pinned=False):
    """Write a note that colleagues read; it is never edited, a correction is a new note.

    Args:
        timeline: whose history it is.
        text: plain text.
        by: who writes it.
        at: now.
        happened_at: when it happened, if earlier than now.
        key: makes writing twice writing once.
        mentions: people who are told; the text says them as `@name`, and ends with those
            that it does not.
        is_pinned: whether it is put on top of the timeline at once.

    Raises:
        TooManyPins: when the top is full; then nothing is written.
    """
    text, told = _with_names(text, mentions)
    event = record(
        "history.noted",
        timeline=timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        key=key,
        text=text,
        **told,
    )
    if is_pinned:
        pin(event, by=by, at=at)
    return event


@transaction.atomic
def annotate(timeline, *, text, tone, by, at, happened_at=None, prefers="", key=None):
    """Mark a day of a timeline, as when their first order failed or a launch went well.

    Args:
        timeline: whose history it is.
        text: plain text.
        tone: key of `rules.TONES`: what it says of that day.
        by: who writes it.
        at: now.
        happened_at: when it happened, if earlier than now.
        prefers: the channel that they preferred then, if it is known.
        key: makes writing twice writing once.

    Raises:
        ValueError: when the tone is unknown, or the moment lies in the future.
    """
    if tone not in rules.TONES:
        raise ValueError(f"{tone} is no tone of an annotation.")
    told = {"prefers": str(prefers)} if prefers else {}
    return record(
        "history.annotated",
        timeline=timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        key=key,
        text=text,
        tone=tone,
        **told,
    )


@transaction.atomic
def pin(event, *, by, at):
    """Keep an entry on top of its timeline; one that is there already stays as it is.

    Args:
        event: the entry.
        by: who pins it.
        at: now.

    Raises:
        TooManyPins: when the top is full.
    """
    # Two at once are one after the other, or both would be the last that fits.
    Timeline.objects.select_for_update(no_key=True).get(pk=event.timeline_id)
    pins = Pin.objects.filter(timeline=event.timeline_id)
    earlier = pins.filter(event=event).first()
    if earlier is not None:
        return earlier
    if pins.count() >= rules.MOST_PINS:
        raise TooManyPins
    return Pin.objects.create(
        event=event, timeline_id=event.timeline_id, pinned_by=by, pinned_at=at
    )


@transaction.atomic
def unpin(event):
    """Take an entry down from the top of its timeline; it stays where it happened."""
    Pin.objects.filter(event=event).delete()


def _with_names(text, people):
    if not people:
        return text, {}
    said = rules.mentioned(text, [str(person) for person in people])
    unsaid = [f"@{person}" for person in people if str(person) not in said]
    text = "\n\n".join(filter(None, [text, " ".join(unsaid)]))
    return text, {"mentions": [{"id": person.pk, "name": str(person)} for person in people]}


@transaction.atomic
def reckon_touch(timeline, others):
    """Set the last touch of a timeline that is shown together with others, or is so no more.

    Args:
        timeline: whose last touch it is.
        others: ids of the timelines shown with it.
    """
    Timeline.objects.select_for_update().get(pk=timeline.pk)
    touches = [name for name in kinds.names() if kinds.get(name).is_touch]
    own = Event.objects.on(timeline).of_kinds(touches).aggregate(at=Max("happened_at"))
    theirs = Timeline.objects.filter(pk__in=others).aggregate(at=Max("last_touch_at"))
    timeline.last_touch_at = max(filter(None, [own["at"], theirs["at"]]), default=None)
    timeline.save(update_fields=["last_touch_at"])


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
