"""The rows of the customer list: plain values, made into cells by the columns."""

import functools
from dataclasses import dataclass

from django.db.models import DateTimeField, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.desk.queries.columns import Look
from apps.saves.queries import watches

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


# Looked up for the rows of a page alone; joined, they would be for all that are sorted.
ABOUT = {
    "face": """
        SELECT face.name FROM accounts_contact AS face
        WHERE face.account_id = "accounts_account"."id" AND face.is_primary LIMIT 1
    """,
    "owner_name": """
        SELECT own.name FROM users_user AS own WHERE own.id = "accounts_account"."owner_id"
    """,
    "team_name": """
        SELECT team.name FROM users_team AS team WHERE team.id = "accounts_account"."team_id"
    """,
    "watch": watches.OF_ROW,
}
TOUCHED = """
    SELECT line.last_touch_at FROM history_timeline AS line
    WHERE line.id = "accounts_account"."timeline_id"
"""


@functools.cache
def values(columns, sort=""):
    """Return all live accounts as the values that some columns say.

    Building the query costs as much as running it, so it is built once and narrowed each time;
    what is looked up is text, since the rest of a query is put into words anew for each page.

    Args:
        columns: from `columns.chosen`.
        sort: the key that pages continue from, if there is one.
    """
    named = (
        Account.objects.live()
        .with_sort_keys()
        .annotate(
            **{name: _looked_up(sql, TextField()) for name, sql in ABOUT.items()},
            touched_at=_looked_up(TOUCHED, DateTimeField()),
        )
    )
    needed = [need for column in columns for need in column.needs] + [sort] * bool(sort)
    return named.values_list(*dict.fromkeys(needed), named=True)


def _looked_up(sql, kind):
    return RawSQL(sql, (), output_field=kind)  # noqa: S611  ours


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
