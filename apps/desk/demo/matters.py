"""What matters to customers: why they stay, what the sale promised, days worth a mark."""

import random
from datetime import timedelta

SALES = ("Ben Ford, sales", "Priya Nair, sales", "Owen Pryce, sales")
DRIVERS = {
    "convenience": (
        "One person runs the desk; it has to look after itself.",
        "They book at night, from the sofa, and so do their customers.",
        "Everything in one place, or they go back to the paper diary.",
    ),
    "recognition": (
        "They want to be asked before something changes.",
        "Being a case study meant more to them than a discount.",
        "They remember who sent a card after the flood.",
    ),
    "reliability": (
        "A reminder that is late costs them an empty hour.",
        "It has not failed on a Saturday yet, and must not.",
        "They left their last supplier after one lost weekend.",
    ),
}
SAID = {
    "problem": (
        "Empty hours between two bookings, every week.",
        "Nobody picks up while everybody is with a customer.",
        "Takings differ from the diary at the end of each month.",
    ),
    "wants": (
        "Fewer calls in the morning.",
        "A waiting list that fills itself.",
        "One bill for all their places.",
    ),
    "beliefs": (
        "Software should never talk to their customers in its own name.",
        "A small business is better served by small suppliers.",
    ),
    "values": ("Plain words, and a person who picks up.", "Everybody goes home at six."),
    "desires": ("A second place, run by somebody they trust.", "August off, all of it."),
}
PROMISES = (
    "Their old bookings come along.",
    "A call after the first month.",
    "Reminders in their own words.",
    "The price stays for two years.",
)
DAYS = (
    ("Moved to the new booking page without losing a booking.", "good"),
    ("The card reader failed on their busiest day.", "bad"),
    ("Reminders went out twice; half of their customers rang.", "bad"),
    ("A new manager started.", "info"),
    ("They opened a second place.", "good"),
)


def tell(life):
    """Let a customer from chance have said some of it: a third say what keeps them."""
    # Chance of its own, so that no other part of the story hangs on it.
    rng = random.Random(f"matters {life.who.reference}")  # noqa: S311
    roll, by = rng.random(), life.owner or life.side.manager
    if roll > 0.35 or not life.started or life.started < 40:
        return
    # No earlier than the record itself, and well before today.
    days = min(life.started, (life.world.clock.now - life.created_at).days) - 2
    day = rng.randrange(20, max(21, days))
    who = rng.choice(life.contacts)[1].name
    at = life.at(day, rng.randrange(34_200, 61_200))
    driver = rng.choice(list(DRIVERS))
    why = rng.choice(DRIVERS[driver])
    if roll < 0.15:
        promises = rng.sample(PROMISES, rng.randrange(1, 3))
        said = [("value_driver", why, driver), *(("expectation", each, "") for each in promises)]
        life.take_over(at, by, rng.choice(SALES), said)
    else:
        life.learn(at, by, "value_driver", why, who, driver=driver)
    for topic in rng.sample(list(SAID), rng.randrange(3)):
        life.learn(at + timedelta(minutes=9), by, topic, rng.choice(SAID[topic]), who)
    if roll < 0.06:
        text, tone = rng.choice(DAYS)
        life.annotate(at - timedelta(days=3), by, text, tone, recorded_at=at)
