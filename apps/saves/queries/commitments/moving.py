"""Commitments whose tasks are due at another moment because working time is another one."""

from django.db.models import F, Q

from apps.calendars import following
from apps.saves import rules
from apps.saves.models import Commitment
from apps.tasks.queries.working import hours_of_people, hours_of_teams


def moves(rows, *, at):
    """Return what moves of some commitments, as (commitment, moment) pairs.

    What somebody chose for a task stays, and so does what is past.

    Args:
        rows: a queryset of commitments.
        at: now.
    """
    mine = {"task__due_at": F("reckoned_at"), "task__due_at__gt": at}
    states = {"task__state__in": ["open", "in_progress"]}
    found = list(
        rows.open()
        .filter(**mine, **states)
        .select_related(
            *("owner", "account__merged_into", "task__owner", "task__queue__team"),
            *("task__account__timeline",),
        )
    )
    tasks = [each.task for each in found]
    people = hours_of_people({task.owner for task in tasks if task.owner})
    teams = hours_of_teams({task.queue.team for task in tasks if not task.owner})
    due = []
    for each in found:
        task = each.task
        hours = people[task.owner_id] if task.owner else teams[task.queue.team_id]
        moment = rules.due_moment(hours, each.owner.time_zone, each.due_on, at)
        if moment != task.due_at:
            due.append((each, moment))
    return due


def in_words(whose, *, at):
    """Return what moves of the tasks of some people and teams, the soonest first.

    Args:
        whose: `Whose`.
        at: now.
    """
    theirs = Q(task__owner__in=whose.people)
    theirs |= Q(task__owner=None, task__queue__team__in=whose.teams)
    there = {"account__removed_at": None, "account__merged_into__removed_at": None}
    rows = Commitment.objects.filter(theirs, **there).order_by("task__due_at", "pk")
    words = [
        following.Move(
            what=each.text,
            customer=(each.account.merged_into or each.account).name,
            whose=str(each.task.owner or each.task.queue),
            before=each.task.due_at,
            after=moment,
        )
        for each, moment in moves(rows, at=at)
    ]
    return following.Moves(words)
