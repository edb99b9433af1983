"""The page of notifications: what happened, with whom, and where to read it."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts import family
from apps.accounts.models import Account
from apps.core import pages
from apps.desk.queries import customer
from apps.history.models import Event
from apps.notifications import queries as notifications

SIZE = 25


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification as its page shows it."""

    pk: int
    why: str
    event: Event
    created_at: datetime.datetime
    is_unread: bool
    customer: str  # or a sentence, where it is about none or many; "" for one who is gone
    url: str  # "" for a customer who was removed


@dataclass(frozen=True)
class Listing:
    """A page of notifications, by day."""

    days: list
    unread_only: bool
    newest: int | None  # up to which everything can be marked read
    newer: str | None
    older: str | None


def listing(user, *, unread_only, cursor):
    """Read one page of what somebody was told, newest first.

    Args:
        user: the person.
        unread_only: leaves out what they have read.
        cursor: which page.
    """
    rows = notifications.of(user)
    rows = rows.unread() if unread_only else rows
    _, mark = pages.read(cursor)
    if mark and not isinstance(mark[0], int):  # a cursor of another list
        cursor = ""
    rows = rows.select_related("event__actor")
    page = pages.keyset(rows, key="pk", descending=True, cursor=cursor, size=SIZE)
    customers = _customers({row.event.timeline_id for row in page.rows}, user=user)
    days = groupby(page.rows, key=lambda row: timezone.localtime(row.created_at).date())
    return Listing(
        days=[(day, [_notice(row, customers) for row in rows]) for day, rows in days],
        unread_only=unread_only,
        newest=page.rows[0].pk if page.rows else None,
        newer=page.newer,
        older=page.older,
    )


def _customers(timelines, *, user):
    """Return (name, id or None when removed) by timeline."""
    rows = Account.objects.in_sight_of(user).filter(timeline__in=timelines)
    rows = rows.values_list("timeline", "name", "pk", "removed_at")
    return {timeline: (name, None if gone else pk) for timeline, name, pk, gone in rows}


def list_url(event):
    """Return the list that an event on no customer's timeline leads to; "" for any other one."""
    if event.kind not in _LISTS:
        return ""
    url, query, _words = _LISTS[event.kind]
    return reverse(url) + query


def _given(row):
    count = row.event.payload["count"]
    text = ngettext(
        "%(name)s gave you %(count)s customer", "%(name)s gave you %(count)s customers", count
    )
    return _("Your customers"), text % {"name": row.event.actor, "count": f"{count:,}"}


def _withdrawn(row):
    text = _("Customers doesn’t open with %(name)s for you any more")
    return _("Your list"), text % {"name": row.event.payload["name"]}


def _late(row):
    words = {
        "given": _("Several late tasks are yours now"),
        "taken": _("Several late tasks of yours were given to others"),
    }
    return row.get_why_display(), words.get(
        row.event.payload.get("did"), _("Several tasks are late")
    )


def _many(row):
    name, count = row.event.actor, row.event.payload["count"]
    texts = {
        "given": ngettext(
            "%(name)s gave you %(count)s task", "%(name)s gave you %(count)s tasks", count
        ),
        "taken": ngettext(
            "%(name)s gave %(count)s of your tasks to others",
            "%(name)s gave %(count)s of your tasks to others",
            count,
        ),
        "moved": ngettext(
            "%(name)s moved %(count)s of your tasks",
            "%(name)s moved %(count)s of your tasks",
            count,
        ),
        "cancelled": ngettext(
            "%(name)s cancelled %(count)s of your tasks",
            "%(name)s cancelled %(count)s of your tasks",
            count,
        ),
        "reopened": ngettext(
            "%(name)s opened %(count)s of your tasks again",
            "%(name)s opened %(count)s of your tasks again",
            count,
        ),
    }
    text = texts[row.event.payload["did"]]
    return _("Your tasks"), text % {"name": name, "count": f"{count:,}"}


def _through(row):
    return _("Your change to many tasks"), row.event.payload["label"]


# The list, what it is asked, and what says why somebody is told and of what.
_LISTS = {
    "accounts.customers_given": ("desk:customers", "?owner=me", _given),
    "desk.view_withdrawn": ("desk:customers", "", _withdrawn),
    "tasks.escalated_together": ("tasks:mine", "", _late),
    "tasks.many_changed": ("tasks:mine", "", _many),
    "tasks.many_through": ("tasks:team-changes", "", _through),
}


def _notice(row, customers):
    if url := list_url(row.event):
        *_list, words = _LISTS[row.event.kind]
        why, name = words(row)
    else:
        why = row.get_why_display()
        name, account_id = customers.get(row.event.timeline_id, ("", None))
        url = reverse("desk:entry", args=[account_id, row.event_id]) if account_id else ""
    return Notice(
        pk=row.pk,
        why=why,
        event=row.event,
        created_at=row.created_at,
        is_unread=row.read_at is None,
        customer=name,
        url=url,
    )


def place(account, event):
    """Return the address at which a customer's timeline shows an entry.

    The newest entries are on the customer's own page; an older one begins a page of its own.

    Args:
        account: the customer, or one who was given up in favour of another.
        event: an event on their timeline.
    """
    shown = account.merged_into or account
    url = shown.get_absolute_url()
    events = Event.objects.on(*family.of(shown).timelines).only("happened_at")
    above = pages.keyset(
        events,
        key="happened_at",
        descending=True,
        cursor=pages.above(event, "happened_at"),
        size=customer.SIZE - 1,
    )
    start = f"?at={above.older}" if above.newer else ""
    return f"{url}{start}#event-{event.pk}"
