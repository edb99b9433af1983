"""From a mapping to the readers of its columns."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.imports import cells
from apps.imports.cells import BadCell, Memo
from apps.imports.mapping import BadMapping

# Fields whose cells rarely repeat, so that remembering them would only cost memory.
_UNIQUE = {"reference", "name", "contact_name", "contact_email", "contact_phone"}


@dataclass(frozen=True)
class Layout:
    """What is read from each row, and in which order it is staged."""

    columns: list  # names of staging columns
    plan: list  # (column of the file, reader), in that order after the line
    constants: list  # texts of the last staging columns


def layout(mapping, *, teams, people, today):
    """Find out how to read each row.

    Args:
        mapping: the mapping.
        teams: ids by folded name.
        people: ids by folded address.
        today: the last day that a file can be of.

    Raises:
        BadMapping: a constant is wrong, or the day of the file is missing or to come.
    """
    if mapping.is_dated:
        _check_day(mapping.as_of, today=today)
    readers = _readers(mapping, teams=teams, people=people)
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
    )


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
            _("“%(field)s”: %(why)s")
            % {"field": source.field.removeprefix("contact_"), "why": error}
        ) from None
    return text
