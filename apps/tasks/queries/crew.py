"""The people of some teams: their queues, their working time, and how much they have to do."""

import functools
import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from apps.calendars import queries as calendars
from apps.calendars.rules import Hours
from apps.core.sql import planned
from apps.tasks.models import Task
from apps.tasks.queries.left import length
from apps.tasks.queries.working import usual
from apps.tasks.rules import AHEAD, time_of

ALL = "all"
DAY = timedelta(days=1)

# SQL, and a text each for teams and people, since these pages are open all day and most of what
# it says is the same as a moment ago: what was made of a text is kept. Chosen is the team that was
# asked for; else those that the reader manages or leads; else their own.
_CREW = f"""
    WITH team AS MATERIALIZED (
        SELECT * FROM users_team WHERE id <> ALL(%(hidden)s::bigint[])
    ), ranked AS (
        SELECT id, CASE
            WHEN id::text = %(asked)s THEN 1
            WHEN %(user)s IN (manager_id, lead_id) THEN 2
            WHEN id = %(own)s::bigint THEN 3
        END AS rank
        FROM team WHERE %(asked)s <> '{ALL}'
    ), chosen AS MATERIALIZED (
        SELECT id FROM ranked WHERE rank = (SELECT min(rank) FROM ranked)
    )
    SELECT ARRAY(SELECT id FROM chosen), (
        SELECT json_agg(json_build_array(
            team.id, team.name, team.time_zone,
            (
                SELECT {calendars.PARTS} FROM calendars_teamcalendar AS used
                JOIN calendars_calendar AS calendar ON calendar.id = used.calendar_id
                WHERE used.team_id = team.id
            ),
            ARRAY(
                SELECT json_build_array(queue.id, queue.name) FROM tasks_queue AS queue
                WHERE queue.team_id = team.id ORDER BY queue.name
            )) ORDER BY team.name)::text
        FROM team
    ), (
        SELECT json_agg(json_build_array(
            person.id, coalesce(nullif(person.name, ''), person.email), person.is_active,
            person.team_id, person.time_zone,
            (
                SELECT {calendars.PARTS} FROM calendars_personcalendar AS used
                JOIN calendars_calendar AS calendar ON calendar.id = used.calendar_id
                WHERE used.user_id = person.id
            ),
            ARRAY(
                SELECT json_build_array(starts_on, ends_on) FROM calendars_outofoffice AS absence
                WHERE absence.user_id = person.id AND ends_on >= %(on)s ORDER BY starts_on
            )) ORDER BY person.name, person.id)::text
        FROM users_user AS person
        WHERE CASE WHEN EXISTS (SELECT FROM chosen)
            THEN person.team_id IN (SELECT id FROM chosen) ELSE person.is_active END
    )
"""  # noqa: S608  ours


@dataclass(frozen=True, slots=True)
class Team:
    """A team that somebody may look at."""

    pk: int
    name: str
    hours: Hours
    has_calendar: bool
    queues: tuple  # ids and names

    def __str__(self):
        return self.name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a team."""

    pk: int
    name: str
    is_active: bool
    team: int | None
    time_zone: str
    own_hours: Hours | None = field(hash=False)
    days_away: tuple  # first and last day of each absence

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Crew:
    """Whose tasks a page is about.

    Args:
        teams: all that may be chosen, by name.
        chosen: those that are; none means everybody.
        people: of the chosen teams, by name.
        queues: of the chosen teams, ids and names.
        hours: working time of each person, by id.
        team_hours: of each chosen team, by id.
    """

    teams: list
    chosen: list
    people: list
    queues: list
    hours: dict
    team_hours: dict

    @property
    def is_everybody(self):
        """Whether no team was chosen."""
        return not self.chosen


def crew(user, asked, *, on):
    """Return the people whose tasks somebody asks for.

    Args:
        user: who looks.
        asked: a team's number, or `all`; empty, or a team that there is not for them, for the
            teams that they manage or lead, or else their own.
        on: the date from which absences matter.
    """
    values = {
        "asked": asked.replace("\0", ""),  # which the database takes in no text
        "user": user.pk,
        "own": user.team_id,
        "hidden": list(user.hidden_teams),
        "on": on,
    }
    with planned() as cursor:
        cursor.execute(_CREW, values)
        picked, teams, people = cursor.fetchone()
    teams, people = _teams(teams), _people(people)
    chosen = [each for each in teams if each.pk in picked]
    by_team = {each.pk: each.hours for each in teams if each.has_calendar}
    return Crew(
        teams=teams,
        chosen=chosen,
        people=people,
        queues=[queue for team in (chosen or teams) for queue in team.queues],
        hours={
            each.pk: each.own_hours or by_team.get(each.team) or usual(each.time_zone)
            for each in people
        },
        team_hours={each.pk: each.hours for each in teams},
    )


@functools.lru_cache(maxsize=64)
def _teams(text):
    found = []
    for pk, name, zone, calendar, queues in json.loads(text or "[]"):
        hours = calendars.read(calendar)
        found.append(Team(pk, name, hours or usual(zone), hours is not None, _pairs(queues)))
    return found


@functools.lru_cache(maxsize=64)
def _people(text):
    return [
        Person(*said, calendars.read(calendar), _pairs(away, date.fromisoformat))
        for *said, calendar, away in json.loads(text or "[]")
    ]


def _pairs(rows, make=None):
    return tuple(tuple(map(make, row)) if make else tuple(row) for row in rows)


# --- load ---------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """What somebody has to do in the days ahead, in minutes, against the time they have.

    Args:
        person: who.
        count: how many open tasks they have, whenever they are due.
        late: effort of those that are overdue.
        soon: effort of the others that are due in the days ahead.
        available: their working time until then.
        away_until: the last day of an absence that has begun, or None.
        scale: the minutes that a whole bar stands for.
    """

    person: Person
    count: int
    late: int
    soon: int
    available: float
    away_until: date | None = None
    scale: float = 1

    def without_hours(self):
        """Return the same, small enough to be kept."""
        return replace(self, person=replace(self.person, own_hours=None))

    @property
    def effort(self):
        """Minutes of work."""
        return self.late + self.soon

    @property
    def over(self):
        """Minutes of work beyond their time."""
        return max(0, self.effort - self.available)

    @property
    def words(self):
        """How much it is, of how much time: `6 h of 30 h`."""
        return length(self.effort), length(self.available), self.over and length(self.over)

    @property
    def parts(self):
        """The bar: where overdue, due and too much begin, how long they are, and the line."""
        late = min(self.late, self.available)
        soon = min(self.effort, self.available) - late
        return [
            ("late", self._share(0), self._share(late)),
            ("f1", self._share(late), self._share(soon)),
            ("over", self._share(late + soon), self._share(self.over)),
        ]

    @property
    def cap(self):
        """Where the line of their time stands."""
        return self._share(self.available)

    def _share(self, minutes):
        return f"{minutes / self.scale:.2%}"


def loads(people, *, hours, at):
    """Return what everybody who works here has to do, the busiest first.

    Args:
        people: of a crew.
        hours: their working time, by id.
        at: now.
    """
    until = at + AHEAD
    counted = dict.fromkeys(("count", "late", "soon"), 0)
    rows = {row.pop("owner"): row for row in _efforts(people, at, until)}
    found = []
    for person in people:
        row = {name: value or 0 for name, value in rows.get(person.pk, counted).items()}
        if person.is_active or row["count"]:
            time = _time(person, hours[person.pk], at, until)
            found.append(Load(person, **row, available=time, away_until=_away(person, hours, at)))
    scale = max([1, *(max(each.effort, each.available) for each in found)])
    found = [replace(each, scale=scale) for each in found]
    return sorted(found, key=lambda each: (each.available - each.effort, each.person.name))


def _efforts(people, at, until):
    """Sum up open tasks by owner; what is put off beyond the days ahead is only counted."""
    ahead = Q(snoozed_until=None) | Q(snoozed_until__lt=until)
    late = Q(due_at__lt=at) & (Q(snoozed_until=None) | Q(snoozed_until__lte=at))
    return (
        Task.objects.open()
        .there()
        .filter(owner__in=[each.pk for each in people])
        .order_by()
        .values("owner")
        .annotate(
            count=Count("pk"),
            late=Sum("effort", filter=late),
            soon=Sum("effort", filter=ahead & Q(due_at__lt=until) & ~late),
        )
    )


def _time(person, hours, at, until):
    """Return how many minutes somebody works from one moment to another, but for days away."""
    return time_of(hours, person.days_away, at, until) if person.is_active else 0


def _away(person, hours, at):
    today = at.astimezone(ZoneInfo(hours[person.pk].zone)).date()
    return next((last for first, last in person.days_away if first <= today <= last), None)


def everybodys_loads(user, *, at, among):
    """Return the load of those to whom somebody can give tasks, by name.

    Args:
        user: who looks.
        at: now.
        among: who can be given any.
    """
    everybody = crew(user, ALL, on=at.date() - DAY)
    can = set(among.values_list("pk", flat=True))
    found = loads(everybody.people, hours=everybody.hours, at=at)
    return sorted(
        (each for each in found if each.person.pk in can), key=lambda each: each.person.name
    )
