"""From nothing to a workspace that looks eighteen months old."""

import random
from io import StringIO

from django.core.management import call_command
from django.db import transaction

from apps.accounts.models import Account, TierThreshold
from apps.desk.demo import (
    afterwards,
    book,
    commitment_tasks,
    doubles,
    drafts,
    escalation,
    heroes,
    lives,
    many,
    news,
    own_fields,
    people,
    shared_views,
    tasks,
    words,
    working_time,
)
from apps.desk.demo.clock import DAYS, Clock
from apps.desk.demo.customers import THRESHOLDS, Maker
from apps.desk.demo.story import Why, World
from apps.reasons.models import Competitor, Reason
from apps.workspace.models import Workspace

SEED = 20_418
# So many customers are held in memory at once.
CHUNK = 1000


@transaction.atomic
def load(size, *, now, progress):
    """Fill an empty workspace.

    Args:
        size: how many customers.
        now: the latest moment that anything carries.
        progress: told after each chunk how many customers are written.

    Returns:
        False when there are customers already and nothing was done.
    """
    book.lock()
    if Account.objects.exists():
        return False
    clock = Clock(now)
    Workspace.objects.get_or_create(id=1, defaults={"name": "Tidewell"})
    call_command("load_reasons", stdout=StringIO())
    TierThreshold.objects.bulk_create(THRESHOLDS.values(), ignore_conflicts=True)
    sides = people.make(clock.at(DAYS + 7, 36_000, "Europe/London"))
    working_time.make(now)
    own_fields.define(clock.at(DAYS + 7, 37_000, "Europe/London"))
    world = World(
        rng=random.Random(SEED),  # noqa: S311 - a story, not a secret
        clock=clock,
        book=book.Book(book.first_ids()),
        sides=sides,
        reasons=_reasons(),
        competitors=_competitors(),
    )
    for done in write(world, size):
        book.copy(world.book.empty())
        progress(done)
    book.finish()
    doubles.make(clock)
    drafts.make(now)
    afterwards.make(now)
    news.tell(now)
    commitment_tasks.make()
    tasks.make(now, size)
    escalation.make(now)
    shared_views.make(clock.at(40, 40_000, "Europe/London"))
    many.make(clock.at(3, 50_000, "Europe/London"))
    return True


def write(world, size):
    """Write lives into the world's book, and stop after each chunk so that it can be emptied.

    Yields:
        How many customers are in it by now.
    """
    for number, live in enumerate(_lives(world, size), start=1):
        live()
        if number % CHUNK == 0 or number == size:
            yield number


def _lives(world, size):
    maker = Maker(world.rng, heroes.ALL)
    for number in range(size):
        if number < len(heroes.WRITTEN):
            yield lambda tell=heroes.WRITTEN[number]: tell(world)
        elif number < len(heroes.WRITTEN) + len(heroes.OTHERS):
            who = heroes.OTHERS[number - len(heroes.WRITTEN)]
            yield lambda who=who: lives.stay(world, who, world.sides[who.team].agents[0])
        else:
            yield lambda: lives.live(world, maker.make())


def _reasons():
    rows = Reason.objects.filter(retired_at=None, category__retired_at=None)
    rows = rows.select_related("category").order_by("category__position", "position", "id")
    return [
        Why(row.pk, row.name, each.name, each.pk, row.solvable, row.win_back_days)
        for row in rows
        for each in [row.category]
    ]


def _competitors():
    known = {each.name: each.pk for each in Competitor.objects.all()}
    new = [Competitor(name=name) for name in words.COMPETITORS if name not in known]
    known |= {each.name: each.pk for each in Competitor.objects.bulk_create(new)}
    return [(known[name], name) for name in words.COMPETITORS]
