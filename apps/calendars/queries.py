"""Reading working time: what a person's calendar says, in one question for any number of them."""

import functools
import json
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from apps.calendars.following import Whose
from apps.calendars.models import (
    Calendar,
    DayOff,
    Opening,
    OutOfOffice,
    PersonCalendar,
    TeamCalendar,
    WorkedHoliday,
)
from apps.calendars.rules import Hours
from apps.core.sql import planned
from apps.users.models import User


def with_parts(calendars):
    """Return calendars with everything that `hours` needs, in the same question."""

    def parts(model, *fields):
        rows = model.objects.filter(calendar=OuterRef("pk")).order_by("pk")
        return ArraySubquery(rows.values(each=JSONObject(**dict(zip(fields, fields, strict=True)))))

    return calendars.annotate(
        stretches=parts(Opening, "weekday", "opens", "closes"),
        free=parts(DayOff, "on", "opens", "closes", "name"),
        kept=ArraySubquery(
            WorkedHoliday.objects.filter(calendar=OuterRef("pk")).values("on").order_by("on")
        ),
    )


def hours(calendar):
    """Return a calendar from `with_parts` as the rules take it."""
    where = {"zone": calendar.time_zone, "country": calendar.country, "region": calendar.region}
    return _hours(calendar.stretches, calendar.free, calendar.kept, **where)


def _hours(stretches, free, kept, **where):
    week = [[] for _weekday in range(7)]
    for each in stretches:
        week[each["weekday"]].append((each["opens"], each["closes"]))
    days_off = {}
    for each in free:
        on = date.fromisoformat(each["on"])
        days_off.setdefault(on, []).append((each["opens"], each["closes"]))
    return Hours(
        week=tuple(tuple(sorted(day)) for day in week),
        days_off={on: tuple(sorted(parts)) for on, parts in days_off.items()},
        worked=frozenset(kept),
        **where,
    )


def names_of(calendar):
    """Return what the days off of a calendar from `with_parts` are called, by date."""
    return {date.fromisoformat(each["on"]): each["name"] for each in calendar.free}


def calendar_of(user):
    """Return somebody's own calendar, or else their team's, with its parts; or None."""
    own = PersonCalendar.objects.filter(user=user).values("calendar")
    shared = TeamCalendar.objects.filter(team=user.team_id).values("calendar")
    found = with_parts(Calendar.objects.filter(Q(pk__in=own) | Q(pk__in=shared)))
    return found.annotate(is_own=Q(pk__in=own)).order_by("-is_own").first()


def whose(calendar):
    """Return who works by a calendar: people who have it or whose team has it, and those teams.

    Args:
        calendar: a row; nobody works by one that is not saved yet.
    """
    own = PersonCalendar.objects.filter(calendar_id=calendar.pk).values("user")
    teams = TeamCalendar.objects.filter(calendar_id=calendar.pk).values_list("team", flat=True)
    teams = frozenset(teams)
    people = User.objects.filter(Q(pk__in=own) | Q(team__in=teams, working_calendar=None))
    return Whose(frozenset(people.values_list("pk", flat=True)), teams)


def hours_of(user):
    """Return the working time of a person, or None when nobody gave them a calendar."""
    with planned() as cursor:
        cursor.execute(f"SELECT {OF_PERSON}", {"user": user.pk, "team": user.team_id})
        return read(cursor.fetchone()[0])


# The parts of the row that the statement around it calls `calendar`, as one text; `read()` makes
# working time of it.
PARTS = """
    json_build_object(
        'zone', calendar.time_zone, 'country', calendar.country, 'region', calendar.region,
        'stretches', ARRAY(
            SELECT json_build_object('weekday', weekday, 'opens', opens, 'closes', closes)
            FROM calendars_opening WHERE calendar_id = calendar.id ORDER BY id),
        'free', ARRAY(
            SELECT json_build_object('on', "on", 'opens', opens, 'closes', closes)
            FROM calendars_dayoff WHERE calendar_id = calendar.id ORDER BY id),
        'kept', ARRAY(
            SELECT "on" FROM calendars_workedholiday WHERE calendar_id = calendar.id ORDER BY "on")
    )::text
"""
# What `hours_of()` reads, as one value of another statement that has the parameters `user` and
# `team`: the person's own calendar, or else their team's.
OF_PERSON = f"""(
    SELECT {PARTS}
    FROM calendars_calendar AS calendar
    WHERE calendar.id = coalesce(
        (SELECT calendar_id FROM calendars_personcalendar WHERE user_id = %(user)s),
        (SELECT calendar_id FROM calendars_teamcalendar WHERE team_id = %(team)s::bigint))
)"""  # noqa: S608  ours


# People who work by the same calendar share what was read of it.
@functools.lru_cache(maxsize=256)
def read(text):
    """Return a text of `PARTS` as the rules take it; of nothing, None."""
    if text is None:
        return None
    parts = json.loads(text)
    kept = [date.fromisoformat(on) for on in parts.pop("kept")]
    return _hours(parts.pop("stretches"), parts.pop("free"), kept, **parts)


def hours_of_all(users):
    """Return the working time of many people, by id: three questions for any number of them.

    Who has no calendar is left out.
    """
    users = list(users)
    own = dict(PersonCalendar.objects.filter(user__in=users).values_list("user_id", "calendar_id"))
    teams = {user.team_id for user in users}
    shared = dict(TeamCalendar.objects.filter(team__in=teams).values_list("team_id", "calendar_id"))
    chosen = {user.pk: own.get(user.pk) or shared.get(user.team_id) for user in users}
    found = with_parts(Calendar.objects.filter(pk__in={*chosen.values()} - {None}))
    by_id = {calendar.pk: hours(calendar) for calendar in found}
    return {user: by_id[calendar] for user, calendar in chosen.items() if calendar}


def absences(user, *, on):
    """Return when somebody is away, today and later."""
    rows = OutOfOffice.objects.filter(user=user, ends_on__gte=on)
    return rows.select_related("stand_in").order_by("starts_on")


def away(users, *, on):
    """Return the absences of many people on one day, by the person's id."""
    rows = OutOfOffice.objects.filter(user__in=users, starts_on__lte=on, ends_on__gte=on)
    return {row.user_id: row for row in rows.select_related("stand_in")}


def overlapping(user, starts_on, ends_on):
    """Return the absence that lies on some of these days already, or None."""
    return OutOfOffice.objects.filter(
        user=user, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()


def stand_ins(user):
    """Return who could stand in for somebody: colleagues at work here, their team first."""
    people = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.team_id:
        people = people.filter(Q(team=user.team_id) | Q(manages=user.team_id))
    return people.order_by("name", "pk").distinct()
