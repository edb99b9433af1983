"""Cells of text, and of words that mean one of a few things."""

import re
import unicodedata
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from apps.accounts.models import Channel, Stage
from apps.imports.cells.cell import FORMULA, BadCell, refuse_formula, shown

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def text(longest):
    """Return a reader of text.

    Runs of blanks and line breaks become one space. A leading ' before a formula's sign, as
    spreadsheets and our own exports write it, says that the cell is text, and is dropped.

    Args:
        longest: number of characters.
    """

    def read(cell):
        cell = " ".join(cell.split())
        if not cell:
            return None
        if cell[0] == "'" and cell[1:].lstrip().startswith(FORMULA):
            cell = cell[1:].lstrip()
        else:
            refuse_formula(cell)
        if len(cell) > longest:
            raise BadCell(
                _("%(cell)s has %(count)d characters; there is room for %(longest)d.")
                % {"cell": shown(cell), "count": len(cell), "longest": longest}
            )
        if not cell.isprintable() and any(unicodedata.category(c) == "Cc" for c in cell):
            raise BadCell(_("There is an unreadable character in the cell."))
        return cell

    return read


def prefixed(prefix, read):
    """Return a reader that puts words before each cell that says something."""

    def read_with_prefix(cell):
        cell = cell.strip()
        if not cell:
            return None
        refuse_formula(cell)
        return read(prefix + cell)

    return read_with_prefix


def translated(values, read):
    """Return a reader that first looks each cell up in a list of the mapping."""

    def read_translated(cell):
        cell = cell.strip()
        if not cell:
            return None
        if cell not in values:
            raise BadCell(
                _("%(cell)s is not among the values of the mapping.") % {"cell": shown(cell)}
            )
        return read(values[cell])

    return read_translated


def lookup(words, refusal):
    """Return a reader of one of some known words, whatever their case.

    Args:
        words: from the folded word to what is stored.
        refusal: a sentence with %(cell)s.
    """

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        found = words.get(cell.casefold())
        if found is None:
            raise BadCell(refusal % {"cell": shown(cell)})
        return found

    return read


def stage():
    """Return a reader of the stages' names."""
    known = ", ".join(Stage.values)
    return lookup(
        {value: value for value in Stage.values},
        _("%(cell)s is not a stage. Use one of: {known}.").replace("{known}", known),
    )


def channel():
    """Return a reader of the ways to reach somebody."""
    known = ", ".join(Channel.values)
    return lookup(
        {value: value for value in Channel.values},
        _("%(cell)s is not a channel. Use one of: {known}.").replace("{known}", known),
    )


def time_zone():
    """Return a reader of time zones' names."""
    known = available_timezones() - {"localtime"}  # a machine's own, which no database knows
    return lookup(
        {name.casefold(): name for name in known},
        _("%(cell)s is not a time zone such as Europe/London."),
    )


def currency(cell):
    """Read a currency's three letters."""
    cell = cell.strip().upper()
    if not cell:
        return None
    if not re.fullmatch("[A-Z]{3}", cell):
        raise BadCell(_("%(cell)s is not a currency such as GBP.") % {"cell": shown(cell)})
    return cell


def language(cell):
    """Read a language's code."""
    cell = cell.strip()
    if not cell:
        return None
    if not _LANGUAGE.fullmatch(cell):
        raise BadCell(_("%(cell)s is not a language such as en.") % {"cell": shown(cell)})
    return cell
