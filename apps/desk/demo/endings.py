"""How calls end, in words: why they stay, what would bring them back, what they wait for."""

# By category, as the list of reasons names it; others fit everybody.
STAY_BECAUSE = {
    "Price": [
        "The old price for one more year.",
        "The smaller plan does all they need.",
        "Two seats less, and nothing else changes.",
    ],
    "Missing feature": [
        "The waiting list does nearly the same; we set it up together.",
        "The date of the deposits, in writing.",
    ],
    "Support": ["One person to call, by name.", "The ticket was solved while we talked."],
    "Reliability": ["Reminders are right again; they saw it themselves.", "A credit for the day."],
    "Competitor": ["Moving would cost them the summer.", "Their team knows ours by heart."],
    "Business change": ["A break until they open again.", "The smaller plan for the winter."],
    "Not using it": ["Two short trainings for the front desk.", "Their diary was imported."],
    "Getting started": ["We do the import for them.", "A set-up call tomorrow, with a person."],
    "Not feeling valued": ["Somebody listened.", "The price that new customers get."],
}
BACK_IF = {
    "Price": ["the price is what it was", "there is a plan for one room"],
    "Missing feature": ["deposits can be taken", "two rooms no longer book each other out"],
    "Support": ["somebody answers who can decide"],
    "Reliability": ["a whole summer passes without a lost Saturday"],
    "Competitor": ["the other one disappoints them", "the calendar looks as tidy as theirs"],
    "Business change": ["they open again"],
    "Not using it": ["somebody sets it up with their team"],
    "Getting started": ["the old customers come along by themselves"],
    "Not feeling valued": ["loyalty is worth something"],
}
WAITS_FOR = [
    "Her partner, who is back on Monday.",
    "The accountant’s figures for the year.",
    "A quote from somewhere else.",
    "The owner’s word.",
    "Whether the second site opens at all.",
]


def words(rng, outcome, category):
    """Return what an agent wrote about an ending; now and then there was no time for it.

    Args:
        rng: the source of chance.
        outcome: stayed, left or undecided.
        category: what it was about.
    """
    if outcome == "left":
        said = {"export_help": rng.random() < 0.8} if rng.random() < 0.9 else {}
        return said | _one(rng, "back_if", BACK_IF.get(category, []), 0.65)
    if outcome == "stayed":
        return _one(rng, "stay_because", STAY_BECAUSE.get(category, []), 0.8)
    return _one(rng, "waits_for", WAITS_FOR, 0.8)


def _one(rng, name, texts, chance):
    return {name: rng.choice(texts)} if texts and rng.random() < chance else {}
