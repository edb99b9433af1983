"""The same changes as to one task, made to hundreds in a few statements.

Each function takes a chunk of ids, locks what is there, decides for each task as the single
action does, writes all of it at once, and says what became of each. `before` of a result holds
what the undo needs: the task as it was, the version that the change left behind, and who had it
then (`had`), who is told.
"""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from apps.calendars import queries as calendars
from apps.history import actions as history
from apps.tasks.actions import routing
from apps.tasks.actions.common import WHOLE, clear_snooze, give, write
from apps.tasks.actions.refusals import AlreadyClosed, Away, CannotTake, InThePast, QueueOfOthers
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import people, working
from apps.tasks.rules import DAY, due_moment, said
from apps.users.models import CLOSED_TEAMS, User
from apps.workspace.bulk_kinds import Done, Failed, Skipped

State, Answer = Task.State, Handoff.Answer

# What a change to many may touch; all of it comes back with an undo.
_AS_IT_IS = ("owner_id", "queue_id", "found_nobody", "state", "due_minutes", "escalated")
_AS_IT_IS += ("snoozed_by_id", "snooze_reason")
_MOMENTS = ("due_at", "due_after", "snoozed_until")
_WRITTEN = [name.removesuffix("_id") for name in _AS_IT_IS] + [*_MOMENTS, "due_clock"]
_WRITTEN += ["outcome", "closed_at", "closed_by", "version"]

_TIMELINES = """
SELECT account.timeline_id FROM tasks_task AS task
JOIN accounts_account AS account ON account.id = task.account_id
WHERE task.id = ANY(%(pks)s)
"""
# Every field that one of the payloads below has.
_TOLD = """
SELECT *, %(at)s::timestamptz AS happened_at
FROM jsonb_to_recordset(%(told)s) AS told (
    timeline_id bigint, subject_id bigint, title jsonb, owner jsonb, owner_id jsonb, queue jsonb,
    former_owner jsonb, former_owner_id jsonb, due_at jsonb, why jsonb, before jsonb,
    because jsonb, was jsonb, is_quiet jsonb
)
"""


def _hold(pks, *, by):
    """Take the rows of those tasks that are there for this person, lowest id first.

    The rows before the timelines, as every action on one task does: two of which each has what
    the other waits for would be ended by the database. What each row is joined with is read
    afterwards.
    """
    rows = Task.objects.visible_to(by).filter(pk__in=list(pks)).order_by("pk")
    held = [task.pk for task in rows.only("pk").select_for_update(of=["self"], no_key=True)]
    history.hold_many(_TIMELINES, {"pks": held})
    whole = Task.objects.filter(pk__in=held).order_by("pk")
    return list(whole.select_related(*WHOLE, "queue__team"))


def _gone(pks):
    return dict.fromkeys(pks, Failed(_("It is not here any more.")))


def remember(task):
    """Return what an undo needs of a task before it is changed, as JSON values."""
    moments = {name: getattr(task, name) for name in _MOMENTS}
    return {
        **{name: getattr(task, name) for name in _AS_IT_IS},
        **{name: value and value.isoformat() for name, value in moments.items()},
        "due_clock": task.due_clock and task.due_clock.isoformat(),
    }


def _put_back(task, before):
    # Whom the worker told meanwhile was told.
    escalated = max(task.escalated, before["escalated"])
    for name in _AS_IT_IS:
        setattr(task, name, before[name])
    for name in _MOMENTS:
        setattr(task, name, before[name] and datetime.fromisoformat(before[name]))
    task.due_clock = before["due_clock"] and time.fromisoformat(before["due_clock"])
    task.escalated = escalated


def _write(tasks):
    for task in tasks:
        task.version += 1
    Task.objects.bulk_update(tasks, _WRITTEN)


def _tell(kind, told, *, by, at):
    """Write an event of each task; all payloads have the same fields.

    Args:
        kind: of the events.
        told: pairs of a task and what is said of it beside its title and owner.
        by: the person.
        at: now.
    """
    if not told:
        return
    payloads = [
        {
            "title": task.what,
            "owner": str(task.owner or ""),
            "owner_id": task.owner_id,
            "is_quiet": True,
            **more,
        }
        for task, more in told
    ]
    rows = [
        {"timeline_id": task.account.timeline_id, "subject_id": task.pk, **payload}
        for (task, _more), payload in zip(told, payloads, strict=True)
    ]
    history.record_many(
        kind,
        rows=_TOLD,
        params={"told": Jsonb(rows), "at": at},
        fields=list(payloads[0]),
        by=by,
        at=at,
        subject=Task._meta.label_lower,
    )


def _drop_handoffs(tasks, *, at):
    _waiting(tasks).update(answer=Answer.WITHDRAWN, answered_at=at)


def _waiting(tasks):
    return Handoff.objects.filter(task__in=tasks, answer=Answer.PENDING)


def _handoffs(tasks):
    """Return the hand-offs of tasks that wait for an answer: their ids, by the task's."""
    return dict(_waiting(tasks).values_list("task", "pk"))


def _done(task, before, handoffs):
    """Return the result of a task that is about to be changed, with what an undo needs."""
    before = {**before, "version": task.version + 1}
    if handoff := handoffs.get(task.pk):
        before["handoff"] = handoff
    return Done(before)


def _put_due(task, due, hours, *, at):
    """Set a task's moment; a new one can be missed anew."""
    former = task.due_at
    task.due_after, task.due_minutes, task.due_clock = due.after, due.minutes, due.clock
    task.due_at = due_moment(due, hours)
    if task.due_at != former and task.due_at > at:
        task.escalated = 0


def _people(pks):
    """Return people with what says which customers they see, by id."""
    rows = User.objects.select_related("member").annotate(closed_teams=CLOSED_TEAMS)
    return {each.pk: each for each in rows.filter(pk__in=pks)}


def _can_have(person, task):
    """Say whether somebody works here and may see a task's customer."""
    team = (task.account.merged_into or task.account).team_id
    works = person.is_active and person.has_perm("tasks.work")
    return works and team not in person.hidden_teams


# --- who has them -------------------------------------------------------------


@transaction.atomic
def assign(pks, *, to, queue, why, by, at):
    """Give tasks to somebody; or let them wait in a queue for whoever takes the next one.

    Args:
        pks: ids of tasks.
        to: id of the person, or None.
        queue: the queue when no person is named.
        why: for those who read this later.
        by: the manager.
        at: now.

    Returns:
        What became of each id.
    """
    person = to and _people([to]).get(to)
    if not person and not queue:
        return dict.fromkeys(pks, Failed(_("They are gone. Choose somebody else.")))
    refuse = _refusing(person, at=at) if person else _refusing_others(queue)
    hours = working.hours_for(person or None, queue)
    results, changed = _gone(pks), []
    tasks = _hold(pks, by=by)
    handoffs = _handoffs(tasks)
    for task in tasks:
        former = task.owner
        if not task.is_open:
            results[task.pk] = Skipped(str(AlreadyClosed(task)))
        elif former == person if person else (task.owner_id, task.queue) == (None, queue):
            results[task.pk] = Skipped(_("It is so already."))
        elif refusal := refuse(task):
            results[task.pk] = Failed(str(refusal))
        else:
            before = {**remember(task), "had": person and person.pk}
            results[task.pk] = _done(task, before, handoffs)
            task.owner, task.found_nobody, task.state = person or None, False, State.OPEN
            task.queue = task.queue if person else queue
            _put_due(task, said(task), hours, at=at)
            changed.append((task, former))
    tasks = [task for task, _former in changed]
    _drop_handoffs(tasks, at=at)
    _write(tasks)
    _tell_assigned(changed, why=why, by=by, at=at)
    return results


def _refusing(person, *, at):
    """Return what says why somebody can't take a task, or None."""
    zone = ZoneInfo(person.time_zone)
    absences = list(calendars.absences(person, on=at.date() - DAY))

    def refuse(task):
        if not _can_have(person, task):
            return CannotTake(task, person)
        on = max(task.due_at, at).astimezone(zone).date()
        for absence in absences:
            if absence.starts_on <= on <= absence.ends_on:
                absence.user = person
                return Away(task, absence)
        return None

    return refuse


def _refusing_others(queue):
    def refuse(task):
        fits = people.may_wait_in(queue, task.account)
        return None if fits else QueueOfOthers(task, queue)

    return refuse


def _tell_assigned(changed, *, why, by, at):
    told = [
        (
            task,
            {
                "queue": str(task.queue or ""),
                "former_owner": str(former or ""),
                "former_owner_id": former and former.pk,
                "due_at": task.due_at.isoformat(),
                "why": why,
            },
        )
        for task, former in changed
    ]
    _tell("tasks.assigned", told, by=by, at=at)


@transaction.atomic
def share(pks, *, why, by, at):
    """Give tasks that nobody has to whom their queues find.

    Args:
        pks: ids of tasks.
        why: for those who read this later.
        by: the manager.
        at: now.

    Returns:
        What became of each id, and who has it.
    """
    results, changed, loads = _gone(pks), [], {}
    tasks = _hold(pks, by=by)
    routing.hold_queues({task.queue for task in tasks if not task.owner_id})
    for task in tasks:
        if not task.is_open:
            results[task.pk] = Skipped(str(AlreadyClosed(task)))
        elif task.owner_id:
            results[task.pk] = Skipped(_("%(name)s has it already.") % {"name": task.owner})
        elif owner := routing.share_out(task, task.queue, loads, at=at):
            before = {**remember(task), "version": task.version + 1, "had": owner.pk}
            results[task.pk] = Done(before, why=_("%(name)s has it.") % {"name": owner})
            give(task, owner, at=at)
            # At once: the next one is given by what each has by then.
            write(task)
            if load := loads.get(owner.pk):
                loads[owner.pk] = replace(load, effort=load.effort + task.effort)
            changed.append((task, None))
        else:
            results[task.pk] = Skipped(_("Nobody of the team is there to take it."))
    _tell_assigned(changed, why=why, by=by, at=at)
    return results


# --- when they are due --------------------------------------------------------


@transaction.atomic
def reschedule(pks, *, due, by, at):
    """Say anew when tasks are due, each in the working time of whoever has it.

    Args:
        pks: ids of tasks.
        due: a `rules.Due`.
        by: the manager.
        at: now.

    Returns:
        What became of each id.
    """
    if due.at is not None and due.at <= at:
        return dict.fromkeys(pks, Failed(str(InThePast(None))))
    results, changed = _gone(pks), []
    tasks = _hold(pks, by=by)
    hours = _hours_of(tasks)
    for task in tasks:
        if not task.is_open:
            results[task.pk] = Skipped(str(AlreadyClosed(task)))
            continue
        before, former = remember(task), task.due_at
        _put_due(task, due, hours(task), at=at)
        if remember(task) == before:
            results[task.pk] = Skipped(_("It is so already."))
        else:
            results[task.pk] = _done(task, before, {})
            changed.append((task, former))
    _write([task for task, _former in changed])
    _tell_moved(changed, by=by, at=at)
    return results


def _hours_of(tasks):
    """Return what gives the working time that counts for each of some tasks."""
    owners = working.hours_of_people({each.owner for each in tasks if each.owner})
    teams = working.hours_of_teams({each.queue.team for each in tasks if not each.owner})
    return lambda task: owners[task.owner_id] if task.owner_id else teams[task.queue.team_id]


def _tell_moved(changed, *, by, at):
    told = [
        (
            task,
            {
                "before": former.isoformat(),
                "due_at": task.due_at.isoformat(),
                "because": "",
            },
        )
        for task, former in changed
    ]
    _tell("tasks.rescheduled", told, by=by, at=at)


# --- whether they are needed --------------------------------------------------


@transaction.atomic
def cancel(pks, *, why, by, at):
    """Say that tasks need not be done any more, and why.

    Args:
        pks: ids of tasks.
        why: in a sentence.
        by: the manager.
        at: now.

    Returns:
        What became of each id.
    """
    results, changed = _gone(pks), []
    tasks = _hold(pks, by=by)
    handoffs = _handoffs(tasks)
    for task in tasks:
        if not task.is_open:
            results[task.pk] = Skipped(str(AlreadyClosed(task)))
            continue
        results[task.pk] = _done(task, remember(task), handoffs)
        task.state, task.outcome = State.CANCELLED, why
        task.closed_at, task.closed_by = at, by
        clear_snooze(task)
        changed.append(task)
    _drop_handoffs(changed, at=at)
    _write(changed)
    _tell("tasks.cancelled", [(task, {"why": why}) for task in changed], by=by, at=at)
    return results


# --- undo ---------------------------------------------------------------------


@transaction.atomic
def restore(befores, *, by, at):
    """Put tasks back as they were, but for those that somebody changed since.

    Args:
        befores: what `Done` kept of each, by id.
        by: who takes the change back.
        at: now.

    Returns:
        What became of each id.
    """
    results = dict.fromkeys(befores, Skipped(_("It is not here any more.")))
    owners = _people({each["owner_id"] for each in befores.values()} - {None})
    reopened, given, moved = [], [], []
    for task in _hold(befores, by=by):
        before = befores[task.pk]
        owner = owners.get(before["owner_id"])
        if task.version != before["version"]:
            results[task.pk] = Skipped(_("Somebody changed it since."))
            continue
        if owner and owner != task.owner and not _can_have(owner, task):
            results[task.pk] = Skipped(str(CannotTake(task, owner)))
            continue
        results[task.pk] = Done()
        former, was, due_at = task.owner, task.state, task.due_at
        has = (task.owner_id, task.queue_id)
        _put_back(task, before)
        if not former or former.pk != task.owner_id:
            task.owner = owner
        if was == State.CANCELLED:
            task.outcome, task.closed_at, task.closed_by = "", None, None
            reopened.append((task, {"was": str(was)}))
        elif has != (task.owner_id, task.queue_id):
            given.append((task, former))
        else:
            moved.append((task, due_at))
    _write([task for task, _more in [*reopened, *given, *moved]])
    _ask_again([task for task, _more in [*reopened, *given]], befores, at=at)
    _tell("tasks.reopened", reopened, by=by, at=at)
    _tell_assigned(given, why="", by=by, at=at)
    _tell_moved(moved, by=by, at=at)
    return results


def _ask_again(tasks, befores, *, at):
    """Let hand-offs wait again that the change took back; what was asked since is taken back.

    Not of somebody who can't take the task any more.
    """
    _drop_handoffs(tasks, at=at)
    by_handoff = {befores[task.pk].get("handoff"): task for task in tasks}
    found = list(Handoff.objects.filter(pk__in=by_handoff.keys() - {None}))
    receivers = _people({each.receiver_id for each in found})
    again = [
        each
        for each in found
        if each.sender_id == by_handoff[each.pk].owner_id
        and _can_have(receivers[each.receiver_id], by_handoff[each.pk])
    ]
    Handoff.objects.filter(pk__in=[each.pk for each in again], answer=Answer.WITHDRAWN).update(
        answer=Answer.PENDING, answered_at=None
    )
