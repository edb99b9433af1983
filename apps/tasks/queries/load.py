"""How much work people have, against their working time in the days ahead."""

from django.db.models import Sum

from apps.calendars.models import OutOfOffice
from apps.tasks.models import Task
from apps.tasks.queries.working import hours_of_people
from apps.tasks.rules import AHEAD, DAY, PersonLoad, time_of


def efforts(users):
    """Return the effort of people's open tasks in minutes, by id; who has none is left out."""
    rows = Task.objects.open().there().filter(owner__in=users).values_list("owner")
    return dict(rows.annotate(effort=Sum("effort")).order_by())


def available(users, start, end):
    """Return how many minutes people work from one moment to another, by id.

    Days on which somebody is away are none of theirs.
    """
    users, away = list(users), {}
    # A day more on each side, for every zone.
    rows = OutOfOffice.objects.filter(
        user__in=users, starts_on__lte=end.date() + DAY, ends_on__gte=start.date() - DAY
    )
    for user, *days in rows.values_list("user", "starts_on", "ends_on"):
        away.setdefault(user, []).append(days)
    return {
        pk: time_of(hours, away.get(pk, ()), start, end)
        for pk, hours in hours_of_people(users).items()
    }


def loads(users, *, at):
    """Return the load of people in the days ahead, by id: a handful of questions for all."""
    users = list(users)
    effort = efforts(users)
    minutes = available(users, at, at + AHEAD)
    return {
        user.pk: PersonLoad(user.pk, effort.get(user.pk, 0), minutes[user.pk]) for user in users
    }
