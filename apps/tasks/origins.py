"""What tasks were made for, said by the rooms that asked for them.

This room does not know them. A room that makes tasks of an origin names a function from its own
`origins.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

_DESCRIBE: dict[str, Callable] = {}


@dataclass(frozen=True, slots=True)
class About:
    """What a task was made for: in words, and where that is."""

    words: str
    url: str


def register(origin, describe):
    """Let a room say what tasks were made for.

    Args:
        origin: a `Task.Origin`.
        describe: a function of ids of such tasks that returns an `About` by id.

    Raises:
        ValueError: when another room says it already.
    """
    if origin in _DESCRIBE:
        raise ValueError(f"{origin} is described already.")
    _DESCRIBE[origin] = describe


def of(tasks):
    """Return what tasks were made for, by id: a question for each origin that there is.

    Args:
        tasks: pairs of an id and an origin.
    """
    found = {}
    for origin, describe in _DESCRIBE.items():
        if ids := [pk for pk, each in tasks if each == origin]:
            found |= describe(ids)
    return found
