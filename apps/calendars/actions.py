"""Changing working time.

This room lies below the history, so whoever calls an action from above says there what happened:
`access` does, as it does for teams.
"""

from django.db import transaction

from apps.calendars import queries
from apps.calendars.models import (
    Calendar,
    DayOff,
    Opening,
    OutOfOffice,
    PersonCalendar,
    TeamCalendar,
    WorkedHoliday,
)
from apps.calendars.rules import NoWorkingTime
from apps.users.models import User


class Refused(Exception):
    """A change of working time that a rule forbids."""


class AwayAlready(Refused):
    """The person is away on one of these days already."""


class StandInAway(Refused):
    """The stand-in is away on one of these days."""


@transaction.atomic
def save_calendar(calendar, *, week, days_off=(), worked=(), teams=None, people=None):
    """Write a calendar with all that belongs to it; what is not named any more goes.

    Args:
        calendar: the row, new or edited, not saved yet.
        week: the stretches of seven days, each a list of (opens, closes) in minutes.
        days_off: (date, opens, closes, name) of each.
        worked: dates of public holidays on which it works.
        teams: whose calendar it is; None leaves that as it is.
        people: likewise, who have it in place of their team's.

    Raises:
        NoWorkingTime: no day of the week has any.
    """
    if not any(week):
        raise NoWorkingTime(calendar.name)
    if calendar.pk:
        list(Calendar.objects.select_for_update().filter(pk=calendar.pk))
    calendar.save()
    _write_parts(calendar, week, days_off, worked)
    if teams is not None:
        _hand_out(TeamCalendar, "team", calendar, teams)
    if people is not None:
        _hand_out(PersonCalendar, "user", calendar, people)
    return calendar


def _write_parts(calendar, week, days_off, worked):
    for model in (Opening, DayOff, WorkedHoliday):
        model.objects.filter(calendar=calendar).delete()
    Opening.objects.bulk_create(
        Opening(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
        for weekday, day in enumerate(week)
        for opens, closes in day
    )
    DayOff.objects.bulk_create(
        DayOff(calendar=calendar, on=on, opens=opens, closes=closes, name=name)
        for on, opens, closes, name in days_off
    )
    WorkedHoliday.objects.bulk_create(WorkedHoliday(calendar=calendar, on=on) for on in worked)


def _hand_out(model, field, calendar, owners):
    """Give a calendar to these and to nobody else; who had another one has this one now."""
    model.objects.filter(calendar=calendar).exclude(**{f"{field}__in": owners}).delete()
    model.objects.bulk_create(
        [model(**{field: owner}, calendar=calendar) for owner in owners],
        update_conflicts=True,
        unique_fields=[field],
        update_fields=["calendar"],
    )


@transaction.atomic
def assign(owner, calendar):
    """Give a team or a person a calendar, or with None take it away.

    A person without one has their team's.
    """
    model, field = (PersonCalendar, "user") if isinstance(owner, User) else (TeamCalendar, "team")
    if calendar is None:
        model.objects.filter(**{field: owner}).delete()
    else:
        model.objects.update_or_create(**{field: owner}, defaults={"calendar": calendar})


@transaction.atomic
def go_away(user, *, starts_on, ends_on, stand_in=None, note=""):
    """Write down that somebody is away; saying the very same again changes nothing.

    Args:
        user: who.
        starts_on: the first day.
        ends_on: the last day.
        stand_in: who does their work meanwhile, or None.
        note: such as where to find things.

    Returns:
        The absence, and whether it is new.

    Raises:
        AwayAlready: they are away on one of these days.
        StandInAway: the stand-in is.
    """
    # In one order, so that two who stand in for each other do not wait for ever.
    ids = sorted({user.pk, stand_in.pk} if stand_in else {user.pk})
    list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
    said = {"starts_on": starts_on, "ends_on": ends_on, "stand_in": stand_in, "note": note}
    if same := OutOfOffice.objects.filter(user=user, **said).first():
        return same, False
    if queries.overlapping(user, starts_on, ends_on):
        raise AwayAlready
    if stand_in and queries.overlapping(stand_in, starts_on, ends_on):
        raise StandInAway
    return OutOfOffice.objects.create(user=user, **said), True


@transaction.atomic
def come_back(absence):
    """Take an absence back.

    Returns:
        Whether it was still there.
    """
    count, _rows = OutOfOffice.objects.filter(pk=absence.pk).delete()
    return bool(count)
