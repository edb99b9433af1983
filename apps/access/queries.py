"""Reading who works here."""

from dataclasses import dataclass

from apps.access import rules
from apps.access.models import Invitation
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
