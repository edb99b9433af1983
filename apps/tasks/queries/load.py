"""How much work people have, against their working time in the days ahead."""

from dataclasses import replace

from django.db.models import Sum

from apps.calendars import rules as working
from apps.calendars.models import OutOfOffice
from apps.tasks.models import Task
from apps.tasks.queries.working import hours_of_people
from apps.tasks.rules import AHEAD, DAY, PersonLoad


def efforts(users):
    """Return the effort of people's open tasks in minutes, by id; who has none is left out."""
    rows = Task.objects.open().there().filter(owner__in=users).values_list("owner")
    return dict(rows.annotate(effort=Sum("effort")).order_by())


def available(users, start, end):
    """Return how many minutes people work from one moment to another, by id.

    Days on which somebody is away are none of theirs.
    """
    users = list(users)
    days = [start.date() - DAY, end.date() + DAY]  # one more on each side, for every zone
    away = {}
    rows = OutOfOffice.objects.filter(user__in=users, starts_on__lte=days[1], ends_on__gte=days[0])
    for row in rows:
        day = max(row.starts_on, days[0])
        while day <= min(row.ends_on, days[1]):
            away.setdefault(row.user_id, {})[day] = ((0, working.MIDNIGHT),)
            day += DAY
    found = {}
    for pk, hours in hours_of_people(users).items():
        days_off = {**hours.days_off, **away.get(pk, {})}
        found[pk] = working.between(replace(hours, days_off=days_off), start, end)
    return found


def loads(users, *, at):
    """Return the load of people in the days ahead, by id: a handful of questions for all."""
    users = list(users)
    effort = efforts(users)
    minutes = available(users, at, at + AHEAD)
    return {
        user.pk: PersonLoad(user.pk, effort.get(user.pk, 0), minutes[user.pk]) for user in users
    }
