"""Reading one cell: what each kind of field accepts, and what it says when it does not.

A reader is a function from the text of a cell to the text that is stored, or None for a cell
that says nothing. It raises `BadCell` with a sentence for a person.
"""

from apps.imports.cells.amounts import amount, custom
from apps.imports.cells.cell import FORMULA, BadCell, Memo, shown
from apps.imports.cells.days import MOST_MONTHS, YEARS, day, earlier, flag, months_before
from apps.imports.cells.reaching import address, address_key, phone
from apps.imports.cells.words import (
    channel,
    currency,
    language,
    lookup,
    prefixed,
    stage,
    text,
    time_zone,
    translated,
)

__all__ = [
    "FORMULA",
    "MOST_MONTHS",
    "YEARS",
    "BadCell",
    "Memo",
    "address",
    "address_key",
    "amount",
    "channel",
    "currency",
    "custom",
    "day",
    "earlier",
    "flag",
    "language",
    "lookup",
    "months_before",
    "phone",
    "prefixed",
    "shown",
    "stage",
    "text",
    "time_zone",
    "translated",
]
