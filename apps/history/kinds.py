"""The kinds of event: each app registers its own from its `kinds.py`.

A kind brings a label for filters, an icon, a sentence template and the exact fields of its
payload, so that an event written today can still be read in five years.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

# Written down this much later than it happened (in seconds), an entry is marked.
BACK_DATED_AFTER = timedelta(days=1).total_seconds()


@dataclass(frozen=True)
class Kind:
    """One kind of event."""

    name: str
    label: str
    icon: str
    required: frozenset[str]
    optional: frozenset[str]
    group: str
    tone: str
    is_touch: bool
    has_body: bool
    tells: tuple[Callable, ...]
    topic: str

    @property
    def template(self):
        """The template that says the event as a sentence."""
        app, verb = self.name.split(".")
        return f"{app}/history/{verb}.html"

    @property
    def body_template(self):
        """The template for what stands below the sentence, where `has_body`."""
        app, verb = self.name.split(".")
        return f"{app}/history/{verb}_body.html"

    def audience(self, event):
        """Return the ids of those whom an event of this kind concerns, whoever follows it."""
        return {user_id for tell in self.tells for user_id in tell(event)}

    def check(self, payload):
        """Refuse a payload that lacks a field or carries an unknown one.

        Raises:
            ValueError: naming the kind and the fields.
        """
        missing = self.required - payload.keys()
        unknown = payload.keys() - self.required - self.optional
        if missing or unknown:
            raise ValueError(f"{self.name}: missing {sorted(missing)}, unknown {sorted(unknown)}.")


# Chips of the timeline's filter, in their order.
GROUPS = {
    "notes": _("Notes"),
    "annotations": _("Annotations"),
    "saves": _("Saves"),
    "tasks": _("Tasks"),
    "insights": _("Insights"),
    "record": _("Record"),
    "settings": _("Settings"),
}

_KINDS: dict[str, Kind] = {}


def register(
    name,
    label,
    *,
    icon,
    group,
    required=(),
    optional=(),
    tone="",
    is_touch=False,
    has_body=False,
    tells=None,
    topic="",
):
    """Register a kind of event.

    Args:
        name: `app.past_participle`.
        label: what a filter or a report calls it.
        icon: name in the icon sprite.
        group: key of `GROUPS`: which chip of the timeline shows it.
        required: names that every payload carries.
        optional: names that a payload may carry.
        tone: colour of its mark: good, warn, bad, info, plum or none.
        is_touch: whether it was contact with the customer (shown as their last touch).
        has_body: whether there is more to show below its sentence.
        tells: makes it news. A function of the event that returns the ids of people whom it
            concerns; those who follow the timeline hear of it anyway (see `nobody_else`).
        topic: what those whom it concerns call it in their settings, where that is not its
            group.

    Raises:
        ValueError: when the name is taken or the group unknown.
    """
    if name in _KINDS or group not in GROUPS:
        raise ValueError(f"{name} is registered twice, or {group} is no group.")
    _KINDS[name] = Kind(
        name,
        label,
        icon,
        frozenset(required),
        frozenset(optional),
        group,
        tone,
        is_touch,
        has_body,
        (tells,) if tells else (),
        topic or group,
    )


def also_tell(name, tells):
    """Let a room further up name people whom a kind from below concerns.

    Args:
        name: of a registered kind that is news.
        tells: a function of the event that returns ids of people.

    Raises:
        ValueError: when the kind is no news, so that nobody would ever be told.
    """
    kind = get(name)
    if not kind.tells:
        raise ValueError(f"{name} is no news.")
    _KINDS[name] = replace(kind, tells=(*kind.tells, tells))


def nobody_else(event):
    """Name nobody: an event of this kind is news to those who follow its timeline."""
    return ()


def get(name):
    """Return a registered kind.

    Raises:
        LookupError: when nobody registered it.
    """
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"No kind of event is called {name!r}.") from None


def names():
    """Return the names of all kinds, in order."""
    return sorted(_KINDS)


def news():
    """Return the names of the kinds that people are told of."""
    return [kind.name for kind in _KINDS.values() if kind.tells]


def in_group(group):
    """Return the names of the kinds that a filter chip stands for."""
    return [kind.name for kind in _KINDS.values() if kind.group == group]


register(
    "history.noted",
    _("Note"),
    icon="note",
    group="notes",
    required=["text"],
    optional=["mentions"],  # [{"id": 7, "name": "Helen Adeyemi"}], as @Helen Adeyemi in the text
    has_body=True,
    tells=nobody_else,
)
register(
    "history.annotated",
    _("Annotation"),
    icon="flag",
    group="annotations",
    required=["text", "tone"],  # a key of `rules.TONES`
    optional=["prefers"],  # a channel
    has_body=True,
)
