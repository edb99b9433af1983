"""What is asked of the server."""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from apps.accounts.models import Account
from apps.core.pages import keyset
from apps.history.models import Event
from apps.reasons.models import Category
from apps.tasks.models import Task

# Times the empty page.
A_PAGE, A_SAVE = 2.5, 3


@dataclass(frozen=True)
class Question:
    """A page that is asked for again and again."""

    name: str
    path: str
    limit: float = A_PAGE
    whose: str = "agent"  # or a manager, who sees more
    headers: dict = field(default_factory=dict)


# Of the fields that the demo defines.
_OWN = {
    "cf_sector_body": "Dental Guild",
    "cf_card_reader": "yes",
    "cf_chairs_from": 2,
    "cf_contract_ends_from": "2026-01-01",
    "cf_setup_fee_to": 200,
}
# What a saved view of about a fifth of the customers opens.
_A_VIEW = {
    "tier": "mid",
    "status": "customer",
    "sort": "-mrr",
    "columns": "stage.mrr.owner.team.industry.plan.renews.touch",
}

_ON_WATCH = {
    "watch": ["deflected", "verified_30", "verified_90", "unknown"],
    "sort": "-mrr",
    "columns": "stage.watch.mrr.owner.renews.touch",
}


def questions():
    """Return the pages whose time and queries have a limit."""
    middle = _in_the_middle()
    customers, today = reverse("desk:customers"), reverse("desk:today")
    word = middle.name.split()[-1]
    team = reverse("tasks:team")
    fragment = {"HX_Request": "true", "HX_Target": "caller-results"}

    def listed(**asked):
        return f"{customers}?{urlencode(asked, doseq=True)}"

    return [
        Question("list", listed(view="all")),
        Question("list, filtered", listed(owner="me", tier=["mid", "high"], sort="-mrr")),
        Question("list, half-way down", listed(at=_half_way())),
        Question("list, five custom fields", listed(**_OWN)),
        Question("list, a view of 20,000", listed(**_A_VIEW)),
        Question("list, saves on watch", listed(**_ON_WATCH)),
        Question("search, one customer", listed(q=middle.name)),
        Question("search, a common word", listed(q=word)),
        Question("search, a slip of the finger", listed(q=_slip(middle.name))),
        Question("today", today),
        Question("today, who is calling", f"{today}?{urlencode({'q': word})}", headers=fragment),
        Question("my queue", reverse("tasks:mine")),
        Question("team queue", reverse("tasks:team"), whose="manager"),
        Question("team queue, all teams", f"{team}?team=all", whose="manager"),
        Question("team queue, half-way down", f"{team}?{_far()}", whose="manager"),
        Question("team queue, by person", f"{team}?team=all&by=person", whose="manager"),
        Question("customer, a busy one", reverse("desk:customer", args=[_busiest()])),
        Question("save page", reverse("saves:new", args=[_busiest()])),
    ]


def _in_the_middle():
    """Some customer who is neither the first nor the last, with a name of two words or more."""
    rows = Account.objects.live().filter(name__contains=" ").order_by("pk")
    return rows[rows.count() // 2]


def _half_way():
    """The cursor of the page in the middle of the list."""
    rows = Account.objects.live().only("name_key")
    return keyset(rows, key="name_key", size=max(1, rows.count() // 2)).older


def _far():
    """The question for the page in the middle of everybody's open tasks."""
    rows = Task.objects.open().only("due_at")
    at = keyset(rows, key="due_at", size=max(1, rows.count() // 2)).older
    return urlencode({"team": "all", "at": at})


def _slip(name):
    """Swap two letters, as fast fingers do."""
    return name[:3] + name[4] + name[3] + name[5:]


def _busiest():
    live = Account.objects.live().values("timeline")
    rows = Event.objects.filter(timeline__in=live)
    rows = rows.values("timeline__account").annotate(count=Count("id"))
    return rows.order_by("-count", "timeline__account")[0]["timeline__account"]


class Saves:
    """Logs one save after the other, each of another customer, with the page opened before.

    Args:
        browser: signed in.
    """

    def __init__(self, browser):
        self.browser = browser
        accounts = Account.objects.live().filter(churned_on=None, started_on__isnull=False)
        self._accounts = cycle(accounts.order_by("-pk").values_list("pk", flat=True)[:2000])
        category = Category.objects.for_call()[0]
        reason = category.reasons.all()[0]
        self._answers = {
            "category": category.position,
            "reason": reason.pk,
            "verbatim": "The renewal came in higher, and half of our bookings come by phone.",
            "channel": "phone",
            "mood": 3,
            "outcome": "stayed",
            "length": "05:12",
        }

    def log(self):
        """Open the page, then save; the answer is the one to saving."""
        path = reverse("saves:new", args=[next(self._accounts)])
        page = self.browser.get(path).body.decode()
        opening = unescape(re.search(r'name="opening" value="([^"]*)"', page)[1])
        return self.browser.post(path, {"opening": opening, **self._answers})
