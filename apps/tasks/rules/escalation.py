"""Who has to be told of a task by now: decisions on plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.calendars import rules as working
from apps.calendars.rules import Hours

# A task is looked at so often at least, since people and their calendars change meanwhile.
SELDOM = timedelta(hours=1)
# Whoever should have been told longer ago than this was not told because nobody looked.
LATE = timedelta(hours=2)
# Nothing is looked at earlier before its moment than this: two working days and a long weekend.
AHEAD = timedelta(days=6)
# Of more late tasks than these within the time above somebody is told in one message.
MOST_LATE = 3
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """One level of a policy: so many minutes of working time after the due moment."""

    number: int
    minutes: int
    does: str = "notify"


@dataclass(frozen=True)
class Plan:
    """A policy, as the rules take it.

    Args:
        name: what admins call it.
        kind: of the tasks that it is for; empty for all.
        priority: likewise; None for all.
        at_risk_minutes: so long before the due moment a task is at risk.
        reminds: whether its owner is told then.
        steps: in the order of their numbers.
    """

    name: str
    kind: str = ""
    priority: int | None = None
    at_risk_minutes: int = 0
    reminds: bool = False
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Person:
    """Somebody who can be told, and when they work."""

    pk: int
    hours: Hours


@dataclass(frozen=True)
class Standing:
    """Where a task stands.

    Args:
        due_at: its moment.
        hours: the working time that counts for it.
        people: who is to be told at each level; nobody for a level that is missing.
        told: when each level was told of this breach.
        told_people: who they were.
        is_reminded: whether somebody was told before the moment.
        is_late: whether somebody was told of this breach long after they should have been.
    """

    due_at: datetime
    hours: Hours
    people: Mapping[int, Person] = field(default_factory=dict)
    told: Mapping[int, datetime] = field(default_factory=dict)
    told_people: frozenset[int] = frozenset()
    is_reminded: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Verdict:
    """What to do now, and when to look again.

    Args:
        look_at: when to look again; None when nothing more can come.
        step: what fires now; number 0 is the reminder. None: nothing does.
        person: who is told, or gets the task.
        is_late: they should have been told long ago, or whoever was told before them.
    """

    look_at: datetime | None
    step: Step | None = None
    person: Person | None = None
    is_late: bool = False


REMINDER = Step(0, 0)


def choose(plans, kind, priority):
    """Return the most exact plan for a kind and a priority, or None.

    Both named goes before the kind alone, that before the priority alone, that before neither.
    """
    fits = [plan for plan in plans if plan.kind in {"", kind} and plan.priority in {None, priority}]
    return max(fits, key=lambda plan: (plan.kind != "", plan.priority is not None), default=None)


def decide(plan, standing, at):
    """Say who is to be told of a task now, or when to look at it again.

    Nobody is told outside their own working time, and nobody twice of the same breach. A level
    keeps its distance from the one that was told before it: after a day on which nobody looked
    the owner hears of it first, and the lead only when the owner had the time to act.

    Args:
        plan: the policy that counts for the task, or None.
        standing: where the task stands.
        at: now.
    """
    if plan is None:
        return Verdict(None)
    try:
        return _after(plan, standing, at) if at >= standing.due_at else _before(plan, standing, at)
    except working.NoWorkingTime:
        return Verdict(at + SELDOM)


def _before(plan, standing, at):
    owner = standing.people.get(1)
    if standing.is_reminded or not plan.reminds or not plan.at_risk_minutes or owner is None:
        return Verdict(min(standing.due_at, at + SELDOM))
    left = working.between(standing.hours, at, standing.due_at) - plan.at_risk_minutes
    if left > 0:  # so much time has to pass at least
        wait = max(timedelta(minutes=left), SOON)
        return Verdict(min(standing.due_at, at + wait, at + SELDOM))
    opens = working.next_opening(owner.hours, at)
    if opens > at:
        return Verdict(min(standing.due_at, opens, at + SELDOM))
    return Verdict(at + SOON, REMINDER, owner)


def _after(plan, standing, at):
    highest = max(standing.told, default=0)
    ahead = [step for step in plan.steps if step.number > highest]
    for step in ahead:
        person = standing.people.get(step.number)
        if person is None or person.pk in standing.told_people:
            continue
        opens = working.next_opening(person.hours, _moment(plan, standing, step))
        begins = working.next_opening(person.hours, max(at, opens))
        if begins > at:
            return Verdict(min(begins, at + SELDOM))
        return Verdict(at + SOON, step, person, is_late=standing.is_late or at - opens > LATE)
    return Verdict(at + SELDOM if ahead else None)


def _moment(plan, standing, step):
    """Return when a level is reached: its time after the due moment, or after the level before."""
    moment = working.add(standing.hours, standing.due_at, step.minutes)
    if not standing.told:
        return moment
    number, told_at = max(standing.told.items())
    before = next((each.minutes for each in plan.steps if each.number == number), 0)
    return max(moment, working.add(standing.hours, told_at, max(step.minutes - before, 0)))
