"""What follows working time: named by the rooms whose matters those are.

This room knows when people work, and not what they have to do by when. A room that does names
two functions from its own `following.py`: one that finds the moments that working time would
have elsewhere, and one that moves them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

SHOWN = 20


@dataclass(frozen=True)
class Whose:
    """Whose working time is about to be, or has become, another one: ids of people and teams."""

    people: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()

    def __or__(self, other):
        return Whose(self.people | other.people, self.teams | other.teams)


@dataclass(frozen=True)
class Move:
    """A moment that moves, in words."""

    what: str
    customer: str
    whose: str
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Moves:
    """The moments that move, the soonest first.

    Args:
        all: of them.
        is_whole: whether everything was looked at; of very much it is not.
    """

    all: list = field(default_factory=list)
    is_whole: bool = True

    @property
    def count(self):
        """How many there are."""
        return len(self.all)

    @property
    def shown(self):
        """The first ones."""
        return self.all[:SHOWN]

    @property
    def key(self):
        """What tells these moves from others; empty without any."""
        return hashlib.sha256(repr(self.all).encode()).hexdigest()[:16] if self.all else ""


@dataclass(frozen=True)
class _Follower:
    find: Callable
    move: Callable | None


_FOLLOWERS: dict[str, _Follower] = {}


def register(name, *, find, move=None):
    """Let what a room keeps follow working time.

    Args:
        name: of the room.
        find: a function of a `Whose` that returns the `Moves` that there are to make.
        move: a function of a `Whose` and, by name, of now (`at`), that makes them;
            None for a room whose worker does when it hears of it.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _FOLLOWERS:
        raise ValueError(f"{name} follows working time already.")
    _FOLLOWERS[name] = _Follower(find, move)


def find(whose):
    """Return what is due at another moment by now, and has not moved yet."""
    found = [each.find(whose) for each in _FOLLOWERS.values()]
    moves = sorted((move for each in found for move in each.all), key=lambda move: move.before)
    return Moves(moves, all(each.is_whole for each in found))


def move(whose, *, at):
    """Let everything follow that is due at another moment by now."""
    for each in _FOLLOWERS.values():
        if each.move:
            each.move(whose, at=at)
