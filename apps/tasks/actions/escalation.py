"""Telling people of tasks that are nearly or past due, and the policies that say whom."""

import logging
from collections import Counter
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.actions import Refused
from apps.core.failpoints import failpoint
from apps.history import actions as history
from apps.tasks.actions import giving
from apps.tasks.actions.common import tell
from apps.tasks.models import Deadline, Escalation, Level, Policy, Task
from apps.tasks.queries import escalation
from apps.tasks.rules import escalation as rules

log = logging.getLogger(__name__)

# So many tasks are looked at in one transaction; a run of the worker takes so many times as many.
CHUNK, ROUNDS = 100, 10


@dataclass(frozen=True)
class First:
    """A policy with which a new workspace begins."""

    name: str
    priority: int | None
    after: tuple[int, ...]  # minutes of working time: owner, lead, manager

    @property
    def levels(self):
        """Each is told; nothing is taken from anybody before an admin says so."""
        notify = Level.Does.NOTIFY
        return [(number, minutes, notify) for number, minutes in enumerate(self.after, start=1)]


# A quarter of a day, a day and two for most; what is urgent goes through all three in half a day.
FIRST = (
    First("Every task", None, (120, 480, 960)),
    First("Urgent tasks", Task.Priority.URGENT, (30, 120, 240)),
)


def fire_due(*, at):
    """Look at the tasks whose time has come, and tell whom that concerns; a thousand at most.

    Two workers take different ones. What a worker that was killed had begun, another does.

    Args:
        at: now.

    Returns:
        How many were looked at.
    """
    done = 0
    for _round in range(ROUNDS):
        try:
            count = _fire_some(at)
        except (OperationalError, InterfaceError):
            raise  # the database is away, not one task wrong
        except Exception:
            log.exception("Could not look at some tasks: looking at one after the other.")
            count = _fire_apart(at)
        done += count
        if count < CHUNK:
            break
    return done


# Whoever saves a policy waits for us, and then lets be seen anew what we looked at without it.
_LOCK = "LOCK TABLE tasks_policy IN SHARE MODE"
_CLAIM = f"""
SELECT id FROM tasks_task WHERE id IN (
    SELECT id FROM ({escalation.DUE}) AS due LIMIT %(count)s
) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608  ours


@transaction.atomic
def _fire_some(at):
    ids = _claim(at, CHUNK)
    _fire(ids, at=at)
    failpoint("escalation_before_commit")
    return len(ids)


def _claim(at, count):
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_CLAIM, escalation.due_values(at, count))
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def _fire_apart(at):
    """Look at tasks one after the other; at one that can't be looked at, again in a while."""
    ids = _claim(at, CHUNK)
    for pk in ids:
        try:
            with transaction.atomic():
                _fire([pk], at=at)
        except Exception:
            log.exception("Could not look at task %s.", pk)
            _note([Deadline(task_id=pk, look_at=at + rules.SELDOM)])
    return len(ids)


def _fire(ids, *, at):
    # In the order of their timelines, which two workers then lock in the same order.
    tasks = list(escalation.with_crew().filter(pk__in=ids).order_by("account__timeline", "pk"))
    awake = [task for task in tasks if task.is_open and not task.is_asleep(at)]
    _forget(set(tasks) - set(awake))
    # Of a customer who was removed nobody is told; who is restored meanwhile is asked again.
    _note([Deadline(task=task, look_at=at + rules.SELDOM) for task in awake if not task.is_there])
    _look([task for task in awake if task.is_there], at=at)


def _look(tasks, *, at):
    plans, board = escalation.plans(), escalation.board(tasks, at=at)
    verdicts = []
    for task in tasks:
        plan = rules.choose(plans, task.kind, task.priority)
        verdicts.append((task, rules.decide(plan, board.standings[task.pk], at)))
    many = _many(verdicts, at)
    seen, news = [], set()
    for task, verdict in verdicts:
        if verdict.step:
            is_bundled = verdict.is_late and verdict.person.pk in many
            news |= _act(task, verdict, board.users, at=at, is_bundled=is_bundled)
        seen.append(Deadline(task=task, look_at=verdict.look_at))
    _note(seen)
    _tell_of_many(news, at=at)


def _note(deadlines):
    """Write down when to look at tasks again, and that they were seen with the moment they have."""
    Deadline.objects.bulk_create(
        deadlines,
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["look_at"],
    )
    seen = Task.objects.filter(pk__in=[each.task_id for each in deadlines])
    seen.exclude(seen_due_at__isnull=False, seen_due_at=F("due_at")).update(seen_due_at=F("due_at"))


def _forget(tasks):
    """Let tasks be seen anew when there is something to do again."""
    Deadline.objects.filter(task__in=tasks).delete()
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(seen_due_at=None)


def _many(verdicts, at):
    """Return the ids of those who hear of more late tasks than they can be told of one by one.

    What they were told lately counts as well: a chunk may hold few of many.
    """
    late = Counter(verdict.person.pk for _each, verdict in verdicts if verdict.is_late)
    late += escalation.late_since(at - rules.SELDOM, list(late))
    return {pk for pk, count in late.items() if count > rules.MOST_LATE}


def _act(task, verdict, users, *, at, is_bundled):
    """Tell somebody of a task, or give it to them.

    Returns:
        What is to be said in one message with other tasks instead: pairs of a person and what.
    """
    step, user, former = verdict.step, users[verdict.person.pk], users.get(task.owner_id)
    Escalation.objects.create(
        task=task,
        due_at=task.due_at,
        level=step.number,
        told=user,
        does=step.does,
        fired_at=at,
        is_late=verdict.is_late,
        is_bundled=is_bundled,
    )
    if step.number:
        Task.objects.filter(pk=task.pk).update(escalated=step.number)
    if step.does == Level.Does.BOTH and not is_bundled:
        # Before the task is given, so that of the two they read the one that says why.
        _tell(task, step, user, at=at)
    is_given = step.does != Level.Does.NOTIFY and _give(task, user, at=at, is_quiet=is_bundled)
    if is_bundled:
        return {(user, "given"), (former, "taken")} if is_given else {(user, "late")}
    if step.does != Level.Does.BOTH and not is_given:
        _tell(task, step, user, at=at)
    return set()


def _tell(task, step, user, *, at):
    said = {"told": str(user), "told_id": user.pk, "due_at": task.due_at.isoformat()}
    if step.number:
        tell("tasks.escalated", task, by=None, at=at, level=step.number, **said)
    else:
        tell("tasks.reminded", task, by=None, at=at, **said)


def _give(task, user, *, at, is_quiet):
    """Let somebody have a task; say whether it is theirs by that."""
    if task.owner_id == user.pk:
        return False
    why = _("It was not done in time.")
    try:
        given = giving.assign(task, to=user, by=None, at=at, why=why, is_quiet=is_quiet)
    except Refused:
        return False
    task.owner, task.due_at = given.owner, given.due_at
    return True


def _tell_of_many(news, *, at):
    """Say in one message what became of several late tasks: to each person once in an hour.

    Args:
        news: pairs of a person, or None, and what they are told: "late", "given" or "taken".
        at: now.
    """
    known = [(user, did) for user, did in news if hasattr(user, "member")]
    for user, did in sorted(known, key=lambda each: (each[0].member.timeline_id, each[1])):
        history.record(
            "tasks.escalated_together",
            timeline=user.member.timeline,
            by=None,
            at=at,
            subject=user,
            key=f"tasks.escalated-together:{user.pk}:{did}:{at:%Y-%m-%dT%H}",
            told_id=user.pk,
            did=did,
        )


@transaction.atomic
def load_policies(*, at):
    """Add the policies with which a new workspace begins, where there is none at all.

    Safe to run again: once there is any, in use or not, that is what somebody wants.

    Returns:
        How many were added.
    """
    if Policy.objects.exists():
        return 0
    for shipped in FIRST:
        policy = Policy.objects.create(name=shipped.name, priority=shipped.priority)
        _write_levels(policy, shipped.levels, at=at)
    return len(FIRST)


@transaction.atomic
def save_policy(policy, *, levels, by, at):
    """Write a policy as an admin edited it; every task is looked at again with it.

    Like a calendar, it has no timeline of its own: it stands in the admin's history.

    Args:
        policy: the row, new or edited, not saved yet.
        levels: (number, minutes, does) of each level in use.
        by: the admin.
        at: now.
    """
    is_new = policy.pk is None
    if not is_new:
        Policy.objects.select_for_update().get(pk=policy.pk)
    policy.save()
    Level.objects.filter(policy=policy).delete()
    _write_levels(policy, levels, at=at)
    history.record(
        "tasks.policy_saved",
        timeline=by.member.timeline,
        by=by,
        at=at,
        subject=policy,
        name=policy.name,
        is_new=is_new,
    )
    return policy


def _write_levels(policy, levels, *, at):
    Level.objects.bulk_create(
        Level(policy=policy, number=number, minutes=minutes, does=does)
        for number, minutes, does in levels
    )
    Deadline.objects.update(look_at=at)


@transaction.atomic
def save_queue(queue, *, by, at):
    """Write a queue as an admin edited it; it stands in the admin's history.

    Args:
        queue: the row, new or edited, not saved yet.
        by: the admin.
        at: now.
    """
    is_new = queue.pk is None
    queue.save()
    history.record(
        "tasks.queue_saved",
        timeline=by.member.timeline,
        by=by,
        at=at,
        subject=queue,
        name=queue.name,
        is_new=is_new,
    )
    return queue
