"""The rows of the customer list: plain values, made into cells by the columns."""

import functools
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.desk.queries.columns import Look
from apps.history.models import Timeline
from apps.saves.queries import watches
from apps.users.models import Team, User

# Every zone's day begins on a quarter of an hour, so words about days hold until the next.
QUARTER = 15
KEPT = 2048  # rows of some 2 kB, in each process

TICK = (
    '<td role="cell" class="tick">'
    '<input class="pick" type="checkbox" name="pick" value="{}" aria-label="{}"></td>'
)


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as the list says it."""

    pk: int
    name: str
    html: SafeString


@functools.cache
def values(columns, sort=""):
    """Return all accounts as the values that some columns say.

    Building the query costs as much as running it, so it is built once and narrowed each time.

    Args:
        columns: from `columns.chosen`.
        sort: the key that pages continue from, if there is one.
    """
    # Looked up for the rows of a page alone; joined, they would be for all that are sorted.
    about = {
        "face": Contact.objects.filter(account=OuterRef("pk"), is_primary=True).values("name")[:1],
        "owner_name": User.objects.filter(pk=OuterRef("owner")).values("name"),
        "team_name": Team.objects.filter(pk=OuterRef("team")).values("name"),
        "touched_at": Timeline.objects.filter(pk=OuterRef("timeline")).values("last_touch_at"),
    }
    named = Account.objects.with_sort_keys().annotate(
        **{name: Subquery(rows) for name, rows in about.items()},
        watch=RawSQL(watches.OF_ROW, (), output_field=TextField()),  # noqa: S611  ours
    )
    needed = [need for column in columns for need in column.needs] + [sort] * bool(sort)
    return named.values_list(*dict.fromkeys(needed), named=True)


@functools.cache
def _layout(columns):
    """A row with gaps; after the tick, the first column names the row."""
    head, *others = columns
    cells = [f'<td role="cell" class="{column.cell_classes}">{{}}</td>' for column in others]
    named = f'<th role="rowheader" scope="row" class="{head.cell_classes}">{{}}</th>'
    return f'<tr role="row" data-item>{{}}{named}{"".join(cells)}</tr>'


def dress(found, columns, *, at, url, has_ticks=False):
    """Make values into rows.

    Args:
        found: values of these columns.
        columns: which cells each row has.
        at: when somebody looks.
        url: path of the list.
        has_ticks: whether rows can be picked.
    """
    look = Look(at, url)
    moments = tuple(column for column in columns if column.is_moment)
    quarter = at.replace(minute=at.minute // QUARTER * QUARTER, second=0, microsecond=0)
    said = (
        columns,
        has_ticks,
        Look(quarter, url),
        timezone.get_current_timezone_name(),
        get_language(),
    )
    # What an admin's own fields hold may be a list, which no memory takes as a key.
    make = _tr.__wrapped__ if any("custom" in each.needs for each in columns) else _tr
    return [
        Row(each.pk, each.name, make(each, tuple(m.cell(each, look) for m in moments), *said))
        for each in found
    ]


@functools.lru_cache(maxsize=KEPT)
def _tr(row, moments, columns, has_ticks, look, _zone, _language):
    """Make a row; a list shows the same customers again and again.

    Args:
        row: its values.
        moments: what the columns that count minutes say.
        columns: which cells.
        has_ticks: whether it begins with one.
        look: when, to the quarter of an hour, and where.
        _zone: in which days are told.
        _language: in which everything is.
    """
    moments = iter(moments)
    cells = [next(moments) if each.is_moment else each.cell(row, look) for each in columns]
    words = _("Select %(name)s") % {"name": row.name}
    tick = format_html(TICK, row.pk, words) if has_ticks else ""
    return format_html(_layout(columns), tick, *cells)
