"""The rows of the customer list: plain values, made into cells by the columns."""

import functools
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.desk.queries.columns import Look

TICK = (
    '<td role="cell" class="tick">'
    '<input class="pick" type="checkbox" name="pick" value="{}" aria-label="{}"></td>'
)


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as the list says it."""

    pk: int
    name: str
    cells: SafeString

    @property
    def tick(self):
        """The cell with which somebody picks the row."""
        return format_html(TICK, self.pk, _("Select %(name)s") % {"name": self.name})


@functools.cache
def values(columns, sort=""):
    """Return all accounts as the values that some columns say.

    Building the query costs as much as running it, so it is built once and narrowed each time.

    Args:
        columns: from `columns.chosen`.
        sort: the key that pages continue from, if there is one.
    """
    people = Contact.objects.filter(account=OuterRef("pk"), is_primary=True)
    named = Account.objects.with_sort_keys().annotate(face=Subquery(people.values("name")[:1]))
    needed = [need for column in columns for need in column.needs] + [sort] * bool(sort)
    return named.values_list(*dict.fromkeys(needed), named=True)


@functools.cache
def _layout(columns):
    """The cells of a row with gaps; the first column names the row."""
    head, *others = columns
    cells = [f'<td role="cell" class="{column.cell_classes}">{{}}</td>' for column in others]
    return f'<th role="rowheader" scope="row" class="{head.cell_classes}">{{}}</th>' + "".join(
        cells
    )


def dress(found, columns, *, at, url):
    """Make values into rows.

    Args:
        found: values of these columns.
        columns: which cells each row has.
        at: when somebody looks.
        url: path of the list.
    """
    layout, look = _layout(columns), Look(at, url)
    return [
        Row(
            each.pk,
            each.name,
            format_html(layout, *[column.cell(each, look) for column in columns]),
        )
        for each in found
    ]
