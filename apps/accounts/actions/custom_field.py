"""Defining custom fields: each change is in the field's own history, nothing is deleted.

The key and the kind of a field stay for good, since values, saved views and import mappings
speak by them. A value taken off a choice stays with the customers who have it.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import custom
from apps.accounts.actions.common import Refused
from apps.accounts.models import Account, CustomField, FieldKind
from apps.history import actions as history

# What history compares.
FIELDS = ("label", "hint", "choices", "is_required", "group", "position")


class FieldTaken(Refused):
    """Another field has the key, or one in use has the label."""

    def __init__(self):
        super().__init__(_("Another field has this name or this key. Choose a new one."))


class FieldFixed(Refused):
    """A field's key and kind can't change once customers may have values."""

    def __init__(self):
        super().__init__(_("The key and the kind of a field stay. Add another field instead."))


def _write(field):
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name or ""
        if name != "accounts_customfield_label" and "_key_" not in name:
            raise
        raise FieldTaken from error
    custom.forget()


def _record(kind, field, *, by, at, **payload):
    history.record(
        kind, timeline=field.timeline, by=by, at=at, subject=field, name=field.label, **payload
    )


@transaction.atomic
def add_field(field, *, by, at):
    """Write a new field.

    Args:
        field: the row, not saved yet.
        by: the admin, or None for Mainstay itself.
        at: now.

    Raises:
        FieldTaken: the key was ever used, or the label is in use.
    """
    field.timeline = history.new_timeline()
    _write(field)
    _record("accounts.field_added", field, by=by, at=at, sort=str(field.kind))
    return field


@transaction.atomic
def change_field(field, *, by, at):
    """Write an edited field; values of a choice that customers still have are remembered.

    Args:
        field: the row with its new values, not saved yet.
        by: the admin.
        at: now.

    Raises:
        FieldTaken: the label is in use.
        FieldFixed: the key or the kind is another one.
    """
    before = CustomField.objects.select_for_update().get(pk=field.pk)
    if (before.key, before.kind) != (field.key, field.kind):
        raise FieldFixed
    field.timeline, field.retired_at = before.timeline, before.retired_at
    changes = {
        name: [_said(getattr(before, name)), _said(getattr(field, name))]
        for name in FIELDS
        if getattr(before, name) != getattr(field, name)
    }
    if not changes:
        return field
    field.former_choices = _former(before, field)
    _write(field)
    _record("accounts.field_changed", field, by=by, at=at, changes=changes)
    return field


def _said(value):
    return ", ".join(value) if isinstance(value, list) else str(value)


def _former(before, field):
    """Return the values that are not offered any more and that some customer has."""
    if field.kind != FieldKind.CHOICE:
        return []
    known = [*before.former_choices, *before.choices]
    gone = [value for value in dict.fromkeys(known) if value not in field.choices]
    return [v for v in gone if Account.objects.filter(custom__contains={field.key: v}).exists()]


@transaction.atomic
def retire_field(field, *, by, at):
    """Take a field out of use: forms, filters and pages do without it, values stay."""
    return _set_retired(field, at, "accounts.field_retired", by=by, at=at)


@transaction.atomic
def restore_field(field, *, by, at):
    """Put a retired field back into use, with the values that were there.

    Raises:
        FieldTaken: its label has a new owner.
    """
    return _set_retired(field, None, "accounts.field_restored", by=by, at=at)


def _set_retired(field, value, kind, *, by, at):
    field = CustomField.objects.select_for_update().get(pk=field.pk)
    if (field.retired_at is None) == (value is None):
        return field
    field.retired_at = value
    _write(field)
    _record(kind, field, by=by, at=at)
    return field
