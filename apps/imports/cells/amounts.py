"""Cells of amounts, and of fields of one's own."""

import re

from django.utils.translation import gettext as _

from apps.accounts.custom import BadValue
from apps.imports.cells.cell import BadCell, refuse_formula, shown

_AMOUNT = re.compile(r"([0-9]{1,10})(?:[.]([0-9]{1,2}))?")


def amount(decimal):
    """Return a reader of amounts of money from 0 up.

    Args:
        decimal: what stands before the pence, "." or ",".
    """
    example = f"1234{decimal}50"

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        # The other mark is refused rather than skipped: 1,00 and 100 are not the same.
        match = _AMOUNT.fullmatch(cell if decimal == "." else _swap(cell))
        if match is None:
            if cell.startswith(("-", "−", "－")):  # noqa: RUF001
                raise BadCell(_("%(cell)s is below zero.") % {"cell": shown(cell)})
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not an amount such as %(example)s.")
                % {"cell": shown(cell), "example": example}
            )
        return match[0]

    return read


def _swap(cell):
    return cell.translate({ord(","): ".", ord("."): ","})


def custom(field, decimal):
    """Return a reader of a custom field: a number, an amount, a choice, yes or no, or a link.

    Args:
        field: its definition.
        decimal: what stands before the decimals, "." or ",".
    """

    def read(cell):
        cell = cell.strip()
        try:
            return field.parse(cell, decimal=decimal)
        except BadValue as error:
            # A number may be below zero; anything else that begins like this is a formula.
            refuse_formula(cell)
            raise BadCell(str(error)) from None

    return read
