"""Writing an event for each row of a query, for imports and other work on sets."""

from django.db import connection, transaction
from psycopg import sql

from apps.core import jobs
from apps.history import kinds, rules, subscriptions


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
def record_many(kind, *, rows, params, fields, by, at, subject=""):
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
        subject: label of the rows that the events speak of, such as "tasks.task"; `rows` then
            gives `subject_id` as well.

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
    statement = _RECORD_MANY.format(
        rows=sql.SQL(rows), payload=pairs, subject_id=sql.SQL("subject_id" if subject else "NULL")
    )
    ours = {"_kind": kind, "_by": by and by.pk, "_at": at, "_subscribers": subscribers}
    ours["_subject"] = subject
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, **ours})
        count, last = cursor.fetchone()
    if count and last > at + rules.SKEW:
        raise ValueError(f"{kind} can't have happened in the future.")
    if count and subscribers:
        jobs.enqueue("history.deliver")
    return count


_RECORD_MANY = sql.SQL("""
WITH written AS (
    INSERT INTO history_event (
        timeline_id, kind, happened_at, recorded_at, actor_id, channel, payload, subject_label,
        subject_id
    )
    SELECT timeline_id, %(_kind)s, happened_at, %(_at)s, %(_by)s, '',
        jsonb_build_object({payload}), %(_subject)s, {subject_id}
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
