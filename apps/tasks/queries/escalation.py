"""Which tasks somebody has to be told of, and who that is."""

from collections import Counter
from dataclasses import dataclass

from django.core.cache import caches
from django.db import connection
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from apps.tasks.models import Escalation, Level, Policy, Task
from apps.tasks.queries import people, working
from apps.tasks.rules import escalation as rules
from apps.users.models import User

# What the worker has to look at: whose time has come, and what it has not seen, or not with the
# moment that it has now. What is put off is not looked at; awake again, it is seen anew. The
# words are those of the index `tasks_task_unseen`, which holds what is not seen and little else.
DUE = """
(
    SELECT task_id AS id FROM tasks_deadline WHERE look_at <= %(at)s
    ORDER BY look_at LIMIT %(count)s
) UNION (
    SELECT id FROM tasks_task
    WHERE state IN ('open', 'in_progress') AND due_at <= %(ahead)s
    AND (snoozed_until IS NULL OR snoozed_until <= %(at)s)
    AND (seen_due_at IS NULL OR seen_due_at < due_at OR seen_due_at > due_at)
    ORDER BY due_at, id LIMIT %(count)s
)
"""
# Without a policy the last hour is one of risk; policies are read anew after so many seconds.
USUAL_RISK, KEPT = 60, 10
# So many tasks a preview looks through, the longest overdue first, and so many it shows.
MOST_TRIED, MOST_SHOWN = 500, 20


def due_values(at, count):
    """Return what `DUE` is asked with."""
    return {"at": at, "ahead": at + rules.AHEAD, "count": count}


def is_due(at):
    """Say whether the worker has to look at any task."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({DUE})", due_values(at, 1))
        return cursor.fetchone()[0]


def plans(*, without=None):
    """Return the policies in use, as the rules take them.

    Args:
        without: id of one that is left out.
    """
    levels = Prefetch("levels", Level.objects.order_by("number"))
    rows = Policy.objects.filter(is_on=True).exclude(pk=without).prefetch_related(levels)
    return [_plan(row, row.levels.all()) for row in rows]


def plan_of(policy):
    """Return one policy, in use or not, as the rules take it."""
    return _plan(policy, policy.levels.order_by("number"))


def _plan(policy, levels):
    return rules.Plan(
        name=policy.name,
        kind=policy.kind,
        priority=policy.priority,
        at_risk_minutes=policy.at_risk_minutes,
        reminds=policy.reminds,
        steps=tuple(rules.Step(level.number, level.minutes, level.does) for level in levels),
    )


def risks():
    """Return how long before its moment a task is at risk, in minutes, by kind and priority.

    Every list of tasks asks; a change shows within ten seconds.
    """
    return caches["process"].get_or_set("tasks.risks", _risks, KEPT)


def _risks():
    rows = Policy.objects.filter(is_on=True)
    fields = ("name", "kind", "priority", "at_risk_minutes")
    known = [rules.Plan(*row) for row in rows.values_list(*fields)]
    found = {
        (kind, priority): rules.choose(known, kind, priority)
        for kind in Task.Kind.values
        for priority in Task.Priority.values
    }
    return {key: plan.at_risk_minutes if plan else USUAL_RISK for key, plan in found.items()}


def with_crew():
    """Return tasks with everything that says who looks after them."""
    return Task.objects.select_related(
        *("account__timeline", "account__team", "account__merged_into__team"),
        *("owner__team", "queue__team"),
    )


@dataclass(frozen=True)
class Board:
    """Where some tasks stand.

    Args:
        standings: by the task's id.
        users: who may be told, by id.
    """

    standings: dict[int, rules.Standing]
    users: dict[int, User]


def board(tasks, *, at):
    """Return where tasks from `with_crew` stand: the same few questions for any number.

    Args:
        tasks: open ones.
        at: now.
    """
    users, deputies = _people(tasks, at)
    hours = working.hours_of_people(users.values())
    teams = {task.queue.team_id: task.queue.team for task in tasks if task.owner_id is None}
    of_teams = working.hours_of_teams(teams.values())
    told = _told(tasks)

    def person(user_id, account):
        deputy = users.get(deputies.get(user_id, user_id))
        if deputy is None or not _sees(deputy, account):
            return None
        return rules.Person(deputy.pk, hours[deputy.pk])

    standings = {}
    for task in tasks:
        crew = _told_by_level(task, person)
        mine = of_teams[task.queue.team_id] if task.owner_id is None else hours[task.owner_id]
        standings[task.pk] = _standing(task, mine, crew, told.get(task.pk, ()))
    return Board(standings, users)


def _told_by_level(task, person):
    """Return who is told of a task, by level.

    Where nobody of those who look after it may see its customer, since that came to a private
    team, whoever leads and manages this team is told: otherwise nobody would know of the task.

    Args:
        task: which.
        person: a function of an id and a customer that returns who is told, or None.
    """
    for crew in (_crew(task), _keepers(task)):
        found = {number: person(pk, task.account) for number, pk in crew.items()}
        if any(found.values()):
            break
    return {number: each for number, each in found.items() if each}


def _crew(task):
    """Return the ids of who looks after a task, by level."""
    team = task.queue.team if task.queue_id else task.owner.team
    owner = {Level.Number.OWNER: task.owner_id} if task.owner_id else {}
    return owner | _heads(team)


def _keepers(task):
    """Return the ids of those who look after a private team to which a task's customer belongs."""
    team = (task.account.merged_into or task.account).team
    return _heads(team) if team and team.is_private else {}


def _heads(team):
    if team is None:
        return {}
    heads = {Level.Number.LEAD: team.lead_id, Level.Number.MANAGER: team.manager_id}
    return {number: pk for number, pk in heads.items() if pk}


def _people(tasks, at):
    """Return users by id, and who stands in for those who are away: an id, or None."""
    ids = {pk for task in tasks for crew in (_crew, _keepers) for pk in crew(task).values()}
    users = _users(ids)
    away = people.away_at(users.values(), at)
    stand_ins = _users({row.stand_in_id for row in away.values()} - {None})
    gone = people.away_at(stand_ins.values(), at)
    deputies = {
        pk: None if row.stand_in_id in gone else row.stand_in_id for pk, row in away.items()
    }
    return users | stand_ins, deputies


def _users(ids):
    return User.objects.select_related("member__timeline").in_bulk(ids)


def _sees(user, account):
    """Say whether somebody works here and may see a customer; asks nothing."""
    role = user.member.role if hasattr(user, "member") else None
    if not user.is_active or role not in people.WORKING:
        return False
    team = (account.merged_into or account).team
    if team is None or not team.is_private or role in people.SEEING:
        return True
    return team.pk == user.team_id or user.pk in {team.lead_id, team.manager_id}


def _told(tasks):
    found = {}
    for row in Escalation.objects.filter(task__in=tasks):
        found.setdefault(row.task_id, []).append(row)
    return found


def _standing(task, hours, crew, rows):
    # Who was told after the moment was told of this breach; of a moment that was moved on since,
    # it was an earlier one.
    told = [row for row in rows if row.level and row.fired_at >= task.due_at]
    return rules.Standing(
        due_at=task.due_at,
        hours=hours,
        people=crew,
        told={row.level: row.fired_at for row in told},
        told_people=frozenset(row.told_id for row in told),
        is_reminded=any(not row.level and row.due_at == task.due_at for row in rows),
        is_late=any(row.is_late for row in told),
    )


def late_since(moment, user_ids):
    """Return of how many late tasks people were told since a moment, by id."""
    rows = Escalation.objects.filter(told__in=user_ids, is_late=True, fired_at__gt=moment)
    return Counter(rows.values_list("told", flat=True))


@dataclass(frozen=True, slots=True)
class Firing:
    """What a policy would do with a task now."""

    task: Task
    level: str
    does: str
    user: User


def _words(step):
    """Return how a preview says a level and what happens."""
    if not step.number:
        return _("At risk"), _("Is reminded")
    return Level.Number(step.number).label, Level.Does(step.does).label


@dataclass(frozen=True)
class Preview:
    """What a policy would do now: how much of it, and the first."""

    tried: int
    is_whole: bool
    count: int
    shown: list


def preview(plan, *, at, instead_of=None):
    """Say what a policy would do at this moment, if it were saved; nothing is done.

    Args:
        plan: the policy as it was typed.
        at: now.
        instead_of: id of the policy that it would replace.
    """
    rows = with_crew().open().there().awake(at).filter(due_at__lte=at + rules.AHEAD)
    if plan.kind:
        rows = rows.filter(kind=plan.kind)
    if plan.priority is not None:
        rows = rows.filter(priority=plan.priority)
    found = list(rows.soonest_first()[: MOST_TRIED + 1])
    known = [*plans(without=instead_of), plan]
    tasks = [
        task for task in found[:MOST_TRIED] if rules.choose(known, task.kind, task.priority) is plan
    ]
    now = board(tasks, at=at)
    verdicts = [(task, rules.decide(plan, now.standings[task.pk], at)) for task in tasks]
    firing = [
        Firing(task, *_words(each.step), now.users[each.person.pk])
        for task, each in verdicts
        if each.step
    ]
    return Preview(len(tasks), len(found) <= MOST_TRIED, len(firing), firing[:MOST_SHOWN])
