"""Whose working time counts for a task."""

import functools
from dataclasses import replace

from apps.calendars import queries as calendars
from apps.calendars.models import Calendar, TeamCalendar
from apps.calendars.rules import MONDAY_TO_FRIDAY


@functools.cache
def usual(zone):
    """Return the working time of somebody to whom nobody gave a calendar, in their zone."""
    return replace(MONDAY_TO_FRIDAY, zone=zone)


def hours_of_people(users):
    """Return the working time of people by id; who has no calendar works as is usual."""
    users = list(users)
    known = calendars.hours_of_all(users)
    return {user.pk: known.get(user.pk) or usual(user.time_zone) for user in users}


def hours_of_teams(teams):
    """Return the working time of teams by id; a team without a calendar works as is usual."""
    teams = list(teams)
    chosen = dict(TeamCalendar.objects.filter(team__in=teams).values_list("team_id", "calendar_id"))
    found = calendars.with_parts(Calendar.objects.filter(pk__in=chosen.values()))
    known = {calendar.pk: calendars.hours(calendar) for calendar in found}
    return {team.pk: known.get(chosen.get(team.pk)) or usual(team.time_zone) for team in teams}


def hours_for(owner, queue):
    """Return the working time that counts for a task.

    Args:
        owner: who has it, or None.
        queue: in which it waits, when nobody has it.
    """
    if owner is not None:
        return calendars.hours_of(owner) or usual(owner.time_zone)
    return hours_of_teams([queue.team])[queue.team_id]
