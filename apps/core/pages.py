"""Keyset paging: stays right while rows are added, and costs the same on every page."""

import base64
import binascii
import datetime
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Page:
    """One page of rows with the cursors of its neighbours, None where there is no neighbour."""

    rows: list = field(default_factory=list)
    newer: str | None = None
    older: str | None = None


def keyset(queryset, *, key, cursor="", size=50, descending=False):
    """Return the page of a queryset that a cursor names.

    Args:
        queryset: unordered and unsliced.
        key: a column or annotation that is never null; ties fall back on the primary key.
        cursor: from an earlier page; an empty, foreign or damaged one gives the first page.
        size: rows on a page.
        descending: largest first.
    """
    backwards, mark = read(cursor)
    if mark is not None:
        queryset = queryset.filter(_beyond(key, mark, descending=descending != backwards))
    sign = "-" if descending != backwards else ""
    rows = list(queryset.order_by(f"{sign}{key}", f"{sign}pk")[: size + 1])
    return page(rows, key=key, cursor=cursor, size=size)


def page(rows, *, key, cursor, size):
    """Return the page that was read at a cursor.

    Args:
        rows: in the order they were read: away from the cursor; one more than fits, where
            there is one. Each has `pk` and the key.
        key: the column they are sorted by.
        cursor: where they were read.
        size: rows on a page.
    """
    backwards, mark = read(cursor)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page()
    return Page(
        rows=rows,
        newer=_write("b", rows[0], key) if (more if backwards else mark is not None) else None,
        older=_write("a", rows[-1], key) if (more or backwards) else None,
    )


def above(row, key):
    """Return the cursor of the page that ends just above a row of a list."""
    return _write("b", row, key)


def _beyond(key, mark, *, descending):
    value, pk = mark
    way = "lt" if descending else "gt"
    # The first condition is the one that an index on (key, id) can start from.
    return Q(**{f"{key}__{way}e": value}) & (
        Q(**{f"{key}__{way}": value}) | Q(**{key: value, f"pk__{way}": pk})
    )


def _write(side, row, key):
    value = getattr(row, key)
    kind = next((k for k, t in _KINDS.items() if isinstance(value, t)), "s")
    text = value.isoformat() if kind in {"d", "t"} else str(value)
    raw = json.dumps([side, kind, text, row.pk], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


# A moment is a date too, so it is asked first.
_KINDS: dict[str, Any] = {
    "t": datetime.datetime,
    "d": datetime.date,
    "n": Decimal,
    "i": int,
}
_PARSERS: dict[str, Any] = {
    "t": datetime.datetime.fromisoformat,
    "d": datetime.date.fromisoformat,
    "n": Decimal,
    "i": int,
    "s": str,
}


def read(cursor):
    """Say what a cursor means: whether it reads backwards, and its mark or None.

    A mark is the value and the primary key of the row beyond which the page lies.
    """
    try:
        side, kind, text, pk = json.loads(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        )
        value = _PARSERS[kind](text)
        if side not in {"a", "b"} or not 0 < int(pk) < 2**63 or "\0" in str(value):
            return False, None
        return side == "b", (value, int(pk))
    except (ValueError, TypeError, KeyError, ArithmeticError, binascii.Error):
        return False, None
