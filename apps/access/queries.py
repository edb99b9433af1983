"""Reading who works here."""

from dataclasses import dataclass

from django.db.models import Q

from apps.access import rules
from apps.access.models import Invitation
from apps.calendars import queries as calendars
from apps.calendars.models import Calendar
from apps.calendars.rules import next_days
from apps.history.models import Event
from apps.users.models import User

# A person's access changes a few times a year; more is not worth a second page.
SHOWN_EVENTS = 100


@dataclass(frozen=True)
class People:
    """Everybody, for the list."""

    current: list
    former: list
    invitations: list


def people(at):
    """Return colleagues by name, those who left, and who has been invited."""
    users = User.objects.filter(member__isnull=False).select_related("member", "team")
    users = list(users.order_by("name", "pk"))
    invitations = Invitation.objects.open(at).select_related("team", "invited_by")
    return People(
        current=[user for user in users if user.is_active],
        former=[user for user in users if not user.is_active],
        invitations=list(invitations.order_by("-created_at", "-pk")),
    )


def colleagues():
    """Return everybody who has joined, with their role, for fetching one of them."""
    return User.objects.filter(member__isnull=False).select_related("member__timeline", "team")


def latest_events(member):
    """Return what happened to somebody's access, newest first."""
    return Event.objects.on(member.timeline_id).for_list().newest_first()[:SHOWN_EVENTS]


def invitation(secret, at):
    """Return the open invitation that a link's secret belongs to, or None."""
    found = Invitation.objects.filter(secret_hash=rules.hash_secret(secret)).open(at)
    return found.select_related("invited_by", "team").first()


def led_by(leader):
    """Return the people for whom somebody who leads may say when they are away."""
    people = colleagues().filter(is_active=True)
    if leader.has_perm("access.change_people"):
        return people
    if not leader.has_perm("access.view_people"):
        return people.none()
    led = Q(team__manager=leader) | Q(team__lead=leader)
    return people.filter(led | Q(team__isnull=False, team=leader.team_id))


# As many days of a calendar as people look at.
SHOWN_DAYS = 14


@dataclass(frozen=True)
class WorkingTime:
    """When somebody works, and when they are away."""

    calendar: object  # None where nobody gave them one
    days: list
    absences: list


def working_time(user, *, today):
    """Return somebody's working time, for their page."""
    calendar = calendars.calendar_of(user)
    absences = list(calendars.absences(user, on=today))
    return WorkingTime(calendar, _days(calendar, today) if calendar else [], absences)


def days_of(calendar, *, today):
    """Return the next days of a calendar as it is saved."""
    return _days(calendars.with_parts(Calendar.objects.all()).get(pk=calendar.pk), today)


def _days(calendar, today):
    hours, names = calendars.hours(calendar), calendars.names_of(calendar)
    return next_days(hours, today, SHOWN_DAYS, names=names)
