"""The rows of My queue, put together here: a page has fifty, and a template takes its time."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.calendars.rules import Hours
from apps.core.addresses import address
from apps.core.templatetags.mainstay import moment, svg
from apps.tasks.models import Task
from apps.tasks.origins import About
from apps.tasks.queries.left import Left, left

KEPT = 4096  # rows of some 2 kB, in each process

# The list posts by one form, which knows where it leads back to (`_mine.html`).
_SWAP = 'hx-target="#my-tasks" hx-swap="outerHTML"'
_ASK = 'hx-target="#task-dialog" hx-swap="outerHTML"'
_TICK = (
    f'<button class="tickoff" type="submit" form="my-acts" formaction="{{url}}complete/"'
    f' hx-post="{{url}}complete/" {_SWAP} data-do="e" title="{{tip}}">{{icon}}'
    '<span class="sr">{said} {what}</span></button>'
)
_ASKS = (
    '<a class="{classes}" href="{url}{path}/?back=mine" hx-get="{url}{path}/?back=mine"'
    f' {_ASK} data-do="{{key}}" title="{{tip}}">{{icon}}<span class="sr">{{said}} {{what}}</span></a>'
)
_BADGE = '<span class="badge{}">{}{}</span>'
_HEAD = (
    '<li class="task mine" id="task-{pk}" data-row>{tick}<div><span class="row">'
    '<a class="title" href="{url}" data-open-row{focus}>{what}'
    '<span class="sr">, {customer}</span></a>{badges}</span>'
    '<p class="meta"><a href="{customer_url}">{customer}</a>{about}{words}</p></div>'
)
_DUE = '<span class="due {}" data-due="{}">{}</span>'


@dataclass(frozen=True, slots=True)
class Look:
    """What the rows of a page are seen with."""

    at: datetime
    hours: Hours  # whose working time counts
    risks: Mapping  # from `escalation.risks()`
    about: Mapping  # from `origins.of()`
    focus: int | None  # the task that the person is on next


@dataclass(frozen=True, slots=True)
class Known:
    """What a row says however late it is."""

    url: str
    customer_url: str
    html: str  # what stands before the time that is left
    do: str  # and what after it


@dataclass(frozen=True, slots=True)
class Row:
    """A task in a list of one person's."""

    pk: int
    what: str
    customer: str
    about: About | None  # what it was made for
    known: Known
    left: Left
    wakes: str  # until when and why it was put off

    @property
    def url(self):
        """The page of the task."""
        return self.known.url

    @property
    def customer_url(self):
        """The page of the customer."""
        return self.known.customer_url

    @property
    def due(self):
        """How much time is left."""
        return SafeString(_DUE.format(self.left.tone, self.pk, self.left.drawn))

    @property
    def html(self):
        """The row as the list shows it."""
        return SafeString(f"{self.known.html}{self.due}{self.known.do}")


def made(row, look):
    """Make what the database said of a task into a row.

    Args:
        row: its values.
        look: when it is seen, and with what.
    """
    wakes = ""
    if row.part == "off":
        told = {"at": moment(row.snoozed_until, "in"), "why": row.snooze_reason}
        wakes = _("Until %(at)s: %(why)s") % told
    said = (row.pk, row.what, row.kind, row.priority, row.state, row.escalated, row.origin)
    whose = (row.account, row.customer, row.queue, row.receiver)
    about = look.about.get(row.pk)
    known = _known(*said, *whose, about, row.pk == look.focus, get_language())
    risk = look.risks[row.kind, row.priority]
    time = left(row.due_at, since=row.since, at=look.at, hours=look.hours, risk=risk)
    return Row(row.pk, row.what, row.customer, about, known, time, wakes)


# A page that is opened again says the same of most rows.
@functools.lru_cache(maxsize=KEPT)
def _known(
    pk, what, kind, priority, state, escalated, origin,
    account, customer, queue, receiver, about, is_next, _language,
):  # fmt: skip
    url, customer_url = address("tasks:detail", pk), address("desk:customer", account)
    badges = [
        escalated and (" bad", svg("flag"), _("Escalated")),
        state == Task.State.IN_PROGRESS and (" info", svg("play"), _("At it")),
        receiver and ("", svg("handoff"), _("Waits for %(name)s") % {"name": receiver}),
    ]
    words = _words(kind, priority, queue, origin, about is None)
    html = format_html(
        _HEAD,
        pk=pk,
        tick=_tick(url, what, Task.asks_for_outcome(kind, origin)),
        url=url,
        focus=" data-focus" if is_next else "",
        what=what,
        customer=customer,
        badges=format_html_join("", _BADGE, filter(None, badges)),
        customer_url=customer_url,
        about=format_html('<a href="{}">{}</a>', about.url, about.words) if about else "",
        words=format_html_join("", "<span>{}</span>", ((word,) for word in words)),
    )
    later = _asks(url, what, "snooze", "l", "clock", _("Later"), _("Put off:"))
    away = _asks(url, what, "hand-off", "a", "handoff", _("Hand off"), _("Hand off:"))
    do = format_html('<div class="do">{}{}</div></li>', later, "" if receiver else away)
    return Known(url, customer_url, html, do)


def _words(kind, priority, queue, origin, says_kind):
    # Of what was made for something that thing says more than the kind.
    words = [Task.Kind(kind).label] if says_kind else []
    if priority < Task.Priority.NORMAL:
        words.insert(0, Task.Priority(priority).label)
    if queue:
        words.append(queue)
    if origin != Task.Origin.HAND and says_kind:
        words.append(Task.Origin(origin).label)
    return words


def _tick(url, what, needs_outcome):
    tip, said = _("Done"), _("Mark done:")
    if needs_outcome:
        return _asks(url, what, "complete", "e", "check", tip, said, classes="tickoff")
    return format_html(_TICK, url=url, tip=tip, icon=svg("check"), said=said, what=what)


def _asks(url, what, path, key, icon, tip, said, classes="btn quiet square sm"):
    """Draw what asks for a form in the dialog beside the list."""
    words = {"url": url, "what": what, "icon": svg(icon)}
    return format_html(_ASKS, path=path, key=key, tip=tip, said=said, classes=classes, **words)
