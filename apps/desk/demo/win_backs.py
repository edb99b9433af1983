"""What would bring back those who left, as far as somebody thought about it."""

from datetime import timedelta

CHANGED = {
    "Price": ["There is a plan for one room since spring.", "The rise was taken back for schools."],
    "Missing feature": ["Deposits are there since last month.", "Rooms have their own calendars."],
    "Support": ["Every customer has one person to call now."],
    "Reliability": ["No outage since the move to the new servers."],
    "Competitor": ["The calendar was redrawn.", "Their new supplier raised its price."],
    "Business change": ["They open again in spring.", "The buyer looks for a system."],
    "Not using it": ["The front desk has somebody new, who knew us from before."],
    "Getting started": ["The import reads spreadsheets now, without a template."],
    "Not feeling valued": ["Old customers get the price of new ones."],
}
UNCERTAIN = [
    "Whether they signed for a year elsewhere.",
    "Who decides since the manager left.",
    "Whether they still have their old data.",
    "Whether it was the price at all, or how we told them.",
]
PATH = [
    "One evening class with deposits, set up together in twenty minutes.",
    "Their old bookings are back on the first day.",
    "One site for a month, then they decide.",
    "A call with somebody who came back, before any offer.",
]
SILENT = ["The card ran out and nobody answered.", "Notice by letter, without a reason."]


def tell(rng, life):
    """Let a colleague write down what would bring back a customer who left, or let them rest.

    Args:
        rng: the source of chance.
        life: of somebody who left or is about to.
    """
    plan, clock = life.win_back, life.world.clock
    by = life.owner or life.side.manager
    began = plan.at if plan else clock.dawn(life.churned_on, by.zone)
    days = (clock.now - began).days
    if days < 6 or (plan is None and rng.random() < 0.7):
        return
    at = life.office(rng.randrange(1, min(days - 3, 40)))
    roll, is_silent = rng.random(), plan is None
    plan = plan or life.begin_win_back(at, None, rng.choice(SILENT))
    over = (clock.today - plan.not_before).days
    # Most of those who could have been asked long ago were, and were left in peace then.
    if over > 60 and roll < 0.85:
        life.plan_win_back(at, by, **_thoughts(rng, life, 1))
        life.rest_win_back(at + timedelta(minutes=2), by)
    elif is_silent or roll < 0.6:
        ahead = rng.choice((-2, 0, 3, 9, 20, 30, 45, 60))
        next_on = clock.working(max(clock.today, plan.not_before) + timedelta(days=ahead))
        # Nobody plans a day that is over.
        next_on = max(next_on, at.date() + timedelta(days=1))
        life.plan_win_back(at, by, **_thoughts(rng, life, 3), next_on=next_on)


def _thoughts(rng, life, most):
    texts = {
        "what_changed": rng.choice(CHANGED.get(life.win_back.category, UNCERTAIN)),
        "still_uncertain": rng.choice(UNCERTAIN),
        "path_to_value": rng.choice(PATH),
    }
    names = rng.sample(list(texts), rng.randrange(1, most + 1))
    return {name: text for name, text in texts.items() if name in names}
