"""Editing the reasons why customers leave: every change is in a history, nothing is deleted.

Past calls point at their reason for ever, so one that is no longer wanted is retired: it
leaves the call page and stays in the reports.
"""

import tomllib
from pathlib import Path

from django.db import IntegrityError, transaction

from apps.history import actions as history
from apps.reasons import queries
from apps.reasons.models import Category, Competitor, Prompt, Reason

DEFAULTS = Path(__file__).with_name("defaults.toml")

# What history compares of each.
FIELDS = {
    Category: ["name", "question", "position"],
    Reason: ["category", "name", "position", "solvable", "say", "ask", "offer", "win_back_days"],
    Competitor: ["name"],
    Prompt: ["name", "text", "position"],
}


class Taken(Exception):
    """The name or the key belongs to another one that is in use."""


def _timeline(thing):
    """Return where a thing's changes are written: a reason's on its category's timeline."""
    if isinstance(thing, Reason):
        return thing.category.timeline
    if thing.timeline is None:
        thing.timeline = history.new_timeline()
    return thing.timeline


def _record(kind, thing, *, by, at, **payload):
    history.record(
        kind,
        timeline=_timeline(thing),
        by=by,
        at=at,
        subject=thing,
        what=thing._meta.model_name,
        name=thing.name,
        **payload,
    )


def _write(thing):
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Taken(str(thing)) from error


@transaction.atomic
def add(thing, *, by, at):
    """Write a new category, reason, competitor or prompt.

    Raises:
        Taken: the name or the key is in use.
    """
    if not isinstance(thing, Reason):
        thing.timeline = history.new_timeline()
    _write(thing)
    _record("reasons.added", thing, by=by, at=at)
    return thing


@transaction.atomic
def change(thing, *, by, at):
    """Write an edited category, reason, competitor or prompt; a category swaps keys with another.

    Args:
        thing: the row with its new values, not saved yet.
        by: the admin.
        at: now.

    Raises:
        Taken: the name is in use.
    """
    model = type(thing)
    if model is Category:
        # All of them, in one order: two admins who swap keys at once wait for each other.
        list(Category.objects.current().select_for_update().order_by("pk"))
    before = model.objects.select_for_update().get(pk=thing.pk)
    changes = {
        field: [str(getattr(before, field)), str(getattr(thing, field))]
        for field in FIELDS[model]
        if getattr(before, field) != getattr(thing, field)
    }
    if not changes:
        return thing
    if "position" in changes and model is Category and thing.retired_at is None:
        _swap(thing, before.position, by=by, at=at)
    else:
        _timeline(thing)
        _write(thing)
    _record("reasons.changed", thing, by=by, at=at, changes=changes)
    return thing


def _swap(category, freed, *, by, at):
    """Give a category the key of another one, which gets the freed key."""
    other = queries.category_at(category.position)
    if other is not None:
        # Out of the way for a moment, since a key must never be there twice.
        Category.objects.filter(pk=other.pk).update(retired_at=at)
    _write(category)
    if other is not None:
        other.position = freed
        _write(other)
        changes = {"position": [str(category.position), str(freed)]}
        _record("reasons.changed", other, by=by, at=at, changes=changes)


@transaction.atomic
def retire(thing, *, by, at):
    """Take a thing out of use; calls that name it keep it."""
    return _set_retired(thing, at, "reasons.retired", by=by, at=at)


@transaction.atomic
def restore(thing, *, by, at):
    """Put a retired thing back into use.

    Raises:
        Taken: its name or its key has a new owner.
    """
    return _set_retired(thing, None, "reasons.restored", by=by, at=at)


def _set_retired(thing, value, kind, *, by, at):
    thing = type(thing).objects.select_for_update().get(pk=thing.pk)
    if (thing.retired_at is None) == (value is None):
        return thing
    thing.retired_at = value
    _timeline(thing)
    _write(thing)
    _record(kind, thing, by=by, at=at)
    return thing


@transaction.atomic
def load_defaults(*, at):
    """Add the shipped categories with their reasons, and the prompts, where there are none yet.

    Safe to run again: a category is left alone when its name or its key was ever used, a prompt
    when its name was, so what somebody edited or retired stays as they want it.

    Returns:
        How many categories, how many reasons and how many prompts were added.
    """
    shipped = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    categories = reasons = prompts = 0
    for position, row in enumerate(shipped["category"], start=1):
        if queries.is_category_used(row["name"], position):
            continue
        category = Category(name=row["name"], question=row["question"], position=position)
        add(category, by=None, at=at)
        categories += 1
        for place, words in enumerate(row["reason"], start=1):
            add(Reason(category=category, position=place, **words), by=None, at=at)
            reasons += 1
    for position, row in enumerate(shipped["prompt"], start=1):
        if not queries.is_prompt_used(row["name"]):
            add(
                Prompt(position=position, name=row["name"], text=row["text"].strip()),
                by=None,
                at=at,
            )
            prompts += 1
    return categories, reasons, prompts
