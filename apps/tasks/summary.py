"""What somebody who takes a task over should know of the customer.

This room does not know calls and commitments. The room that does names a function from its own
`summary.py`.
"""

from collections.abc import Callable

from django.utils.text import Truncator

from apps.tasks.models import Handoff

LONGEST = Handoff._meta.get_field("summary").max_length
_DRAW: list[Callable] = []


def register(draw):
    """Let a room draw up what somebody should know.

    Args:
        draw: a function of a task that returns lines of plain text.

    Raises:
        ValueError: when another room does.
    """
    if _DRAW:
        raise ValueError("Another room draws it up already.")
    _DRAW.append(draw)


def of(task):
    """Return what whoever takes a task over should know, as far as a hand-off has room for it."""
    return Truncator("\n".join(draw(task) for draw in _DRAW)).chars(LONGEST)
