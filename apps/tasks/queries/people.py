"""Who can take a task: people at work, who may see the customer, and whose queue it is."""

from zoneinfo import ZoneInfo

from django.db.models import Q

from apps.access.rules import RIGHTS
from apps.calendars.models import OutOfOffice
from apps.tasks.models import Queue
from apps.tasks.rules import DAY
from apps.users.models import User

# Roles that include doing tasks, and those that see every customer.
WORKING = [role for role, rights in RIGHTS.items() if "tasks.work" in rights]
SEEING = [role for role, rights in RIGHTS.items() if "accounts.see_private" in rights]


def workers():
    """Return the people who work here and may do tasks."""
    return User.objects.filter(is_active=True, member__role__in=WORKING)


def who_see(account):
    """Return the people who may do tasks of a customer; of a merged record, the kept one's."""
    team = (account.merged_into or account).team
    if team is None or not team.is_private:
        return workers()
    own = Q(team=team) | Q(pk__in=[team.lead_id, team.manager_id])
    return workers().filter(own | Q(member__role__in=SEEING))


def may_wait_in(queue, account):
    """Say whether a customer's task may wait in a queue: a private team's does in its own."""
    team = (account.merged_into or account).team
    return team is None or not team.is_private or team.pk == queue.team_id


def of_queue(queue, account):
    """Return the people among whom a queue chooses: its team's, without their manager and admins.

    Admins belong to a team as well, but keep the workspace and do not do its calls.
    """
    team = who_see(account).filter(team=queue.team_id)
    return team.exclude(Q(pk=queue.team.manager_id) | Q(member__role__in=SEEING))


def queues_of(user):
    """Return the queues from which somebody takes tasks: of the teams they belong to or lead."""
    ours = Q(team=user.team_id) if user.team_id else Q()
    return Queue.objects.filter(ours | Q(team__lead=user) | Q(team__manager=user))


def takes_from(user, queue):
    """Say whether somebody takes tasks from a queue."""
    return queues_of(user).filter(pk=queue.pk).exists()


def fallback():
    """Return the queue of what found nobody, or None when no admin has named one."""
    return Queue.objects.filter(is_fallback=True).select_related("team").first()


def away_at(users, *moments):
    """Return the absences of people at any of some moments, by the person's id.

    Args:
        users: who.
        moments: each is a day where the person is.
    """
    users = {user.pk: user for user in users}
    days = [moment.date() for moment in moments]
    rows = OutOfOffice.objects.filter(
        user__in=list(users), starts_on__lte=max(days) + DAY, ends_on__gte=min(days) - DAY
    )
    found = {}
    for row in rows.select_related("user", "stand_in").order_by("-starts_on"):
        zone = ZoneInfo(users[row.user_id].time_zone)
        if any(row.starts_on <= each.astimezone(zone).date() <= row.ends_on for each in moments):
            found[row.user_id] = row
    return found
