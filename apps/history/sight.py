"""Whose a history is, from whom it is hidden, and which are one: said by the rooms they belong to.

A room that tells people what happened must not tell somebody of a customer whom they may not
see, and does not know customers. So whoever keeps things from people says so here.
"""

from collections.abc import Callable

_HIDES: dict[str, Callable] = {}
_JOINS: dict[str, Callable] = {}
_NAMES: dict[str, Callable] = {}


def hide(name, hides):
    """Keep some timelines from some people.

    Args:
        name: of the room.
        hides: a function of a user that returns a queryset of the ids of timelines that
            they must not see, or None where there are none, as for most people.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _HIDES:
        raise ValueError(f"{name} hides its timelines already.")
    _HIDES[name] = hides


def hidden_from(user):
    """Return querysets of the ids of timelines that somebody must not see; mostly none."""
    found = [hides(user) for hides in _HIDES.values()]
    return [timelines for timelines in found if timelines is not None]


def may_see(user, timeline_id):
    """Say whether somebody may know what happens on a timeline."""
    return not any(
        timelines.filter(timeline=timeline_id).exists() for timelines in hidden_from(user)
    )


def join(name, joins):
    """Show some timelines as one.

    Args:
        name: of the room.
        joins: a function of a timeline's id that returns the ids of those it is shown with.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _JOINS:
        raise ValueError(f"{name} joins its timelines already.")
    _JOINS[name] = joins


def together(timeline_id):
    """Return the ids of the timelines that are shown as one with this one, its own included."""
    return {timeline_id}.union(*(joins(timeline_id) for joins in _JOINS.values()))


def name(room, names):
    """Say what the timelines of a room are called.

    Args:
        room: its name.
        names: a function of ids of timelines that returns names by id, of those it knows.

    Raises:
        ValueError: when the room names its timelines already.
    """
    if room in _NAMES:
        raise ValueError(f"{room} names its timelines already.")
    _NAMES[room] = names


def names_of(timeline_ids):
    """Return what timelines are called, by id; who has no name is left out."""
    found = {}
    for names in _NAMES.values():
        found |= names(timeline_ids)
    return found
