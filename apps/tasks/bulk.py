"""What can be done to many tasks at once: give, move and cancel them."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import ngettext

from apps.calendars import queries as calendars
from apps.calendars.rules import moment_of
from apps.tasks.actions import many
from apps.tasks.actions.telling import tell_of_many, tell_of_undo
from apps.tasks.models import Queue, Task
from apps.tasks.rules import Due
from apps.users.models import User
from apps.workspace.bulk_kinds import register

MAY = "tasks.assign"


def _counts(ids, **questions):
    """Count those of some tasks that fit each question, in one query."""
    counts = {name: Count("pk", filter=question) for name, question in questions.items()}
    return Task.objects.filter(pk__in=ids).aggregate(**counts)


_IS_OPEN = Q(state__in=["open", "in_progress"])


def _closed(count):
    text = ngettext(
        "%(count)s task is done or cancelled already.",
        "%(count)s tasks are done or cancelled already.",
        count,
    )
    return (count, text)


# --- who has them -------------------------------------------------------------


def _receiver(to, queue):
    """Return (person, queue), each None when it was not chosen or is gone."""
    person = User.objects.filter(pk=to, is_active=True).first() if to else None
    return person, Queue.objects.filter(pk=queue).first() if queue else None


def _assign(pks, *, to, queue, why, by, at):
    person, waits = _receiver(to, queue)
    return many.assign(pks, to=person and person.pk, queue=waits, why=why, by=by, at=at)


def _assign_back(befores, *, to, queue, why, by, at):
    return many.restore(befores, by=by, at=at)


def _forecast_assign(ids, *, to, queue, why, by):
    person, waits = _receiver(to, queue)
    same = Q(owner=person) if person else Q(owner=None, queue=waits)
    found = _counts(
        ids,
        closed=~_IS_OPEN,
        same=_IS_OPEN & same,
        away=_IS_OPEN & ~same & _while_away(person, timezone.now()),
    )
    already = ngettext(
        "%(count)s task is theirs already.",
        "%(count)s tasks are theirs already.",
        found["same"],
    )
    away = ngettext(
        "%(count)s task is due while they are away.",
        "%(count)s tasks are due while they are away.",
        found["away"],
    )
    return [_closed(found["closed"]), (found["same"], already), (found["away"], away)]


def _while_away(person, at):
    """What tasks have in common that are due, or late, while somebody is away."""
    found = Q(pk=None)
    if person is None:
        return found
    for absence in calendars.absences(person, on=at.date() - timedelta(days=1)):
        days = (absence.starts_on, absence.ends_on + timedelta(days=1))
        starts, ends = (moment_of(person.time_zone, datetime.combine(day, time())) for day in days)
        found |= Q(due_at__gte=starts, due_at__lt=ends)
        if starts <= at < ends:
            found |= Q(due_at__lt=at)
    return found


def _tell_given(change, *, by, at, **_arguments):
    tell_of_many(change, did="given", by=by, at=at)


def _tell_given_back(change, *, by, at, **_arguments):
    tell_of_undo(change, did="given", by=by, at=at)


register(
    "tasks.assign",
    right=MAY,
    apply=_assign,
    undo=_assign_back,
    forecast=_forecast_assign,
    finished=_tell_given,
    undone=_tell_given_back,
)


# --- what nobody has ----------------------------------------------------------


def _share(pks, *, why, by, at):
    return many.share(pks, why=why, by=by, at=at)


def _share_back(befores, *, why, by, at):
    return many.restore(befores, by=by, at=at)


def _forecast_share(ids, *, why, by):
    found = _counts(ids, closed=~_IS_OPEN, owned=_IS_OPEN & Q(owner__isnull=False))
    owned = ngettext(
        "%(count)s task has somebody already.",
        "%(count)s tasks have somebody already.",
        found["owned"],
    )
    return [_closed(found["closed"]), (found["owned"], owned)]


register(
    "tasks.share",
    right=MAY,
    apply=_share,
    undo=_share_back,
    forecast=_forecast_share,
    finished=_tell_given,
    undone=_tell_given_back,
)


# --- when they are due --------------------------------------------------------


def _due(due_at, minutes, clock, *, at=None):
    moment = due_at and datetime.fromisoformat(due_at)
    return Due(moment, minutes, clock and time.fromisoformat(clock), None if due_at else at)


def _move(pks, *, due_at, minutes, clock, by, at):
    return many.reschedule(pks, due=_due(due_at, minutes, clock, at=at), by=by, at=at)


def _move_back(befores, *, due_at, minutes, clock, by, at):
    return many.restore(befores, by=by, at=at)


def _forecast_move(ids, *, due_at, minutes, clock, by):
    due = _due(due_at, minutes, clock).at
    same = _IS_OPEN & Q(due_at=due, due_after=None) if due else Q(pk=None)
    found = _counts(ids, closed=~_IS_OPEN, same=same)
    already = ngettext(
        "%(count)s task is due then already.",
        "%(count)s tasks are due then already.",
        found["same"],
    )
    return [_closed(found["closed"]), (found["same"], already)]


def _tell_moved(change, *, by, at, **_arguments):
    tell_of_many(change, did="moved", by=by, at=at)


def _tell_moved_back(change, *, by, at, **_arguments):
    tell_of_undo(change, did="moved", by=by, at=at)


register(
    "tasks.move",
    right=MAY,
    apply=_move,
    undo=_move_back,
    forecast=_forecast_move,
    finished=_tell_moved,
    undone=_tell_moved_back,
)


# --- whether they are needed --------------------------------------------------


def _cancel(pks, *, why, by, at):
    return many.cancel(pks, why=why, by=by, at=at)


def _cancel_back(befores, *, why, by, at):
    return many.restore(befores, by=by, at=at)


def _forecast_cancel(ids, *, why, by):
    return [_closed(_counts(ids, closed=~_IS_OPEN)["closed"])]


def _tell_cancelled(change, *, by, at, **_arguments):
    tell_of_many(change, did="cancelled", by=by, at=at)


def _tell_reopened(change, *, by, at, **_arguments):
    tell_of_undo(change, did="reopened", by=by, at=at)


register(
    "tasks.cancel",
    right=MAY,
    apply=_cancel,
    undo=_cancel_back,
    forecast=_forecast_cancel,
    finished=_tell_cancelled,
    undone=_tell_reopened,
)
