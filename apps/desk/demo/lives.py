"""Chance: what becomes of an ordinary customer in eighteen months."""

import random
from datetime import timedelta
from decimal import Decimal
from operator import itemgetter

from apps.desk.demo import commitments, endings, matters, win_backs, words
from apps.desk.demo.clock import DAYS
from apps.desk.demo.story import Life

# How likely a call ends well, by what it is about; in the field's own experience.
STAYS = {
    "Price": 0.66,
    "Missing feature": 0.55,
    "Support": 0.72,
    "Reliability": 0.64,
    "Competitor": 0.5,
    "Business change": 0.26,
    "Not using it": 0.56,
    "Getting started": 0.74,
    "Not feeling valued": 0.72,
}
HOW_OFTEN = {
    "Price": 28,
    "Missing feature": 14,
    "Support": 11,
    "Reliability": 9,
    "Competitor": 10,
    "Business change": 10,
    "Not using it": 9,
    "Getting started": 5,
    "Not feeling valued": 4,
}
IMPORT = "import customers.csv"
CHANNELS = (("phone", "email", "chat", "post"), (74, 15, 9, 2))
MOODS = (
    {
        "stayed": (10, 34, 34, 18, 4),
        "left": (22, 34, 32, 10, 2),
        "undecided": (8, 30, 44, 16, 2),
    },
    (1, 2, 3, 4, 5),
)


def live(world, who):
    """Tell one customer's life from chance and close it."""
    kind = world.rng.random()
    if kind < 0.62:
        life = _old(world, who, _owner(world, who))
        _grow(life, DAYS - 4)
    elif kind < 0.95:
        life = _new(world, who)
    else:
        life = _prospect(world, who)
    matters.tell(life)
    if life.churned_on:
        win_backs.tell(_aside(life), life)
    life.close()


def stay(world, who, owner):
    """Tell the life of somebody who has been there from the beginning and is well looked after."""
    life = _old(world, who, owner)
    _tend(life, DAYS - 4)
    day = world.rng.randrange(3, 60)
    _call(life, life.office(day), owner, _why(life), "stayed", 0)
    matters.tell(life)
    life.close()


def _old(world, who, owner):
    """They were customers already when Mainstay was introduced and their list imported."""
    rng = world.rng
    born, started = DAYS - rng.randrange(3), rng.randrange(560, 2600)
    life = Life(world, who, owner=owner, born=born, started=started)
    life.arrive(life.side.manager, source=IMPORT)
    return life


def _new(world, who):
    """They came within the eighteen months, and were new once."""
    rng = world.rng
    born = rng.randrange(24, DAYS - 6)
    interested = born - rng.randrange(4, 12)
    started = max(1, interested - rng.randrange(4, 13))
    life = Life(world, who, owner=_owner(world, who), born=born, started=started, stage="lead")
    by = life.owner or life.side.manager
    life.arrive(by)
    life.move("conversion", life.office(interested), by)
    life.move("onboarding", life.office(started), by)
    settled = started - rng.randrange(25, 60)
    if settled > 0:
        life.move("retention", life.office(settled), by)
        _grow(life, settled)
    else:
        _tend(life, started)
    return life


def _prospect(world, who):
    """They are thinking about it, some of them for long."""
    rng = world.rng
    born = rng.randrange(2, 150)
    life = Life(world, who, owner=_owner(world, who), born=born, stage="lead")
    by = life.owner or life.side.manager
    life.arrive(by)
    if born > 12 and rng.random() < 0.6:
        life.move("conversion", life.office(born - 8), by)
    _tend(life, born)
    return life


def _owner(world, who):
    """Somebody of the customer's team; now and then nobody yet."""
    if world.rng.random() < 0.03:
        return None
    return world.rng.choice(world.sides[who.team].agents)


def _by(life):
    """Mostly the owner picks up, sometimes a colleague of the same team."""
    rng = life.world.rng
    if life.owner is None or rng.random() < 0.2:
        return rng.choice(life.side.agents)
    return life.owner


def _grow(life, since):
    """What happens to somebody who is a customer since so many days ago."""
    _tend(life, since)
    rng = life.world.rng
    plan = [(day, _attempt) for day in _attempt_days(rng, since)]
    for chance, step in ((0.3, _change_price), (0.12, _hand_over), (0.035, _slip_away)):
        day = rng.randrange(1, max(2, since - 10))
        # Not right beside another step, nor a call-back after it: their order is beyond doubt.
        if rng.random() < chance and all(abs(day - other) > 11 for other, _ in plan):
            plan.append((day, step))
    # Some who were saved are gone before long, without another word.
    latest = min((day for day, _ in plan), default=0)
    if latest > 40 and rng.random() < 0.05:
        plan.append((latest - rng.randrange(12, 39), _slip_away))
    for day, step in sorted(plan, key=itemgetter(0), reverse=True):
        if not life.churned_on:
            step(life, day)


def _attempt_days(rng, since):
    """On which days they want to leave, if ever."""
    days, chance, last = [], 0.42, since - 8
    while last > 1 and rng.random() < chance:
        days.append(rng.randrange(1, last))
        chance, last = 0.3, days[-1] - 30
    return days


def _tend(life, since):
    """Permissions, notes, and the odd exception."""
    rng = life.world.rng
    for number, (_, somebody) in enumerate(life.contacts):
        _ask_permission(life, number, somebody, since)
    for _ in range(_notes(rng, since)):
        _note(life, rng.randrange(1, max(2, since - 1)))
    if rng.random() < 0.01:
        tier = rng.choice([each for each in ("standard", "mid", "high") if each != life.tier])
        reason = "Sends us many others" if tier != "standard" else "A discount hides their size"
        life.set_tier(life.office(since), life.side.manager, tier, reason)


def _notes(rng, since):
    """How many notes they get: the longer here the more, and a few are on the phone daily."""
    base = rng.randrange(3) + since // 150
    return base * 12 if rng.random() < 0.004 else base


def _ask_permission(life, number, somebody, since):
    rng = life.world.rng
    for channel, value, chance in (
        ("phone", somebody.phone, 0.6),
        ("email", somebody.email, 0.65),
        ("sms", somebody.phone, 0.15),
    ):
        if not value or rng.random() > chance:
            continue
        day, by = rng.randrange(max(1, since * 2 // 3), since + 1), _by(life)
        life.permit(number, channel, life.office(day), by, rng.choice(words.SOURCES))
        if day > 20 and rng.random() < 0.05:
            later = life.office(rng.randrange(1, day - 8))
            source = "Reply to an e-mail" if channel == "email" else "On a call"
            life.permit(number, channel, later, by, source, is_given=False)


def _note(life, day):
    rng = life.world.rng
    _, somebody = rng.choice(life.contacts)
    text = rng.choice(words.NOTES).format(who=somebody.name.removeprefix("Dr ").split()[0])
    late = rng.randrange(2, 9) if rng.random() < 0.03 else 0
    life.note(life.office(day), _by(life), text, days_late=late)


def _change_price(life, day):
    """A new yearly price."""
    factor = life.world.rng.choice([Decimal(each) for each in ("1.05", "1.08", "1.12", "0.8")])
    by = life.owner or life.side.manager
    life.reprice(life.office(day), by, (life.mrr * factor).quantize(Decimal(1)))


def _hand_over(life, day):
    """Another colleague looks after them from now on."""
    others = [agent for agent in life.side.agents if agent != life.owner]
    life.hand_over(life.office(day), life.side.manager, life.world.rng.choice(others))


def _slip_away(life, day):
    """They go without a call: a letter, or just silence after the last invoice."""
    at = life.office(day)
    life.leave(at.date() + timedelta(days=life.world.rng.randrange(45)), at, _by(life))


def _why(life):
    rng, reasons = life.world.rng, life.world.reasons
    weights = [HOW_OFTEN.get(each.category, 2) for each in reasons]
    return rng.choices(reasons, weights)[0]


def _attempt(life, day):
    """They want to leave: a call, and sometimes another one an hour or two later."""
    rng = life.world.rng
    why = _why(life)
    _drift(life, day, why)
    at, by = life.office(day), _by(life)
    contact = rng.randrange(len(life.contacts))
    outcome, case = _outcome(rng, why), None
    if rng.random() < 0.13:
        case = _call(life, at, by, why, "undecided", contact)
        if rng.random() < 0.5:
            _ring_back(life, why, contact)
            return
        at += timedelta(hours=rng.randrange(1, 3), minutes=rng.randrange(60))
    _call(life, at, by, why, outcome, contact, continues=case)
    if outcome == "undecided":
        _ring_back(life, why, contact)


def _ring_back(life, why, contact):
    """We ring when they asked us to, and they have made up their mind; lately one is forgotten."""
    rng = life.world.rng
    at = life.call_back_at + timedelta(minutes=rng.randrange(50))
    # Not so lately that the call would be moved to before it was asked for.
    age = life.world.clock.now - at
    if age > timedelta(hours=2) and (rng.random() > 0.1 or age > timedelta(days=21)):
        outcome = "stayed" if rng.random() < 0.7 else "left"
        _call(life, at, _by(life), why, outcome, contact)


def _drift(life, day, why):
    """Signs that somebody noticed before the call."""
    rng = life.world.rng
    if life.stage == "retention" and rng.random() < 0.45:
        stage = "test_drive" if why.category == "Competitor" else "wandering_eye"
        reason = rng.choice(words.WHY_STAGE[stage])
        life.move(stage, life.office(day + 4), _by(life), reason=reason)


def _outcome(rng, why):
    chance = STAYS.get(why.category, 0.6) * 1.09
    roll = rng.random()
    if roll < chance:
        return "stayed"
    return "left" if roll < chance + (1 - chance) * 0.86 else "undecided"


def _call(life, at, by, why, outcome, contact, continues=None):
    rng = life.world.rng
    weights, moods = MOODS
    answers = {
        "contact": contact,
        "channel": rng.choices(*CHANNELS)[0],
        "mood": rng.choices(moods, weights[outcome])[0] if rng.random() < 0.8 else None,
        "continues": continues,
    }
    if why.category == "Competitor" or rng.random() < 0.15:
        answers["competitor"] = rng.choice(life.world.competitors)
    if rng.random() < 0.15:
        answers["also"] = [rng.choice([each for each in life.world.reasons if each != why])]
    seconds = rng.randrange(95, 1300)
    if outcome == "left" or rng.random() < 0.12:
        answers["asked"] = rng.randrange(20, 240)
    date = None
    if outcome == "left":
        date = at.date() + timedelta(days=rng.choice((1, 7, 14, 30, 30, 30, 60, 90)))
    elif outcome == "undecided":
        later = (at + timedelta(days=rng.randrange(1, 9))).replace(minute=0, second=0)
        date = life.world.clock.working(later)
    said = _verbatim(life, why, outcome, answers)
    aside = _aside(life, life.calls)
    answers |= endings.words(aside, outcome, why.category)
    case = life.call(at, by, why, outcome, said, seconds=seconds, date=date, **answers)
    commitments.make(aside, life, case, by, outcome)
    return case


def _aside(life, what=""):
    """Return chance of its own, so that no other part of the story hangs on it."""
    return random.Random(f"aside {life.who.reference} {what}")  # noqa: S311


def _verbatim(life, why, outcome, answers):
    rng = life.world.rng
    _, competitor = answers.get("competitor") or (None, "Somebody else")
    sign = {"GBP": "£", "USD": "$", "EUR": "€"}[life.who.currency]
    text = rng.choice(words.VERBATIMS.get(why.category, words.ANY))
    said = text.format(rise=f"{sign}{life.mrr // 6 + 3:.0f}", competitor=competitor)
    return said + rng.choice(words.AFTER[outcome])
