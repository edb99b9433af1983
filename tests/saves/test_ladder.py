"""The ladder of a save: any facts, in any order, learned at any time, in any zone."""

import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.history import actions as history
from apps.history.models import Event
from apps.saves import rules
from apps.saves.actions import watch
from apps.saves.models import Watch
from apps.saves.queries import watches
from tests.factories.accounts import AccountFactory
from tests.factories.saves import SaveCaseFactory, WatchFactory

DAY = timedelta(days=1)
# Around a leap day.
SAVED = datetime.date(2028, 1, 30)

days = st.integers(-20, 230).map(lambda count: SAVED + count * DAY)
leavings = st.tuples(days, st.none() | days)
facts = st.builds(
    rules.Facts,
    leavings=st.lists(leavings, max_size=3).map(tuple),
    attempts=st.lists(days, max_size=3).map(tuple),
    heard=st.lists(days, max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    ("day", "rung", "next_day"),
    [
        ("2028-01-30", "deflected", "2028-02-29"),
        ("2028-02-28", "deflected", "2028-02-29"),
        ("2028-02-29", "verified_30", "2028-04-29"),
        ("2028-04-28", "verified_30", "2028-04-29"),
        ("2028-04-29", "verified_90", "2028-07-28"),
        ("2028-07-28", "verified_180", None),
        ("2030-01-01", "verified_180", None),
    ],
)
def test_a_save_climbs_by_days_and_a_leap_day_is_one(day, rung, next_day):
    known = rules.Facts(heard=(SAVED + DAY,))

    step = rules.ladder(SAVED, datetime.date.fromisoformat(day), known)

    assert (step.rung, step.day) == (rung, 0)
    assert step.next_on == (next_day and datetime.date.fromisoformat(next_day))


@pytest.mark.parametrize(
    ("left", "tried", "ended"),
    [
        (10, None, ("left", 10)),
        (None, 10, ("tried_again", 10)),
        (12, 10, ("tried_again", 10)),
        (10, 12, ("left", 10)),
        (10, 10, ("left", 10)),
        (0, None, ("left", 0)),
        (30, None, ("left", 30)),
        (179, None, ("left", 179)),
        (180, None, ("verified_180", 0)),  # it was over by then
        (-1, 200, ("unknown", 0)),
    ],
)
def test_what_ends_a_save(left, tried, ended):
    known = rules.Facts(
        leavings=() if left is None else ((SAVED + left * DAY, None),),
        attempts=() if tried is None else (SAVED + tried * DAY,),
        heard=(SAVED + 5 * DAY,),
    )

    step = rules.ladder(SAVED, SAVED + 300 * DAY, known)

    assert (step.rung, step.day) == ended


@pytest.mark.parametrize(
    ("heard", "rung", "why"),
    [
        ([], "unknown", "silent"),
        ([0], "unknown", "silent"),  # on the day of the call
        ([-5], "unknown", "silent"),
        ([41], "unknown", "silent"),  # not yet
        ([1], "verified_30", ""),
        ([40], "verified_30", ""),
    ],
)
def test_without_a_word_since_nobody_knows(heard, rung, why):
    known = rules.Facts(heard=tuple(SAVED + each * DAY for each in heard))

    step = rules.ladder(SAVED, SAVED + 40 * DAY, known)

    assert (step.rung, step.why) == (rung, why)


def day_by_day(known, today):
    """Say where a save stands by living through each day, as a person would."""
    day = SAVED
    while day <= today and day < SAVED + 180 * DAY:
        if any(on == day and (back is None or back > on) for on, back in known.leavings):
            return "left", (day - SAVED).days
        if day in known.attempts:
            return "tried_again", (day - SAVED).days
        day += DAY
    passed = (today - SAVED).days
    if passed < 30:
        return "deflected", 0
    gone = any(on < SAVED and back is None for on, back in known.leavings)
    if gone or not any(SAVED < each <= today for each in known.heard):
        return "unknown", 0
    return f"verified_{max(rung for rung in (30, 90, 180) if rung <= passed)}", 0


@given(facts, st.integers(0, 250))
def test_the_rule_says_what_living_through_it_says(known, passed):
    today = SAVED + passed * DAY

    step = rules.ladder(SAVED, today, known)

    assert (step.rung, step.day) == day_by_day(known, today)
    assert bool(step.why) == (step.rung == "unknown")


@given(facts, st.integers(0, 250), st.randoms())
def test_facts_in_any_order_give_the_same_rung(known, passed, rng):
    today = SAVED + passed * DAY
    mixed = rules.Facts(*(tuple(rng.sample(each, len(each))) for each in vars(known).values()))

    assert rules.ladder(SAVED, today, mixed) == rules.ladder(SAVED, today, known)


@given(facts, st.integers(0, 250), st.lists(st.integers(0, 60), min_size=9, max_size=9))
def test_looking_when_it_is_due_and_when_something_comes_in_misses_nothing(known, passed, delays):
    """Every fact arrives on its day or later; the worker looks on no other days than due ones."""
    end, delay = SAVED + passed * DAY, iter(delays)
    arrivals = {
        name: [(max(day_of(name, fact), SAVED) + next(delay) * DAY, fact) for fact in values]
        for name, values in vars(known).items()
    }

    def learned(today):
        return rules.Facts(
            **{
                name: tuple(fact for arrived, fact in values if arrived <= today)
                for name, values in arrivals.items()
            }
        )

    coming = {arrived for values in arrivals.values() for arrived, _fact in values}
    today, step = SAVED, rules.ladder(SAVED, SAVED, learned(SAVED))
    while True:
        assert step.next_on is None or step.next_on > today
        looks = [day for day in {*coming, step.next_on} - {None} if today < day <= end]
        if not looks:
            break
        today = min(looks)
        step = rules.ladder(SAVED, today, learned(today))

    assert step[:3] == rules.ladder(SAVED, end, learned(end))[:3]


def day_of(name, fact):
    """The day on which a fact can be learned first: a leaving is said in advance."""
    if name != "leavings":
        return fact
    return fact[1] or SAVED


# --- Chains -----------------------------------------------------------------------


@st.composite
def calls(draw):
    """Calls of a customer at any moments, of which some continue another one."""
    found = []
    for pk in range(1, draw(st.integers(1, 7)) + 1):
        free = [each.pk for each in found if each.pk not in {other.continues for other in found}]
        continues = draw(st.none() | st.sampled_from(free)) if free else None
        hours = draw(st.integers(0, 4000))
        opened_at = datetime.datetime(2028, 1, 1, tzinfo=datetime.UTC) + timedelta(hours=hours)
        outcome = draw(st.sampled_from(["stayed", "left", "undecided"]))
        found.append(rules.Call(pk, opened_at, outcome, continues))
    return found


@given(calls(), st.randoms())
def test_a_chain_counts_once_by_what_was_said_last(found, rng):
    saves = rules.saves_among(rng.sample(found, len(found)))

    assert saves == rules.saves_among(found)
    continued = {call.continues for call in found}
    ends = [call for call in found if call.pk not in continued]
    assert sorted(call.pk for call, _later in saves) == [
        call.pk for call in ends if call.outcome == "stayed"
    ]
    by_pk = {call.pk: call for call in found}
    for call, later in saves:
        chain = {call.pk}
        earlier = call
        while earlier.continues:
            earlier = by_pk[earlier.continues]
            chain.add(earlier.pk)
        assert not chain & {each.pk for each in later}


# --- In the database ----------------------------------------------------------------

ZONES = [
    *("UTC", "Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"),
    # None whose clock a government moves from year to year: the two lists of zones may differ.
    *("Pacific/Pago_Pago", "Australia/Lord_Howe", "America/New_York"),
]
moments = st.datetimes(
    datetime.datetime(2027, 1, 1),  # noqa: DTZ001 - the strategy wants it so
    datetime.datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)
IN_DATABASE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@IN_DATABASE
@given(moments, st.sampled_from(ZONES), st.integers(-36, 36))
def test_days_are_those_of_the_customers_own_calendar(db, opened_at, zone, hours):
    """The day of the call, and the hour in which day 30 begins, by the database as by the rule."""
    with transaction.atomic():
        account = AccountFactory(time_zone=zone)
        SaveCaseFactory(account=account, opened_at=opened_at)
        watch.reckon(account, at=opened_at)
        found = Watch.objects.get()
        assert found.saved_on == opened_at.astimezone(ZoneInfo(zone)).date()

        at = opened_at + 30 * DAY + timedelta(hours=hours)
        has_come = at.astimezone(ZoneInfo(zone)).date() >= found.next_on
        assert watches.is_due(at) == has_come
        watch.reckon_due(at=at)
        assert Watch.objects.get().rung == ("unknown" if has_come else "deflected")
        transaction.set_rollback(True)


STEPS = st.lists(
    st.tuples(st.sampled_from(["case", "left", "note", "look"]), st.integers(1, 200)),
    max_size=5,
    unique_by=lambda step: step[1],  # two calls of one moment are told apart by their numbers
)


@IN_DATABASE
@given(STEPS, st.randoms())
def test_facts_that_arrive_in_any_order_lead_to_the_same_place(db, agent, now, steps, rng):
    """Cases brought in from elsewhere, old and new, and notes that are written down late."""
    end = now + 210 * DAY

    def place(order, *, reckons_between):
        account = AccountFactory(time_zone="America/New_York")
        SaveCaseFactory(account=account, opened_at=now)
        for kind, days_later in order:
            at = now + days_later * DAY
            if kind == "case":
                SaveCaseFactory(account=account, opened_at=at)
            elif kind == "left":
                SaveCaseFactory(account=account, opened_at=at, outcome="left", leaves_on=at.date())
            elif kind == "note":
                history.add_note(account.timeline, text="…", by=agent, at=end, happened_at=at)
            if reckons_between:
                watch.reckon(account, at=end)
        watch.reckon(account, at=end)
        events = Event.objects.filter(timeline=account.timeline, kind="saves.watch_changed")
        told = events.count()
        watch.reckon(account, at=end)
        assert events.count() == told  # twice is once
        rows = account.watches.order_by("saved_on", "rung", "day", "pk")
        return [
            (each.saved_on, each.rung, each.day, each.why, each.next_on) for each in rows
        ], account.watches.filter(is_last=True).count()

    with transaction.atomic():
        once = place(steps, reckons_between=False)
        assert place(rng.sample(steps, len(steps)), reckons_between=True) == once
        assert once[1] == 1
        transaction.set_rollback(True)


def test_a_watch_reads_as_its_case(db):
    found = WatchFactory()

    assert str(found) == f"Watch of case {found.case_id}"
