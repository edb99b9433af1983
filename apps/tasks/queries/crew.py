"""The people of some teams: their queues, their working time, and how much they have to do."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject

from apps.calendars import queries as calendars
from apps.calendars.models import Calendar, OutOfOffice, PersonCalendar, TeamCalendar
from apps.tasks.models import Queue, Task
from apps.tasks.queries.left import length
from apps.tasks.queries.working import usual
from apps.tasks.rules import AHEAD, time_of
from apps.users.models import Team, User

ALL = "all"
DAY = timedelta(days=1)


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
        asked: a team's number, or `all`; empty for the teams that they belong to or manage.
        on: the date from which absences matter.
    """
    teams = list(_teams(user))
    if asked == ALL:
        chosen = []
    elif asked:
        chosen = [each for each in teams if str(each.pk) == asked]
    else:
        chosen = [each for each in teams if user.pk in {each.manager_id, each.lead_id}]
        chosen = chosen or [each for each in teams if each.pk == user.team_id]
    people = list(_people(chosen, on))
    hours, team_hours = _hours(people, teams)
    return Crew(
        teams=teams,
        chosen=chosen,
        people=people,
        queues=[
            (queue["pk"], queue["name"]) for team in (chosen or teams) for queue in team.its_queues
        ],
        hours=hours,
        team_hours=team_hours,
    )


def _teams(user):
    """Return the teams that somebody may look at, each with its queues and its calendar."""
    queues = Queue.objects.filter(team=OuterRef("pk")).order_by("name")
    own = TeamCalendar.objects.filter(team=OuterRef("pk")).values("calendar")
    return (
        Team.objects.exclude(pk__in=user.hidden_teams)
        .annotate(
            its_queues=ArraySubquery(queues.values(each=JSONObject(pk="pk", name="name"))),
            calendar=Subquery(own),
        )
        .order_by("name")
    )


def _people(chosen, on):
    """Return who is in some teams, or everybody, each with a calendar and the days away."""
    own = PersonCalendar.objects.filter(user=OuterRef("pk")).values("calendar")
    days = OutOfOffice.objects.filter(user=OuterRef("pk"), ends_on__gte=on).order_by("starts_on")
    parts = JSONObject(starts_on="starts_on", ends_on="ends_on")
    people = User.objects.annotate(
        calendar=Subquery(own), days_away=ArraySubquery(days.values(each=parts))
    )
    found = people.filter(team__in=chosen) if chosen else people.filter(is_active=True)
    return found.order_by("name", "pk")


def _hours(people, teams):
    """Return the working time of people and of teams, in one question for all of them."""
    by_team = {each.pk: each for each in teams}

    def chosen(person):
        team = by_team.get(person.team_id)
        return person.calendar or (team and team.calendar)

    wanted = {*map(chosen, people), *(each.calendar for each in teams)} - {None}
    found = calendars.with_parts(Calendar.objects.filter(pk__in=wanted))
    known = {calendar.pk: calendars.hours(calendar) for calendar in found}
    return (
        {each.pk: known.get(chosen(each)) or usual(each.time_zone) for each in people},
        {each.pk: known.get(each.calendar) or usual(each.time_zone) for each in teams},
    )


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

    person: User
    count: int
    late: int
    soon: int
    available: float
    away_until: date | None = None
    scale: float = 1

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
    found = [Load(**{**vars(each), "scale": scale}) for each in found]
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
    return time_of(hours, _absences(person), at, until) if person.is_active else 0


def _away(person, hours, at):
    today = at.astimezone(ZoneInfo(hours[person.pk].zone)).date()
    return next((last for first, last in _absences(person) if first <= today <= last), None)


def _absences(person):
    return [
        (date.fromisoformat(each["starts_on"]), date.fromisoformat(each["ends_on"]))
        for each in person.days_away
    ]


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
