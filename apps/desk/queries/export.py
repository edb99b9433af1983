"""The customer list as a file for a spreadsheet."""

import array
import csv
import datetime
import io
import re
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.desk.queries import customers, rows
from apps.desk.queries.columns import Look, chosen
from apps.imports.cells import FORMULA

# So many customers are read, written and forgotten at once.
CHUNK = 2_000
# Excel takes a file for Windows text unless this says that it is UTF-8.
MARK = "\ufeff"
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Export:
    """What goes into the file, settled before the first row leaves.

    Args:
        ids: of all customers, in the list's order; eight bytes each, so that no transaction
            has to stay open while a slow line takes the file.
        heads: the first line.
        columns: the list's, with the number behind the name and the currency behind the money.
        user: who takes it.
        at: when.
        zone: the reader's, in which moments are told.
        language: the reader's.
    """

    ids: array.array
    heads: list
    columns: tuple
    user: object
    at: datetime.datetime
    zone: datetime.tzinfo
    language: str

    def lines(self):
        """Yield the file in pieces, each of some thousand lines."""
        # An admin names custom fields, so a head may look like a formula too.
        yield MARK + _csv([map(inert, self.heads)])
        for start in range(0, len(self.ids), CHUNK):
            # The request is over by now, and with it its zone and language.
            with timezone.override(self.zone), translation.override(self.language):
                piece = self._lines(self.ids[start : start + CHUNK])
            yield piece

    def _lines(self, ids):
        look = Look(self.at, "")
        found = rows.values(self.columns).in_sight_of(self.user).filter(pk__in=ids.tolist())
        by_id = {row.pk: row for row in found}
        # Who was removed since the beginning is left out.
        known = (by_id[pk] for pk in ids if pk in by_id)
        return _csv([inert(c.say(row, look)) for c in self.columns] for row in known)


def prepare(form, *, user, at):
    """Settle what an export holds.

    Args:
        form: a bound, valid CustomerFilter.
        user: who takes it.
        at: now.
    """
    columns, zone = _columns(form.columns), timezone.get_current_timezone()
    return Export(
        ids=array.array("q", customers.in_order(form, user=user, at=at)),
        heads=[_head(column, zone) for column in columns],
        columns=columns,
        user=user,
        at=at,
        zone=zone,
        language=translation.get_language(),
    )


def _columns(keys):
    """The columns of the list, and what makes a line useful elsewhere."""
    name, *others = chosen(keys)
    keys = [name.key, "reference", *(column.key for column in others)]
    money = next((column.key for column in others if column.is_money), None)
    if money and "currency" not in keys:
        keys.insert(keys.index(money) + 1, "currency")
    return chosen(keys)


def _head(column, zone):
    return f"{column.label} ({zone})" if column.is_moment else str(column.label)


def inert(cell):
    """Keep a spreadsheet from running a cell: what looks like a formula becomes text."""
    risky = cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(FORMULA)
    return f"'{cell}" if risky and not NUMBER.fullmatch(cell) else cell


def file_name(view, at):
    """Return the name of the file: customers, the view, and the day."""
    words = re.sub(r"[^\w]+", "-", view.lower()).strip("-")
    day = timezone.localtime(at).date()
    return "-".join(filter(None, [_("customers"), words, f"{day}.csv"]))


def _csv(lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()
