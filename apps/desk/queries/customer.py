"""The customer page: the record, its people, its cases, and its timeline."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.accounts.models import Status
from apps.core.pages import keyset
from apps.history import kinds
from apps.history.models import Event
from apps.saves.models import SaveCase

SIZE = 15
CASES = 3


@dataclass(frozen=True)
class Chip:
    """One filter of the timeline."""

    key: str
    label: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class TimelinePage:
    """A page of a customer's history, by day."""

    days: list
    chips: list
    show: str
    newer: str | None
    older: str | None
    first_day: object


@dataclass(frozen=True)
class CustomerPage:
    """Everything the customer page shows besides the account itself."""

    status: str
    left_on: object
    contacts: list
    identities: list
    cases: list
    timeline: TimelinePage


def customer_page(account, *, at, show="", cursor=""):
    """Read the customer page.

    Args:
        account: from `for_page()`.
        at: now.
        show: key of a timeline filter, or "" for everything.
        cursor: which page of the timeline.
    """
    status = account.status(at)
    return CustomerPage(
        status=status,
        left_on=account.churned_on if status == Status.CHURNED else None,
        contacts=accounts.contacts_of(account),
        identities=accounts.identities_of(account),
        cases=latest_cases(account),
        timeline=timeline(account.timeline, show=show, cursor=cursor),
    )


def latest_cases(account):
    """The last few times this customer wanted to leave."""
    return list(SaveCase.objects.of(account).for_list().newest_first()[:CASES])


def timeline(of, *, show="", cursor=""):
    """Read one page of a timeline, grouped by the day it happened, in the reader's zone."""
    counts = _counts(of)
    show = show if show in kinds.GROUPS else ""
    events = Event.objects.on(of).for_list()
    if show:
        events = events.of_kinds(kinds.in_group(show))
    page = keyset(events, key="happened_at", descending=True, cursor=cursor, size=SIZE)
    chips = [
        Chip(key, label, counts[key], key == show)
        for key, label in kinds.GROUPS.items()
        if counts.get(key) or key == show
    ]
    by_day = groupby(page.rows, key=lambda event: timezone.localdate(event.happened_at))
    days = [(day, list(events)) for day, events in by_day]
    return TimelinePage(days, chips, show, page.newer, page.older, days[-1][0] if days else None)


def _counts(of):
    """How many entries each filter would show."""
    found = Event.objects.on(of).values_list("kind").annotate(Count("id")).order_by()
    counts = dict.fromkeys(kinds.GROUPS, 0)
    for kind, count in found:
        counts[kinds.get(kind).group] += count
    return counts
