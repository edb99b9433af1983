"""The kinds of change that can be made to many rows at once.

Lists lie above this room, and so does what is done to their rows: whoever owns the rows
registers a kind, and this room keeps the work, its results and its undo.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Done:
    """A row was changed; `before` is what the undo will need, as JSON values.

    `why` is a sentence where the result of a row is not the same as that of all others.
    """

    before: dict = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Skipped:
    """A row needed no change, or is spared by an undo; `why` is a sentence."""

    why: str


@dataclass(frozen=True)
class Failed:
    """A row could not be changed; `why` is a sentence."""

    why: str


@dataclass(frozen=True)
class Kind:
    """One kind of change to many rows."""

    name: str
    right: str
    apply: Callable
    undo: Callable
    forecast: Callable
    finished: Callable | None = None
    undone: Callable | None = None


_KINDS: dict[str, Kind] = {}


def register(name, *, right, apply, undo, forecast, finished=None, undone=None):
    """Register a kind of change.

    The first three functions are called with a set of rows, inside a transaction. When `apply` or
    `undo` raises, it is called again for each row alone, so that one bad row fails by itself.

    Args:
        name: `app.noun`, such as accounts.owner.
        right: permission code that the person needs when each row is changed.
        apply: `apply(ids, *, by, at, **arguments)` locks, changes, and returns a dictionary
            that gives each id its `Done`, `Skipped` or `Failed`.
        undo: `undo(befores, *, by, at, **arguments)` with what `Done` kept of each id; returns
            `Done` for what was restored and `Skipped` for what is left as it is.
        forecast: `forecast(ids, *, by, **arguments)` with a queryset of ids; returns (count,
            sentence) pairs of what would be skipped or fail, quickly and without locks; the
            sentence takes the count as `%(count)s`.
        finished: `finished(change, *, by, at, **arguments)`, called once with the last rows, in
            their transaction; not after an undo.
        undone: the same after an undo, `by` whoever undid it.

    Raises:
        ValueError: when the name is taken.
    """
    if name in _KINDS:
        raise ValueError(f"{name} is registered twice.")
    _KINDS[name] = Kind(name, right, apply, undo, forecast, finished, undone)


def unregister(name):
    """Forget a kind; for tests."""
    del _KINDS[name]


def get(name):
    """Return a registered kind.

    Raises:
        LookupError: when nobody registered it.
    """
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"No kind of bulk change is called {name!r}.") from None
