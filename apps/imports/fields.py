"""From a mapping to the readers of its columns."""

import datetime as dt
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.custom import LONGEST_TEXT, PREFIX
from apps.accounts.models import Account, Contact, FieldKind
from apps.imports import cells
from apps.imports.cells import BadCell, Memo
from apps.imports.mapping import BadMapping, short_name

# Fields whose cells rarely repeat, so that remembering them would only cost memory.
_UNIQUE = {"reference", "name", "contact_name", "contact_email", "contact_phone"}


@dataclass(frozen=True)
class Layout:
    """What is read from each row, and in which order it is staged."""

    columns: list  # names of staging columns
    plan: list  # (column of the file, reader), in that order after the line
    constants: list  # texts of the last staging columns
    custom: list  # definitions of the custom fields among the columns


def layout(mapping, *, teams, people, today, custom=()):
    """Find out how to read each row.

    Args:
        mapping: the mapping.
        teams: ids by folded name.
        people: ids by folded address.
        today: the last day that a file can be of.
        custom: definitions of the custom fields in use.

    Raises:
        BadMapping: a constant is wrong, the day of the file is missing or to come, or there is
            no custom field of a key.
    """
    if mapping.is_dated:
        _check_day(mapping.as_of, today=today)
    wanted = _wanted(mapping, custom)
    readers = _readers(mapping, teams=teams, people=people)
    readers |= {field.name: _custom(field, mapping) for field in wanted}
    first = [source for source in mapping.sources if source.field == "reference"]
    rest = [source for source in mapping.sources if source.field != "reference"]
    plan, constants = [], []
    for source in first + rest:
        for name, reader in _targets(source, readers, mapping.as_of):
            if source.kind == "value":
                constants.append((name, _constant(source, reader)))
            else:
                read = reader if source.field in _UNIQUE else Memo(reader).__getitem__
                plan.append((name, (source.column, read)))
    return Layout(
        columns=["line", *(name for name, _pair in plan), *(name for name, _text in constants)],
        plan=[pair for _name, pair in plan],
        constants=[text for _name, text in constants],
        custom=wanted,
    )


def _wanted(mapping, custom):
    """Return the custom fields that a mapping names."""
    known = {field.name: field for field in custom}
    names = [each.field for each in mapping.sources if each.field.startswith(PREFIX)]
    for name in names:
        if name not in known:
            raise BadMapping(
                _("There is no custom field “%(key)s” in use; there are: %(known)s.")
                % {
                    "key": short_name(name),
                    "known": ", ".join(field.key for field in custom) or _("none"),
                }
            )
    return [known[name] for name in names]


def _check_day(as_of, *, today):
    if as_of is None:
        raise BadMapping(
            _("This mapping counts from the day of the file: give it as --as-of 2026-06-30.")
        )
    if not dt.date(cells.YEARS.start, 1, 1) <= as_of <= today:
        raise BadMapping(_("The day of the file, %(day)s, can't be right.") % {"day": as_of})


def _readers(mapping, *, teams, people):
    """The reader of each staging column, for cells that are written plainly."""

    def words(model, name):
        return cells.text(model._meta.get_field(name).max_length)

    day = cells.day(mapping.dates)
    return {
        "reference": words(Account, "reference"),
        "name": words(Account, "name"),
        "about": words(Account, "about"),
        "started_on": day,
        "renews_on": day,
        "churned_on": day,
        "stage": cells.stage(),
        "mrr": cells.amount(mapping.decimal),
        "currency": cells.currency,
        "plan": words(Account, "plan"),
        "industry": words(Account, "industry"),
        "time_zone": cells.time_zone(),
        "owner_id": cells.lookup(people, _("Nobody here has the address %(cell)s.")),
        "team_id": cells.lookup(teams, _("There is no team %(cell)s.")),
        "contact_name": words(Contact, "name"),
        "contact_title": words(Contact, "title"),
        "contact_email": cells.address,
        "contact_email_key": cells.address_key,
        "contact_phone": cells.phone(mapping.region),
        "contact_channel": cells.channel(),
        "contact_language": cells.language,
    }


def _custom(field, mapping):
    """Return a reader of a custom field's cells, which gives JSON."""
    if field.kind == FieldKind.TEXT:
        read = cells.text(LONGEST_TEXT)
    elif field.kind == FieldKind.DATE:
        read = cells.day(mapping.dates)
    else:
        read = cells.custom(field, mapping.decimal)

    def read_as_json(cell):
        value = read(cell)
        return None if value is None else json.dumps(value, ensure_ascii=False)

    return read_as_json


def _targets(source, readers, as_of):
    """Return (staging column, reader) for one source; an address fills two columns."""
    if source.kind == "months_before_as_of":
        return [("started_guess", cells.months_before(as_of))]
    if source.kind == "as_of_when":
        return [("churned_guess", cells.flag(as_of, yes=source.yes, no=source.no))]
    names = {
        "owner": ["owner_id"],
        "team": ["team_id"],
        "contact_email": ["contact_email", "contact_email_key"],
    }.get(source.field, [source.field])
    return [(name, _wrapped(source, readers[name])) for name in names]


def _wrapped(source, read):
    if source.prefix:
        return cells.prefixed(source.prefix, read)
    if source.values:
        return cells.translated(source.values, read)
    return read


def _constant(source, read):
    try:
        text = read(source.value)
    except BadCell as error:
        raise BadMapping(
            _("“%(field)s”: %(why)s") % {"field": short_name(source.field), "why": error}
        ) from None
    return text
