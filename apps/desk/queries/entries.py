"""The entries of a timeline.

Like the rows of the customer list they are read as plain values and dressed in plain Python;
what they say stays with the sentence templates of their kinds.
"""

import datetime
import functools
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.core import pages
from apps.core.templatetags.mainstay import day, svg
from apps.history import kinds

# SQL, for the same reason as in `customer`: the queryset took four times as long.
ENTRIES = """
    SELECT event.id, kind, happened_at, recorded_at,
        payload::json, subject_id, coalesce(nullif(actor.name, ''), actor.email, '')
    FROM history_event AS event
    LEFT JOIN users_user AS actor ON actor.id = event.actor_id
    WHERE {timelines} {narrowed}
    ORDER BY happened_at {way}, event.id {way}
    LIMIT %(limit)s
"""
HTML = """<li id="event-{}">
        <span class="mark {}">{}</span>
        <div>
          <p class="line"><span>{}</span><time datetime="{}">{}</time></p>
          {}{}
        </div>
      </li>"""
LATE = '<p class="row small muted">{}{}</p>'


@dataclass(slots=True)
class Entry:
    """One event; what a sentence template gets as `event`."""

    pk: int
    kind: str
    happened_at: datetime.datetime
    recorded_at: datetime.datetime
    payload: dict[str, Any]
    subject_id: int | None
    actor: str


def page(of, *, group, cursor, size):
    """Read one page of a customer's timelines, newest first.

    Args:
        of: ids of the timelines that are shown as one.
        group: key of a filter, or "" for everything.
        cursor: which page.
        size: entries on a page.
    """
    backwards, mark = pages.read(cursor)
    if mark and not isinstance(mark[0], datetime.datetime):  # a cursor of another list
        backwards, mark, cursor = False, None, ""
    values = {"timelines": of, "limit": size + 1}
    # A single one is read in the order of the index, and left when the page is full.
    which = "ANY(%(timelines)s)"
    if len(of) == 1:
        which, (values["timelines"],) = "%(timelines)s", of
    narrowed = ""
    if group:
        narrowed += " AND kind = ANY(%(kinds)s)"
        values["kinds"] = kinds.in_group(group)
    if mark is not None:
        narrowed += f" AND (happened_at, event.id) {'>' if backwards else '<'} (%(at)s, %(pk)s)"
        values["at"], values["pk"] = mark
    with connection.cursor() as database:
        way = "ASC" if backwards else "DESC"
        sql = ENTRIES.format(timelines=f"timeline_id = {which}", narrowed=narrowed, way=way)
        database.execute(sql, values)
        found = [Entry(*columns) for columns in database]
    return pages.page(found, key="happened_at", cursor=cursor, size=size)


def by_day(found):
    """Say entries, grouped by the day they happened in the reader's zone.

    Returns:
        A list of (day, list of markup).
    """
    local = [(timezone.localtime(entry.happened_at), entry) for entry in found]
    say = _Sayer()
    return [
        (date, [_html(entry, moment, say) for moment, entry in entries])
        for date, entries in groupby(local, key=lambda pair: pair[0].date())
    ]


def _html(entry, moment, say):
    kind = kinds.get(entry.kind)
    return format_html(
        HTML,
        entry.pk,
        kind.tone or entry.payload.get("tone", ""),
        svg(kind.icon),
        say(kind.template, entry),
        moment.isoformat(),
        f"{moment:%H:%M}",
        say(kind.body_template, entry) if kind.has_body else "",
        _late(entry),
    )


def _late(entry):
    """Mark what was written down long after it happened."""
    if (entry.recorded_at - entry.happened_at).total_seconds() < kinds.BACK_DATED_AFTER:
        return ""
    words = _("Written down %(day)s") % {"day": day(entry.recorded_at, "in")}
    return format_html(LATE, svg("history"), words)


class _Sayer:
    """Renders the templates of one page: each is found once, and all share a context."""

    def __init__(self):
        self.find = functools.cache(get_template)
        self.context = Context()

    def __call__(self, template, entry):
        with self.context.push(event=entry):
            return self.find(template).template.render(self.context)
