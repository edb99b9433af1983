"""Customers who were typed in twice: found, merged, and removed; and a contact who left."""

from datetime import date
from decimal import Decimal

from apps.accounts import actions
from apps.accounts.models import Account
from apps.desk.demo.heroes import COBALT, KESTREL, LARKSPUR
from apps.history import actions as history
from apps.users.models import User

LONDON = "Europe/London"
# The customer who was there, the name and reference under which they were added once more, by
# which of their numbers, and what they pay.
AGAIN = [
    (LARKSPUR, "Larkspur Dental Ltd", "LD-21077", "Nadia Rahman", "+441614960942", 249),
    (COBALT, "Cobalt Climbing Leeds", "CC-21063", "Bea Lindqvist", "+441144960921", 95),
    (KESTREL, "Kestrel Cycle Repairs", "KC-21041", "Imogen Hart", "+441614960951", 139),
]
REMOVED = [
    ("Test customer", "TEST-1", "A test entry from the training."),
    ("Foxglove Florist", "FF-21052", "A supplier of ours, not a customer."),
]
COUNT = len(AGAIN) + len(REMOVED)


def make(clock):
    """Add them, as people do who did not search first; in a workspace with the stories' heroes."""
    if Account.objects.filter(reference=KESTREL.reference).count() == 0:
        return
    amara, helen = (User.objects.get(email=f"{name}@demo.example") for name in ("amara", "helen"))
    for days, (_first, name, reference, who, phone, mrr) in zip((6, 5, 9), AGAIN, strict=True):
        added = clock.at(days, 40_000, LONDON)
        account = _add(name, reference, mrr, by=amara, at=added)
        actions.add_contact(account, by=amara, at=added, name=who, phone=phone)
    _merge(account, by=helen, clock=clock)
    for days, (name, reference, reason) in enumerate(REMOVED, start=2):
        account = _add(name, reference, 0, by=amara, at=clock.at(days + 1, 36_000, LONDON))
        actions.remove_account(account, reason=reason, by=helen, at=clock.at(days, 50_000, LONDON))
    cobalt = Account.objects.get(reference=COBALT.reference)
    left = actions.add_contact(
        cobalt, by=amara, at=clock.at(30, 45_000, LONDON), name="Tam Whitfield", title="Rota"
    ).contact
    actions.remove_contact(left, by=amara, at=clock.at(4, 41_000, LONDON))


def _add(name, reference, mrr, *, by, at):
    return actions.create(
        by=by,
        at=at,
        name=name,
        reference=reference,
        started_on=date(at.year, at.month, 1),
        stage="onboarding",
        mrr=Decimal(mrr),
        currency="GBP",
        time_zone=LONDON,
        owner=by,
        team=by.team,
    )


def _merge(account, *, by, clock):
    """Let Kestrel's second record become part of the first, which takes its plan."""
    at = clock.at(8, 47_000, LONDON)
    history.add_note(
        account.timeline, text="Wants the workshop on the invoice.", by=account.owner, at=at
    )
    account = actions.edit(account, by=account.owner, at=at, plan="Shop Team Plus")
    kept = Account.objects.get(reference=KESTREL.reference)
    actions.merge(kept, account, take=["plan"], by=by, at=clock.at(2, 52_000, LONDON))
