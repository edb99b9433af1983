"""The entries of a timeline.

Like the rows of the customer list they are read as plain values and dressed in plain Python;
what they say stays with the sentence templates of their kinds.
"""

import datetime
import functools
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core import pages
from apps.core.sql import planned
from apps.core.templatetags.mainstay import day, svg
from apps.history import kinds

# A call that was corrected since says so where it was told first.
CORRECTED = """
        CASE WHEN kind IN ('saves.stayed', 'saves.left', 'saves.undecided')
            THEN coalesce((SELECT version > 1 FROM saves_savecase WHERE id = subject_id), false)
            ELSE false
        END"""
# SQL, for the same reason as in `customer`: the queryset took four times as long.
ENTRIES = """
    SELECT event.id, kind, happened_at, recorded_at,
        payload::json, subject_id, coalesce(nullif(actor.name, ''), actor.email, ''),{corrected}
    FROM history_event AS event
    LEFT JOIN users_user AS actor ON actor.id = event.actor_id
    WHERE {timelines} {narrowed}
    ORDER BY happened_at {way}, event.id {way}
    LIMIT {limit}
"""
# What is on top, and, for the whole page, what changed the record lately: one round trip.
PINNED = f"""
    SELECT event.id, kind, happened_at, recorded_at,
        payload::json, subject_id, coalesce(nullif(actor.name, ''), actor.email, ''),{CORRECTED},
        coalesce(nullif(pinner.name, ''), pinner.email), pinned_at
    FROM history_pin AS pin
    JOIN history_event AS event ON event.id = pin.event_id
    JOIN users_user AS pinner ON pinner.id = pin.pinned_by_id
    LEFT JOIN users_user AS actor ON actor.id = event.actor_id
    WHERE pin.timeline_id = ANY(%(timelines)s)
"""  # noqa: S608  ours
AND_CHANGES = """
    UNION ALL
    SELECT id, kind, happened_at, recorded_at, payload::json, NULL, '', false, NULL, NULL
    FROM history_event
    WHERE timeline_id = %(changing)s AND happened_at >= %(since)s AND kind = ANY(%(kinds)s)
"""
HTML = """<li id="event-{}">
        <span class="mark {}">{}</span>
        <div>
          <p class="line"><span>{}</span><time datetime="{}">{}</time>{}</p>
          {}{}
        </div>
      </li>"""
ON_TOP = """<li id="pinned-{}">
        <span class="mark {}">{}</span>
        <div>
          <p class="line"><span>{}</span><time datetime="{}">{}</time>{}</p>
          {}
          <p class="row small muted">{}{}</p>
        </div>
      </li>"""
BUTTON = (
    '<button class="btn quiet square sm {}" name="{}" value="{}" aria-label="{}" title="{}">'
    "{}</button>"
)
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
    is_corrected: bool = False  # of a call: by a later entry


@dataclass(slots=True)
class Pinned:
    """An entry that stays on top, and who put it there."""

    entry: Entry
    by: str
    at: datetime.datetime


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
    values = {"timelines": of}
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
    with planned() as database:
        way = "ASC" if backwards else "DESC"
        sql = ENTRIES.format(
            corrected=CORRECTED,
            timelines=f"timeline_id = {which}",
            narrowed=narrowed,
            way=way,
            limit=size + 1,
        )
        database.execute(sql, values)
        found = [Entry(*columns) for columns in database]
    return pages.page(found, key="happened_at", cursor=cursor, size=size)


def pinned(of, *, changing=None, since=None, change_kinds=()):
    """Read what is pinned on top, and what changed the record lately.

    Args:
        of: ids of the timelines that are shown as one.
        changing: id of the timeline whose changes are wanted, or None for no changes.
        since: moment of the first change.
        change_kinds: names of the kinds that are changes.

    Returns:
        A list of `Pinned`, newest pin first, and a list of changes, oldest first.
    """
    values = {"timelines": of, "changing": changing, "since": since, "kinds": list(change_kinds)}
    on_top, changes = [], []
    with planned() as database:
        database.execute(PINNED + (AND_CHANGES if changing else ""), values)
        for *columns, by, at in database:
            entry = Entry(*columns)
            if by:
                on_top.append(Pinned(entry, by, at))
            else:
                changes.append(entry)
    on_top.sort(key=lambda pin: (pin.at, pin.entry.pk), reverse=True)
    changes.sort(key=lambda entry: (entry.happened_at, entry.pk))
    return on_top, changes


def by_day(found, *, pinned_ids=(), may_pin=False):
    """Say entries, grouped by the day they happened in the reader's zone.

    Args:
        found: entries, newest first.
        pinned_ids: of those that are pinned.
        may_pin: whether each gets a button to pin it, or to take it down.

    Returns:
        A list of (day, list of markup).
    """
    reader = (timezone.localdate(), timezone.get_current_timezone_name(), get_language())
    local = [(timezone.localtime(entry.happened_at).date(), entry) for entry in found]
    return [
        (
            date,
            [
                _html(_Line(entry, _verb(entry, pinned_ids) if may_pin else "", reader))
                for _date, entry in each
            ],
        )
        for date, each in groupby(local, key=lambda pair: pair[0])
    ]


def _verb(entry, pinned_ids):
    return "unpin" if entry.pk in pinned_ids else "pin"


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry as somebody reads it.

    An event is never changed, so that its id and moments stand for all that it holds.
    """

    entry: Entry = field(compare=False)
    verb: str  # what its button does; "" for none
    reader: tuple  # their day, zone and language
    key: tuple = field(init=False)

    def __post_init__(self):
        entry = self.entry
        key = (entry.pk, entry.happened_at, entry.recorded_at, entry.actor, entry.is_corrected)
        object.__setattr__(self, "key", key)


@functools.lru_cache(maxsize=2048)  # of a kilobyte or two, in each process
def _html(line):
    """Say an entry; the same few customers are opened again and again."""
    entry, kind = line.entry, kinds.get(line.entry.kind)
    moment = timezone.localtime(entry.happened_at)
    return format_html(
        HTML,
        entry.pk,
        kind.tone or entry.payload.get("tone", ""),
        svg(kind.icon),
        _say(kind.template, entry),
        moment.isoformat(),
        f"{moment:%H:%M}",
        _button(entry, line.verb) if line.verb else "",
        _say(kind.body_template, entry) if kind.has_body else "",
        _late(entry),
    )


def on_top(pins, *, may_pin=False):
    """Say pinned entries; a list of markup."""
    return [_top_html(pin, _button(pin.entry, "unpin") if may_pin else "") for pin in pins]


def _top_html(pin, button):
    entry, kind = pin.entry, kinds.get(pin.entry.kind)
    words = _("Pinned by %(name)s, %(day)s") % {"name": pin.by, "day": day(pin.at, "in")}
    return format_html(
        ON_TOP,
        entry.pk,
        kind.tone or entry.payload.get("tone", ""),
        svg(kind.icon),
        _say(kind.template, entry),
        entry.happened_at.isoformat(),
        day(entry.happened_at),
        button,
        _say(kind.body_template, entry) if kind.has_body else "",
        svg("pin"),
        words,
    )


def _say(template, entry):
    return get_template(template).template.render(Context({"event": entry}))


def _button(entry, verb):
    """A button of the form that is around all entries: fifteen forms would take too long."""
    words = _("Pin to top") if verb == "pin" else _("Unpin")
    return format_html(BUTTON, verb, verb, entry.pk, words, words, svg("pin"))


def _late(entry):
    """Mark what was written down long after it happened."""
    if (entry.recorded_at - entry.happened_at).total_seconds() < kinds.BACK_DATED_AFTER:
        return ""
    words = _("Written down %(day)s") % {"day": day(entry.recorded_at, "in")}
    return format_html(LATE, svg("history"), words)
