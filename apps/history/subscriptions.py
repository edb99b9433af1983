"""How upper rooms hear of what happens below: they subscribe, and a worker tells them.

A subscriber is a function `f(event)` that is safe to call twice. It runs in a transaction
together with the mark that it ran, so what it writes to our database happens once.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Subscriber:
    """A function that wants to hear of some kinds of event."""

    name: str
    kinds: frozenset[str]
    function: Callable
    hears_sets: bool = True


_SUBSCRIBERS: dict[str, Subscriber] = {}


def subscribe(name, kinds, function, *, hears_sets=True):
    """Ask to be told of events.

    Args:
        name: `app.verb`; deliveries remember it, so it stays.
        kinds: names of the kinds of event.
        function: called with each event, in the order of its timeline.
        hears_sets: False leaves out events that were written many at once (`record_many`), as
            by an import of a hundred thousand customers.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _SUBSCRIBERS:
        raise ValueError(f"{name} has subscribed already.")
    _SUBSCRIBERS[name] = Subscriber(name, frozenset(kinds), function, hears_sets)


def unsubscribe(name):
    """Stop telling a subscriber of new events."""
    del _SUBSCRIBERS[name]


def of(kind, *, in_set=False):
    """Return the names of everybody who wants a kind of event.

    Args:
        kind: its name.
        in_set: whether it is written many at once.
    """
    return [
        each.name
        for each in _SUBSCRIBERS.values()
        if kind in each.kinds and (each.hears_sets or not in_set)
    ]


def get(name):
    """Return a subscriber, or None when its room is gone."""
    return _SUBSCRIBERS.get(name)
