"""The fields that Tidewell invented for itself, and what its customers say in them."""

import random
from datetime import timedelta

from apps.accounts import actions
from apps.accounts.models import CustomField, FieldKind

BODIES = {
    "Health": (
        *("Care Register", "Dental Guild", "Eye Care Council", "Hearing Trust"),
        *("Physio Society", "Vets’ Circle"),
    ),
    "Fitness": ("Climbing Council", "Fitness Union", "Pools & Lanes", "Yoga Register"),
    "Retail": ("Bookshops United", "Cycle Trade", "Traders’ League"),
    "Beauty": ("Barbers’ Circle", "Hair & Beauty Guild", "Nail Council"),
    "Hospitality": ("Inns & Rooms", "Kitchen Table Association", "Tour Guides’ Union"),
    "Education": ("Drivers’ Tuition", "Early Years Network", "Music Teachers", "Tutors’ Register"),
}
GREETINGS = [
    "Good morning, you have reached us between two bookings.",
    "Hello and welcome back",
    "Hiya, how can we help?",
    "You are through to the front desk",
    "Thanks for calling, what can we fit in for you?",
]
PLACE, CONTRACT = "Their place", "Contract"
FIELDS = [
    {
        "key": "chairs",
        "label": "Chairs",
        "kind": FieldKind.NUMBER,
        "group": PLACE,
        "hint": "Chairs, rooms or lanes that can be booked.",
        "is_required": True,
    },
    {"key": "card_reader", "label": "Card reader", "kind": FieldKind.YES_NO, "group": PLACE},
    {"key": "booking_link", "label": "Booking link", "kind": FieldKind.LINK, "group": PLACE},
    {
        "key": "greeting",
        "label": "Favourite greeting",
        "kind": FieldKind.TEXT,
        "group": PLACE,
        "hint": "How they answer the phone.",
    },
    {"key": "contract_ends", "label": "Contract ends", "kind": FieldKind.DATE, "group": CONTRACT},
    {"key": "setup_fee", "label": "Setup fee", "kind": FieldKind.MONEY, "group": CONTRACT},
    {
        "key": "sector_body",
        "label": "Sector body",
        "kind": FieldKind.CHOICE,
        "group": CONTRACT,
        "choices": [body for bodies in BODIES.values() for body in bodies],
        "hint": "Some give their members a better price.",
    },
]


def define(at):
    """Define the fields, as an admin would have done."""
    for position, field in enumerate(FIELDS, start=1):
        actions.add_field(CustomField(**field, position=position), by=None, at=at)


def values(who, today):
    """Return what a customer says in them: most say something, few say all.

    Args:
        who: the customer.
        today: the demo's last day.
    """
    # Chance of its own, so that no other part of the story hangs on these fields.
    rng = random.Random(who.reference)  # noqa: S311
    ends = today + timedelta(days=rng.randrange(-40, 700))
    said = {
        "chairs": rng.choices((1, 2, 3, 4, 6, 8, 12, 20), (10, 20, 25, 18, 12, 8, 5, 2))[0],
        "card_reader": rng.random() < 0.6,
        "booking_link": f"https://book.{who.domain}/",
        "greeting": rng.choice(GREETINGS),
        "contract_ends": ends.isoformat(),
        "setup_fee": rng.choice((0, 49, 99, 149.5, 249)),
        "sector_body": rng.choice(BODIES.get(who.industry, BODIES["Retail"])),
    }
    known = (0.85, 0.9, 0.7, 0.25, 0.8, 0.75, 0.8)
    return {
        key: value
        for (key, value), share in zip(said.items(), known, strict=True)
        if rng.random() < share
    }
