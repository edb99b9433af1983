"""What stands in the daily digest: said by the rooms whose matters those are.

This room tells people what happened, and does not know what they have to do. A room that does
names a function from its own `digest.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

_SECTIONS: dict[str, Callable] = {}


@dataclass(frozen=True)
class Section:
    """A part of the digest: a heading, and lines below it."""

    title: str
    lines: list


def register(name, section):
    """Put a part into everybody's digest.

    Args:
        name: of the room.
        section: a function of a user and, by name, of now (`at`), that returns a `Section`, or
            None when there is nothing to say.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _SECTIONS:
        raise ValueError(f"{name} stands in the digest already.")
    _SECTIONS[name] = section


def sections(user, *, at):
    """Return what the rooms have to say to somebody."""
    found = (section(user, at=at) for section in _SECTIONS.values())
    return [section for section in found if section]
