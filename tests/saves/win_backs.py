"""Customers who leave, and what history says of winning them back."""

import uuid
from datetime import date

from apps.history.models import Event
from apps.saves import actions

LEAVES = date(2026, 7, 1)


def log(account, agent, reason, at, outcome="left", **answers):
    given = {"verbatim": "Too dear.", "seconds": 90, "outcome": outcome} | answers
    if outcome == "left":
        given = {"leaves_on": LEAVES} | given
    worth = {name: getattr(account, name) for name in ("mrr", "currency", "tier", "stage")}
    opening = actions.Opening(key=uuid.uuid4(), account_id=account.pk, at=at, **worth)
    return actions.log(opening, by=agent, at=at, reason=reason, **given)


def told(account, kind="saves.win_back_planned"):
    events = Event.objects.on(account.timeline_id).filter(kind=kind).order_by("pk")
    return [event.payload for event in events]
