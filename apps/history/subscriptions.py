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


_SUBSCRIBERS: dict[str, Subscriber] = {}


def subscribe(name, kinds, function):
    """Ask to be told of events.

    Args:
        name: `app.verb`; deliveries remember it, so it stays.
        kinds: names of the kinds of event.
        function: called with each event, in the order of its timeline.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _SUBSCRIBERS:
        raise ValueError(f"{name} has subscribed already.")
    _SUBSCRIBERS[name] = Subscriber(name, frozenset(kinds), function)


def unsubscribe(name):
    """Stop telling a subscriber of new events."""
    del _SUBSCRIBERS[name]


def of(kind):
    """Return the names of everybody who wants a kind of event."""
    return [each.name for each in _SUBSCRIBERS.values() if kind in each.kinds]


def get(name):
    """Return a subscriber, or None when its room is gone."""
    return _SUBSCRIBERS.get(name)
