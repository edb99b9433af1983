"""What was said on calls that somebody of ours would do, and what became of it."""

from datetime import timedelta

# What, and what shows that it was done.
SAID = {
    "stayed": [
        ("Honour the old price on the next invoice", "The invoice shows the old price."),
        ("Send a credit note for the double charge", "Sent; it arrived the same day."),
        ("Call after the first week with the new set-up", "Called. They are content."),
        ("Set up reminders for the second site", "Both sites send on time now."),
        ("Ask the product team about deposits and write back", "Wrote back with the date."),
        ("Train two people at the front desk", "Forty minutes by phone; both can do it."),
        ("Move the renewal to the first of the month", "Changed; the contract says so."),
        ("Find out why the card reader drops out", "A new cable, and a quiet week since."),
        ("Take the unused seats off the invoice", "Two seats less on this month’s invoice."),
    ],
    "undecided": [
        ("Send the price of the smaller plan", "Sent while we were talking."),
        ("Write down what would change for the front desk", "One page, sent by e-mail."),
        ("Send the notice terms of their contract", "Sent with the page marked."),
    ],
    "left": [
        ("Send an export of all bookings", "They downloaded it."),
        ("Confirm the last invoice in writing", "Confirmed by e-mail."),
    ],
}
OFTEN = {"stayed": 0.5, "undecided": 0.35, "left": 0.3}
WAIVED = ["They found it themselves.", "They asked us to leave it.", "The new plan made it moot."]
MADE_GOOD = ["Done a day late, with an apology.", "Done at last; rang to say sorry."]


def make(rng, life, case, by, outcome):
    """Let an agent say on a call that somebody will do something, once or twice.

    Args:
        rng: the source of chance.
        life: the customer's.
        case: the call's id.
        by: the agent.
        outcome: how the call ended.
    """
    if rng.random() > OFTEN[outcome]:
        return
    for text, evidence in rng.sample(SAID[outcome], rng.choice((1, 1, 2))):
        others = [*life.side.agents, life.side.manager]
        owner = by if rng.random() < 0.75 else rng.choice(others)
        at = life.closed_at
        due_on = life.world.clock.working(at.date() + timedelta(days=rng.randrange(1, 15)))
        ends = _ends(rng, life, at, owner, due_on, evidence)
        life.commit(at, by, text, owner, due_on, case=case, is_visible=rng.random() < 0.85, **ends)


def _ends(rng, life, at, owner, due_on, evidence):
    """Say what became of it: most are kept, some waived, and one in eight is broken."""
    clock = life.world.clock
    over = clock.dawn(due_on + timedelta(days=1), owner.zone) + timedelta(seconds=40)
    roll, part = rng.random(), rng.random()
    waived, sorry, hours = rng.choice(WAIVED), rng.choice(MADE_GOOD), rng.randrange(9, 60)
    if roll < 0.88:
        state, words = ("kept", evidence) if roll < 0.82 else ("waived", waived)
        settled_at = _office_hours(clock, at, due_on, owner, part)
        ends = {"state": state, "settled_at": settled_at, "settled_by": owner, "evidence": words}
        return ends if settled_at <= clock.now else {}
    if over > clock.now:
        return {}
    ends = {"state": "broken", "settled_at": over}
    late = clock.working(over + timedelta(hours=hours))
    if part < 0.5 and late <= clock.now:
        ends |= {"made_good_at": late, "settled_by": owner, "evidence": sorry}
    return ends


def _office_hours(clock, at, due_on, owner, part):
    """Return a moment in office hours between a call and the end of the due day."""
    day = at.date() + (due_on - at.date()) * part
    day = due_on if day.weekday() > 4 else day
    return max(
        clock.dawn(day, owner.zone) + timedelta(hours=9 + 7 * part),
        at + timedelta(minutes=30),
    )
