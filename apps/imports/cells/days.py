"""Cells of days, of months since then, and of having left."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from apps.imports.cells.cell import BadCell, refuse_formula, shown

MOST_MONTHS = 1200
YEARS = range(1900, 2201)


def day(order):
    """Return a reader of dates.

    Args:
        order: such as DD.MM.YYYY: how the file writes them.
    """
    pattern = re.escape(order)
    for part, digits in {"YYYY": "{4}", "MM": "{1,2}", "DD": "{1,2}"}.items():
        pattern = pattern.replace(part, f"(?P<{part}>[0-9]{digits})")
    pattern = re.compile(pattern)

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        match = pattern.fullmatch(cell)
        if match is None:
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not a date such as %(example)s.")
                % {"cell": shown(cell), "example": _example(order)}
            )
        return real_day(cell, int(match["YYYY"]), int(match["MM"]), int(match["DD"])).isoformat()

    return read


def _example(order):
    return order.replace("YYYY", "2026").replace("MM", "06").replace("DD", "30")


def real_day(cell, year, month, number):
    """Return a date that exists and that a customer can have.

    Raises:
        BadCell: quoting the cell.
    """
    try:
        if year in YEARS:
            return dt.date(year, month, number)
    except ValueError:
        pass
    raise BadCell(_("There is no day %(cell)s.") % {"cell": shown(cell)})


def months_before(as_of):
    """Return a reader of months: the day so many months before another.

    Args:
        as_of: the day to count from.
    """

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        if not re.fullmatch("[0-9]{1,4}", cell) or int(cell) > MOST_MONTHS:
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not a number of months from 0 to %(most)d.")
                % {"cell": shown(cell), "most": MOST_MONTHS}
            )
        return earlier(as_of, int(cell)).isoformat()

    return read


def earlier(day, months):
    """Return the same day some months earlier, or that month's last when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def flag(as_of, *, yes, no):
    """Return a reader of a yes or no: the day for yes, nothing for no.

    Args:
        as_of: the day that a yes stands for.
        yes: the cell that means yes.
        no: the cell that means no; anything else is refused.
    """

    def read(cell):
        cell = cell.strip()
        if cell == yes:
            return as_of.isoformat()
        if cell in {no, ""}:
            return None
        raise BadCell(
            _("%(cell)s is neither %(yes)s nor %(no)s.")
            % {"cell": shown(cell), "yes": shown(yes), "no": shown(no)}
        )

    return read
