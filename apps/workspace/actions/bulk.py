"""Changing many rows at once: preview, deed, a result for each row, and one undo.

The rows are fixed when the preview is made. After that they are worked through in chunks, one
transaction each, by whoever holds the lease of the change: the request that confirmed it for
the first few hundred, then workers. A chunk and its results commit together, so a process
that is killed loses nothing and repeats nothing.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.json import Jsonb

from apps.core import jobs
from apps.core.failpoints import failpoint
from apps.users.models import CLOSED_TEAMS, User
from apps.workspace import bulk_kinds as kinds
from apps.workspace.models import BulkChange, BulkRow

log = logging.getLogger(__name__)

State, Outcome, Undo = BulkChange.State, BulkRow.Outcome, BulkRow.Undo

CHUNK = 200  # rows in one transaction: well under a second
# A worker that is silent for so long has died; each chunk renews it.
LEASE = timedelta(seconds=30)


class Refused(ValueError):
    """Nothing was changed; the text tells the person what to do."""


class TooLate(Refused):
    """The time for undoing has passed, or somebody has undone it already."""

    def __init__(self):
        super().__init__(
            gettext_lazy("This can’t be undone any more. Change the customers again instead.")
        )


class NotYours(Refused):
    """Only the person who made a change, or an admin, may confirm or undo it."""

    def __init__(self):
        super().__init__(gettext_lazy("Ask the person who made this change, or an admin."))


class OtherChoice(Refused):
    """Something else was chosen after the preview that somebody confirmed was shown.

    Args:
        change: as it stands.
    """

    def __init__(self, change):
        self.change = change
        super().__init__(
            gettext_lazy(
                "Something else was chosen meanwhile, perhaps in another tab. What you confirmed "
                "was not done: check what stands here now."
            )
        )


_FIX = """
INSERT INTO workspace_bulkrow
    (change_id, subject_id, label, outcome, why, before, undo, undo_why)
SELECT %s, subject_id, left(label, 260), 'waiting', '', '{{}}', '', ''
FROM ({rows}) AS asked (subject_id, label)
"""


@transaction.atomic
def preview(kind, *, rows, by, at, key, arguments=None, label=""):
    """Fix which rows a change would be made to; nothing happens to them yet.

    Args:
        kind: name of a registered kind.
        rows: a queryset of (id, label) pairs, each id once, in the order of the results.
        by: the person.
        at: now.
        key: of the form; sent twice, it makes one preview.
        arguments: what the kind needs, as JSON values; may be chosen later.
        label: what is done, in words.

    Raises:
        LookupError: when nobody registered the kind.
        NotYours: when the key was used by somebody else.
    """
    kinds.get(kind)
    values = {
        "kind": kind,
        "arguments": arguments or {},
        "label": str(label),
        "by": by,
        "created_at": at,
        "leased_until": at,
    }
    change, is_new = BulkChange.objects.get_or_create(key=key, defaults=values)
    if change.by_id != by.pk:
        raise NotYours
    if is_new:
        change.total = _fix(change, rows)
        change.save(update_fields=["total"])
    return change


def _fix(change, rows):
    try:
        statement, params = rows.query.sql_with_params()
    except EmptyResultSet:  # the question contradicts itself
        return 0
    with connection.cursor() as cursor:
        # The limit of a page is not for a hundred thousand rows.
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        # The words of the question are parameters; only its shape is pasted.
        cursor.execute(_FIX.format(rows=statement), [change.pk, *params])
        return cursor.rowcount


@transaction.atomic
def choose(change, *, arguments, label, by):
    """Say what exactly a previewed change does; may be said again until it is confirmed.

    Args:
        change: a preview.
        arguments: what the kind needs, as JSON values.
        label: what is done, in words.
        by: the person.

    Raises:
        NotYours: when somebody else made the preview.
    """
    change = _lock(change, by=by)
    if change.state == State.PREVIEW:
        change.arguments, change.label = arguments, str(label)[:200]
        change.save(update_fields=["arguments", "label"])
    return change


@transaction.atomic
def confirm(change, *, by, at, shown=None):
    """Let a previewed change begin; confirmed twice, it runs once.

    Args:
        change: a preview whose arguments are chosen.
        by: the person.
        at: now.
        shown: of the change as the person saw it; None where there was nobody to see it.

    Raises:
        NotYours: when somebody else made the preview.
        OtherChoice: when something else was chosen since it was shown.
    """
    change = _lock(change, by=by)
    if shown not in {None, change.shown}:
        raise OtherChoice(change)
    if change.state == State.PREVIEW:
        change.state, change.leased_until = State.RUNNING, at
        change.save(update_fields=["state", "leased_until"])
    return change


@transaction.atomic
def undo(change, *, by, at):
    """Let the rows of a change be put back, but for those that somebody changed since.

    Args:
        change: one that is through.
        by: the person who made it, or an admin.
        at: now.

    Raises:
        NotYours: when this person may not.
        TooLate: ten minutes after it was through.
    """
    change = _lock(change, by=by)
    if change.state == State.UNDOING:
        return change
    if not change.can_undo(at):
        raise TooLate
    change.state, change.leased_until, change.undone_by = State.UNDOING, at, by
    change.save(update_fields=["state", "leased_until", "undone_by"])
    return change


def may_touch(change, user):
    """Say whether somebody may confirm and undo a change."""
    return change.by_id == user.pk or user.has_perm("workspace.change_bulkchange")


def _lock(change, *, by):
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if not may_touch(change, by):
        raise NotYours
    return change


def work(change, *, limit=None, seconds=None, clock=timezone.now):
    """Work on a change that is confirmed or being undone, unless somebody else does.

    Args:
        change: the change.
        limit: stop after so many rows.
        seconds: stop after so long.
        clock: gives the moment; a test passes its own.

    Returns:
        The change as it is afterwards.
    """
    lease, by = _take(change, at=clock())
    last, rows = 0, 0
    end = None if seconds is None else clock() + timedelta(seconds=seconds)
    while lease is not None:
        step = _chunk(change, lease, after=last, by=by, at=clock())
        lease, last, rows = step.lease, step.last, rows + step.rows
        enough = limit is not None and rows >= limit
        if lease is not None and (enough or (end is not None and clock() >= end)):
            _let_go(change, lease, at=clock())
            break
    return BulkChange.objects.get(pk=change.pk)


@transaction.atomic
def _take(change, *, at):
    """Take the lease of a change; returns it and in whose name the work is done.

    Returns None for both when there is nothing to do for us.
    """
    found = BulkChange.objects.due(at).select_for_update().filter(pk=change.pk).first()
    if found is None:
        return None, None
    found.leased_until = at + LEASE
    found.save(update_fields=["leased_until"])
    whose = found.undone_by_id if found.state == State.UNDOING else found.by_id
    return found.leased_until, User.objects.annotate(closed_teams=CLOSED_TEAMS).get(pk=whose)


@transaction.atomic
def _let_go(change, lease, *, at):
    """Give the lease back and ring for a worker to go on."""
    if (
        BulkChange.objects.at_work()
        .filter(pk=change.pk, leased_until=lease)
        .update(leased_until=at)
    ):
        jobs.enqueue("workspace.bulk")


@dataclass(frozen=True)
class _Step:
    """What a chunk did: how many rows, up to which, and the lease unless the work is over."""

    lease: object = None
    last: int = 0
    rows: int = 0


@transaction.atomic
def _chunk(change, lease, *, after, by, at):
    """Work on the next rows; results, counts and the rows themselves commit together."""
    held = BulkChange.objects.select_for_update().filter(pk=change.pk, leased_until=lease)
    change = held.first()
    if change is None:
        return _Step()  # we were too slow, and somebody else has taken over
    # One more than we work on says whether there is more.
    found = list(_next(change, after)[: CHUNK + 1])
    rows = found[:CHUNK]
    subjects = {subject: before for _pk, subject, before in rows}
    results = _results(change, subjects, by=by, at=at)
    failpoint("bulk_before_commit")
    _write(change, [(pk, results[subject]) for pk, subject, _before in rows])
    change.leased_until = at + LEASE
    if len(found) == len(rows):
        _finish(change, by=by, at=at)
    change.save()
    is_over = change.state in {State.DONE, State.UNDONE}
    return _Step(None if is_over else change.leased_until, rows[-1][0] if rows else 0, len(rows))


def _next(change, after):
    """Return the rows that wait for us, as a queryset of (pk, subject, before)."""
    waiting = {"outcome": Outcome.WAITING}
    if change.state == State.UNDOING:
        waiting = {"outcome": Outcome.DONE, "undo": Undo.NONE}
    rows = change.rows.filter(**waiting, pk__gt=after).order_by("pk")
    return rows.values_list("pk", "subject_id", "before")


def _finish(change, *, by, at):
    kind = kinds.get(change.kind)
    if change.state == State.UNDOING:
        change.state, change.undone_at = State.UNDONE, at
        tell = kind.undone
    else:
        change.state, change.finished_at = State.DONE, at
        tell = kind.finished
    if tell:
        tell(change, by=by, at=at, **change.arguments)


def _results(change, subjects, *, by, at):
    """Return what became of each subject."""
    kind = kinds.get(change.kind)
    function = kind.undo if change.state == State.UNDOING else kind.apply
    if not by.has_perm(kind.right):
        return dict.fromkeys(subjects, kinds.Failed(_("Whoever asked for this may not any more.")))

    def call(some):
        with transaction.atomic():
            return function(some, by=by, at=at, **change.arguments)

    broken = kinds.Failed(_("Something went wrong with this one. Change it on its own page."))
    results = dict.fromkeys(subjects, broken)
    try:
        return results | call(subjects)
    except Exception:
        # One of them is to blame; alone, each answers for itself.
        log.exception("%s failed for some rows.", change)
    for subject, before in subjects.items():
        try:
            results |= call({subject: before})
        except Exception:
            log.exception("%s failed for %s.", change, subject)
    return results


_RESULT = """
UPDATE workspace_bulkrow SET outcome = new.outcome, why = new.why, before = new.before
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[]) AS new (id, outcome, why, before)
WHERE workspace_bulkrow.id = new.id
"""
_UNDO_RESULT = """
UPDATE workspace_bulkrow SET undo = new.outcome, undo_why = new.why
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, outcome, why)
WHERE workspace_bulkrow.id = new.id
"""
_OUTCOMES = {kinds.Done: "done", kinds.Skipped: "skipped", kinds.Failed: "failed"}


def _write(change, results):
    """Keep the result of each row, and count it."""
    pks = [pk for pk, _result in results]
    whys = [str(getattr(result, "why", ""))[:300] for _pk, result in results]
    undoing = change.state == State.UNDOING
    if undoing:
        outcomes = [
            Undo.RESTORED if isinstance(result, kinds.Done) else Undo.SPARED
            for _pk, result in results
        ]
        statement, columns = _UNDO_RESULT, [pks, outcomes, whys]
    else:
        outcomes = [_OUTCOMES[type(result)] for _pk, result in results]
        befores = [Jsonb(getattr(result, "before", {})) for _pk, result in results]
        statement, columns = _RESULT, [pks, outcomes, whys, befores]
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
    for outcome, count in Counter(map(str, outcomes)).items():
        setattr(change, outcome, getattr(change, outcome) + count)


def forget_old(*, at, limit=5):
    """Delete previews that nobody confirmed, and results that nobody asks for any more.

    Args:
        at: now.
        limit: how many in one run; each may have a hundred thousand rows.

    Returns:
        How many changes were deleted.
    """
    old = BulkChange.objects.forgotten(at).values_list("pk", flat=True)[:limit]
    return BulkChange.objects.filter(pk__in=list(old)).delete()[1].get("workspace.BulkChange", 0)
