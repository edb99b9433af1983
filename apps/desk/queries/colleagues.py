"""Whom a note can tell, and who follows a customer."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from apps.accounts.telling import timelines_of
from apps.history import rules
from apps.notifications import queries as notifications
from apps.users.models import Team, User

# So many faces fit beside the button; the others are a number.
FACES = 4


def colleagues(team_id):
    """Return the people who can be told of a customer of a team, by name.

    Args:
        team_id: of the customer; of a private team only those are told who belong to it.
    """
    people = User.objects.filter(is_active=True, member__isnull=False).select_related("member")
    if team_id is not None:
        leads = Q(lead=OuterRef("pk")) | Q(manager=OuterRef("pk"))
        open_to = Team.objects.filter(Q(is_private=False) | leads, pk=team_id)
        people = people.filter(Q(team=team_id) | Exists(open_to))
    return people.order_by("name", "pk")


@dataclass(frozen=True)
class Addressed:
    """Whom a text means by its @names."""

    text: str  # where each name has its own letters
    people: list
    unknown: list  # what stands behind an @ and is nobody's full name
    shared: list  # names that several people bear


def addressed(text, *, team_id, picked=()):
    """Find whom a text means, whether they were picked while it was typed or not.

    Args:
        text: what somebody wrote.
        team_id: of the customer whom it is about.
        picked: people of whom one is meant where several have the same name.
    """
    if "@" not in text:
        return Addressed(text, [], [], [])
    people = list(colleagues(team_id))
    pieces, told, unknown, shared, end = [], [], [], [], 0
    for match in rules.addressed(text, [str(person) for person in people]):
        said = match["known"]
        meant = _meant(said, people, picked) if said else []
        if not meant:
            unknown.append(match[0])
        elif len(meant) > 1 and meant[0] not in picked:
            shared.append(match[0])
        else:
            told += meant
            pieces += [text[end : match.start()], f"@{meant[0]}"]
            end = match.end()
    return Addressed("".join([*pieces, text[end:]]), told, unknown, shared)


def _meant(said, people, picked):
    """Return who bears a name: those picked, else who is written just so, else all of them."""
    same = [person for person in people if str(person).casefold() == said.casefold()]
    chosen = [person for person in same if person in picked]
    return chosen or [person for person in same if str(person) == said] or same


@dataclass(frozen=True)
class Following:
    """Who follows a customer, and whether the one who looks does."""

    people: list
    is_mine: bool

    @property
    def shown(self):
        """Those whose faces are shown."""
        return self.people[:FACES]

    @property
    def more(self):
        """How many are not."""
        return max(len(self.people) - FACES, 0)


def following(account, *, user):
    """Read who follows a customer."""
    return among(notifications.watchers(timelines_of(account.pk)), user=user)


def among(people, *, user):
    """Say where somebody stands among the followers of a customer."""
    return Following(people, user is not None and any(each.pk == user.pk for each in people))
