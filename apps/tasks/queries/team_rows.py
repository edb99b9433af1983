"""The rows of the team's queue, put together here: a template would take its time for each."""

import functools
from collections import namedtuple
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.addresses import address
from apps.core.sql import planned
from apps.core.templatetags.mainstay import clock, hue, initials, moment, svg
from apps.tasks.models import Task
from apps.tasks.models.task import OPEN_STATES
from apps.tasks.queries import escalation
from apps.tasks.queries.left import Left, left
from apps.tasks.queries.working import usual

KEPT = 4096  # rows of some 1 kB, in each process

_TASKS = """
    SELECT task.id, task.what, task.kind, task.priority, task.origin, task.state, task.escalated,
        task.found_nobody, task.due_at, coalesce(task.due_after, task.made_at), task.closed_at,
        task.snoozed_until, task.snooze_reason, task.outcome, task.owner_id,
        coalesce(nullif(owner.name, ''), owner.email), owner.time_zone, queue.team_id,
        coalesce(kept.id, own.id), coalesce(kept.name, own.name)
    FROM tasks_task AS task
    JOIN accounts_account AS own ON own.id = task.account_id
    LEFT JOIN accounts_account AS kept ON kept.id = own.merged_into_id
    LEFT JOIN users_user AS owner ON owner.id = task.owner_id
    LEFT JOIN tasks_queue AS queue ON queue.id = task.queue_id
    WHERE task.id = ANY(%(ids)s::bigint[])
"""
_Values = namedtuple(
    "_Values",
    "pk what kind priority origin state escalated found_nobody due_at since closed_at"
    " snoozed_until snooze_reason outcome owner owner_name owner_zone team account customer",
)
_ROW = (
    '<li class="task pickable">{tick}<div><span class="row">'
    '<a class="title" href="{url}" data-open-row>{what}</a>{badges}</span>'
    '<p class="meta"><a href="{customer_url}">{customer}</a>{words}</p></div>'
)
_TICK = '<input class="pick" type="checkbox" name="pick" value="{}" aria-label="{}">'
_DUE = '<span class="due {}">{}</span>'
_TAIL = (
    '<div class="tail"><span class="who-line small{}"><span class="avatar {} sm"'
    ' aria-hidden="true">{}</span><span class="not-phone">{}</span>'
    '<span class="sr">{}</span></span></div></li>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One task as the page says it."""

    pk: int
    what: str
    owner: int | None
    due_at: object
    left: Left
    html: SafeString


def lines(ids, crew, at, *, has_ticks):
    """Return tasks as lines, in the order of their ids.

    Args:
        ids: of the tasks.
        crew: whose working time is known.
        at: now.
        has_ticks: whether they can be picked.
    """
    with planned() as cursor:
        cursor.execute(_TASKS, {"ids": list(ids)})
        found = {row[0]: _Values._make(row) for row in cursor}
    risks = escalation.risks()
    return [_line(found[pk], crew, at, risks, has_ticks) for pk in ids if pk in found]


def _line(row, crew, at, risks, has_ticks):
    is_asleep = row.snoozed_until is not None and row.snoozed_until > at
    time = _left(row, crew, at, risks, is_asleep=is_asleep)
    said = (row.pk, row.what, row.kind, row.priority, row.origin, row.escalated, row.found_nobody)
    more = (row.snooze_reason if is_asleep else "", row.outcome)
    whose = (row.account, row.customer, row.owner, row.owner_name)
    head, tail = _drawn(*said, *more, *whose, has_ticks, get_language())
    html = SafeString(f"{head}{_DUE.format(time.tone, time.drawn)}{tail}")
    return Line(row.pk, row.what, row.owner, row.due_at, time, html)


def _left(row, crew, at, risks, *, is_asleep):
    """Say what matters about the time of a task on the tab where it stands."""
    if row.state not in OPEN_STATES:
        return Left(_("at %(clock)s") % {"clock": clock(row.closed_at)})
    if is_asleep:
        return Left(_("until %(moment)s") % {"moment": moment(row.snoozed_until, "in")})
    if row.owner:
        hours = crew.hours.get(row.owner) or usual(row.owner_zone)
    else:
        hours = crew.team_hours.get(row.team) or usual("UTC")
    risk = risks[row.kind, row.priority]
    return left(row.due_at, since=row.since, at=at, hours=hours, risk=risk)


# A page that is opened again says the same of most rows.
@functools.lru_cache(maxsize=KEPT)
def _drawn(
    pk, what, kind, priority, origin, escalated, found_nobody, why_asleep, outcome,
    account, customer, owner, owner_name, has_ticks, _language,
):  # fmt: skip
    """Draw a row but for the time that is left: what stands before that, and what after."""
    told = _("Select %(what)s, %(name)s") % {"what": what, "name": customer}
    badges = [
        escalated and ("bad", svg("flag"), _("Escalated")),
        found_nobody and ("warn", svg("alert"), _("Found nobody")),
    ]
    words = [Task.Kind(kind).label, why_asleep, outcome]
    if priority < Task.Priority.NORMAL:
        words.insert(0, Task.Priority(priority).label)
    if origin != Task.Origin.HAND:
        words.insert(-2, Task.Origin(origin).label)
    head = format_html(
        _ROW,
        tick=format_html(_TICK, pk, told) if has_ticks else svg("check", "tone good"),
        url=address("tasks:detail", pk),
        what=what,
        badges=format_html_join("", '<span class="badge {}">{}{}</span>', filter(None, badges)),
        customer_url=address("desk:customer", account),
        customer=customer,
        words=format_html_join("", "<span>{}</span>", ((each,) for each in words if each)),
    )
    if owner is None:
        nobody = _("Nobody")
        return head, format_html(_TAIL, " muted", "none", "?", nobody, nobody)
    letters, short = initials(owner_name), owner_name.split()[0]
    return head, format_html(_TAIL, "", f"a{hue(owner)}", letters, short, owner_name)
