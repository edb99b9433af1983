"""The two teams of the demo workspace, and everybody who can sign in."""

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from apps.access.models import Member
from apps.history.models import Event, Timeline
from apps.users.models import Team, User

PASSWORD = "mainstay-demo"  # noqa: S105 - printed beside the addresses it belongs to

NORTHERN, ATLANTIC = "Northern", "Atlantic"
ZONES = {NORTHERN: "Europe/London", ATLANTIC: "America/New_York"}


class Entry(NamedTuple):
    """A line of the staff list."""

    name: str
    short: str
    team: str
    role: str
    authority: str

    @property
    def address(self):
        """What they sign in with."""
        return f"{self.short}@demo.example"


# The first is the one that the README signs in with.
STAFF = [
    Entry("Amara Okafor", "amara", NORTHERN, "agent", "senior"),
    Entry("Rhodri Pugh", "rhodri", NORTHERN, "agent", "agent"),
    Entry("Zofia Kowalczyk", "zofia", NORTHERN, "agent", "agent"),
    Entry("Marcus Bell", "marcus", ATLANTIC, "agent", "senior"),
    Entry("Luz Herrera", "luz", ATLANTIC, "agent", "agent"),
    Entry("Priya Raman", "priya", ATLANTIC, "agent", "agent"),
    Entry("Helen Adeyemi", "helen", NORTHERN, "manager", "manager"),
    Entry("Daniel Osei", "daniel", ATLANTIC, "manager", "manager"),
    Entry("Ingrid Solberg", "admin", NORTHERN, "admin", "manager"),
]


@dataclass(frozen=True)
class Person:
    """Somebody of ours, as far as a story needs to know them."""

    id: int
    name: str
    zone: str


@dataclass(frozen=True)
class Side:
    """A team as a story sees it: who takes calls, and who manages."""

    id: int
    name: str
    zone: str
    agents: tuple[Person, ...]
    manager: Person


def make(at):
    """Create teams and people.

    Args:
        at: when they joined.

    Returns:
        The two sides, by the team's name.
    """
    teams = {name: _team(name, zone) for name, zone in ZONES.items()}
    password = make_password(PASSWORD)  # slow by design, so once for all of them
    users = {entry: _join(entry, teams[entry.team], password, at) for entry in STAFF}
    for entry, user in users.items():
        if entry.role == "manager":
            user.team.manager = user
            user.team.save()
    return sides(
        {name: team.pk for name, team in teams.items()},
        {entry: user.pk for entry, user in users.items()},
    )


def sides(team_ids, user_ids):
    """Return the two sides of a story.

    Args:
        team_ids: by the team's name.
        user_ids: by line of the staff list.
    """
    found = {}
    for name, team_id in team_ids.items():
        members = [
            (entry.role, Person(number, entry.name, ZONES[name]))
            for entry, number in user_ids.items()
            if entry.team == name
        ]
        agents = tuple(person for role, person in members if role == "agent")
        manager = next(person for role, person in members if role == "manager")
        found[name] = Side(team_id, name, ZONES[name], agents, manager)
    return found


def _team(name, zone):
    return Team.objects.get_or_create(name=name, defaults={"time_zone": zone})[0]


def _join(entry, team, password, at):
    user = User.objects.create(
        email=entry.address,
        password=password,
        name=entry.name,
        team=team,
        time_zone=team.time_zone,
        is_staff=entry.role == "admin",
        joined_at=at,
    )
    timeline = Timeline.objects.create()
    Member.objects.create(user=user, role=entry.role, authority=entry.authority, timeline=timeline)
    Event.objects.create(
        timeline=timeline,
        kind="access.joined",
        happened_at=at,
        recorded_at=at,
        payload={"role": entry.role},
    )
    return user
