"""Calls that agents have begun and not logged yet, as they find them on Today."""

from datetime import timedelta

from apps.accounts.models import Account
from apps.reasons.models import Reason
from apps.saves import actions
from apps.saves.actions import drafts
from apps.users.models import User

# Who, with whom, how long ago, what it was about, and what was written down so far.
BEGUN = [
    (
        *("amara", "Quayside Barbers", timedelta(minutes=50), "Not using it"),
        {"verbatim": "We are back on the paper diary since August, all five of us.", "mood": "3"},
    ),
    (
        *("amara", "Saltmarsh Kitchens", timedelta(hours=20), "Price"),
        {
            "verbatim": "The kitchen next door pays less for the same, says Ade.",
            "outcome": "undecided",
            "waits_for": "What the smaller plan would cost him.",
        },
    ),
    (
        *("rhodri", "Cobalt Climbing", timedelta(hours=3), "Missing feature"),
        {"verbatim": "Bea asks again for deposits on birthday parties."},
    ),
]


def make(now):
    """Let agents begin calls, where the customers are there."""
    people = {each.email.split("@")[0]: each for each in User.objects.select_related("team")}
    for who, name, ago, category, words in BEGUN:
        account = Account.objects.live().filter(name=name).first()
        reason = _reason(category)
        if account and reason:
            begun, by = now - ago, people[who]
            answers = {"category": str(reason.category.position), "reason": str(reason.pk)} | words
            opening = actions.open_call(account, by=by, at=begun)
            drafts.keep(
                opening,
                by=by,
                at=begun + timedelta(minutes=4),
                answers={"channel": ["phone"], **{key: [text] for key, text in answers.items()}},
                version=0,
            )


def _reason(category):
    """Return the first reason of a category that is in use."""
    rows = Reason.objects.filter(retired_at=None, category__retired_at=None)
    rows = rows.filter(category__name=category).select_related("category")
    return rows.order_by("position", "pk").first()
