"""What the ladder of a save rests on, read for any number of customers in one go."""

import functools
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from apps.history import kinds
from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import SaveCase

# What we do to a record tells nothing of whether the customer is still there.
OURS = {
    *("accounts.created", "accounts.owner_changed", "accounts.stage_changed"),
    *("accounts.tier_changed", "accounts.merged", "accounts.unmerged", "accounts.removed"),
    *("accounts.restored", "accounts.identity_added", "accounts.identity_removed"),
}
# Nor does the watch itself, a commitment or a task of ours; another call ends the watch anyway.
SILENT = {"saves", "settings", "tasks"}


@functools.cache
def heard_kinds():
    """Return the kinds of event that say something came in about a customer."""
    named = (kinds.get(name) for name in kinds.names())
    return [each.name for each in named if each.group not in SILENT and each.name not in OURS]


@dataclass(slots=True)
class Stored:
    """A watch as its row has it."""

    pk: int
    case: int
    account_id: int
    rung: str
    day: int
    why: str
    saved_on: date
    next_on: date | None
    is_last: bool
    heard_on: date | None


@dataclass(slots=True)
class Customer:
    """A customer with all records that are shown as one."""

    pk: int  # of the record that is there
    zone: ZoneInfo
    leavings: tuple  # as `rules.Facts` has them
    heard: tuple
    calls: list  # of `rules.Call`
    timelines: dict  # id of a call → id of the timeline of the record on which it was logged
    watches: dict  # id of a call → its watch

    def today(self, at):
        """The date that a moment falls on in the customer's zone."""
        return at.astimezone(self.zone).date()

    def facts(self, later, heard_on):
        """What counts for one save.

        Args:
            later: the calls after its chain.
            heard_on: when a file named the customer, if one did.
        """
        return rules.Facts(
            leavings=self.leavings,
            attempts=tuple(self.today(call.opened_at) for call in later),
            heard=(*self.heard, *filter(None, [heard_on])),
        )


def of(roots):
    """Read the facts of customers.

    Args:
        roots: ids of records that are there, not of those merged into them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"roots": list(roots), "heard": heard_kinds()})
        return [_customer(*row) for row in cursor.fetchall()]


def has_ended(customer, call):
    """Say whether the history tells last that a call was watched no more.

    Args:
        customer: of `of()`.
        call: one of its calls.
    """
    told = Event.objects.filter(
        timeline=customer.timelines[call.pk],
        kind="saves.watch_changed",
        subject_label=SaveCase._meta.label_lower,
        subject_id=call.pk,
    )
    return told.order_by("-id").values_list("payload__rung", flat=True).first() == ""


def _customer(pk, zone, churned_on, returns, heard_at, calls, watches):
    zone = ZoneInfo(zone)
    leavings = [(churned_on, None)] if churned_on else []
    for was_on, back_at in returns or ():
        leavings.append((date.fromisoformat(was_on), _moment(back_at).astimezone(zone).date()))
    calls = calls or ()
    return Customer(
        pk=pk,
        zone=zone,
        leavings=tuple(leavings),
        heard=(heard_at.astimezone(zone).date(),) if heard_at else (),
        calls=[
            rules.Call(call, _moment(opened_at), outcome, continues)
            for call, opened_at, outcome, continues, _timeline in calls
        ],
        timelines={call: timeline for call, *_rest, timeline in calls},
        watches={each[1]: _stored(*each) for each in watches or ()},
    )


def _moment(text):
    return datetime.fromisoformat(text)


def _stored(*columns):
    *columns, saved_on, next_on, is_last, heard_on = columns
    days = (day and date.fromisoformat(day) for day in (saved_on, next_on))
    return Stored(*columns, *days, is_last, heard_on and date.fromisoformat(heard_on))


# A date that was amended was never a leaving, nor one that a correction of the call took back.
_FACTS = """
SELECT root.id, root.time_zone, root.churned_on,
    (
        SELECT json_agg(json_build_array(back.payload ->> 'was_on', back.happened_at))
        FROM history_event AS back
        WHERE back.timeline_id = ANY(family.timelines) AND back.kind = 'accounts.returned'
            AND NOT EXISTS (
                SELECT FROM history_event AS mended
                WHERE mended.timeline_id = ANY(family.timelines)
                    AND mended.kind = 'saves.corrected' AND mended.recorded_at = back.recorded_at
            )
    ),
    (
        SELECT max(newest.happened_at)
        FROM unnest(family.timelines) AS line (id) CROSS JOIN LATERAL (
            SELECT happened_at FROM history_event
            WHERE timeline_id = line.id AND kind = ANY(%(heard)s)
            ORDER BY happened_at DESC, id DESC LIMIT 1
        ) AS newest
    ),
    (
        SELECT json_agg(json_build_array(
            call.id, opened_at, outcome, continues_id, own.timeline_id))
        FROM saves_savecase AS call JOIN accounts_account AS own ON own.id = account_id
        WHERE account_id = ANY(family.records)
    ),
    (
        SELECT json_agg(json_build_array(
            watch.id, watch.case_id, watch.account_id, rung, day, why, saved_on, next_on, is_last,
            heard_on))
        FROM saves_watch AS watch JOIN saves_savecase AS call ON call.id = watch.case_id
        WHERE call.account_id = ANY(family.records)
    )
FROM accounts_account AS root CROSS JOIN LATERAL (
    SELECT array_agg(id) AS records, array_agg(timeline_id) AS timelines
    FROM accounts_account WHERE id = root.id OR merged_into_id = root.id
) AS family
WHERE root.id = ANY(%(roots)s)
ORDER BY root.id
"""
