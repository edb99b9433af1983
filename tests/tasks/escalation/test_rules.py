"""Who is told of a task by now, and when to look again."""

import datetime
from datetime import timedelta

import pytest

from apps.calendars.rules import MONDAY_TO_FRIDAY, Hours
from apps.tasks.rules.escalation import (
    SOON,
    Person,
    Plan,
    Standing,
    Step,
    choose,
    decide,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEVER = Hours("UTC", ((),) * 7)
TOKYO = Hours("Asia/Tokyo", MONDAY_TO_FRIDAY.week)
PLAN = Plan(
    "All",
    at_risk_minutes=60,
    reminds=True,
    steps=(Step(1, 0), Step(2, 120), Step(3, 240, "both")),
)


def at(hour, minute=0, day=9):  # the 9th is a Tuesday
    return datetime.datetime(2026, 6, day, hour, minute, tzinfo=datetime.UTC)


OWNER, LEAD, MANAGER = (Person(pk, MONDAY_TO_FRIDAY) for pk in (11, 12, 13))
CREW = {1: OWNER, 2: LEAD, 3: MANAGER}


def standing(due_at, **more):
    return Standing(due_at, MONDAY_TO_FRIDAY, **({"people": CREW} | more))


def fired(verdict):
    return verdict.step and (verdict.step.number, verdict.person.pk)


def test_without_a_policy_nothing_ever_comes():
    assert decide(None, standing(at(9)), at(10)).look_at is None


def test_the_most_exact_policy_counts():
    every, urgent = Plan("Every"), Plan("Urgent", priority=1)
    calls, urgent_calls = Plan("Calls", kind="call"), Plan("Urgent calls", "call", 1)
    known = [every, urgent, calls, urgent_calls]

    assert choose(known, "call", 1) is urgent_calls
    assert choose(known, "call", 2) is calls
    assert choose(known, "email", 1) is urgent
    assert choose(known, "email", 2) is every
    assert choose([urgent_calls], "email", 1) is None


def test_a_night_does_not_count_for_the_risk():
    morning = standing(at(9, 30, day=10))

    assert fired(decide(PLAN, morning, at(16, 29))) is None
    assert fired(decide(PLAN, morning, at(16, 30))) == (0, 11)


def test_the_owner_is_reminded_once_when_it_is_at_risk():
    assert fired(decide(PLAN, standing(at(16)), at(15))) == (0, 11)
    assert fired(decide(PLAN, standing(at(16), is_reminded=True), at(15))) is None


def test_before_that_it_is_looked_at_when_so_much_time_has_passed_at_least():
    assert decide(PLAN, standing(at(16)), at(14, 40)).look_at == at(15)
    assert decide(PLAN, standing(at(16)), at(10)).look_at == at(11)  # people change meanwhile
    almost = at(14, 59) + timedelta(seconds=50)
    assert decide(PLAN, standing(at(16)), almost).look_at == almost + SOON


def test_nobody_is_reminded_at_night():
    due = at(9, 30, day=10)
    night = decide(PLAN, standing(due), at(8, 30, day=10))

    assert (night.step, night.look_at) == (None, at(9, day=10))
    assert fired(decide(PLAN, standing(due), at(9, day=10))) == (0, 11)


@pytest.mark.parametrize(
    ("plan", "people"),
    [
        (Plan("No reminder", at_risk_minutes=60, steps=PLAN.steps), CREW),
        (Plan("No band", reminds=True, steps=PLAN.steps), CREW),
        (PLAN, {2: LEAD}),
    ],
)
def test_who_is_not_to_be_reminded_is_not(plan, people):
    verdict = decide(plan, standing(at(16), people=people), at(15, 30))

    assert (verdict.step, verdict.look_at) == (None, at(16))


def test_at_the_moment_the_owner_is_told_then_the_lead_then_the_manager():
    first = decide(PLAN, standing(at(9)), at(9))
    assert fired(first) == (1, 11)
    told = {"told": {1: at(9)}, "told_people": frozenset({11})}
    assert decide(PLAN, standing(at(9), **told), at(10, 30)).look_at == at(11)
    assert fired(decide(PLAN, standing(at(9), **told), at(11))) == (2, 12)
    told = {"told": {1: at(9), 2: at(11)}, "told_people": frozenset({11, 12})}
    third = decide(PLAN, standing(at(9), **told), at(13))
    assert (fired(third), third.step.does, third.is_late) == ((3, 13), "both", False)


def test_after_the_last_level_nothing_more_comes():
    verdict = decide(PLAN, standing(at(9), told={3: at(10)}), at(16))

    assert (verdict.step, verdict.look_at) == (None, None)


def test_nobody_is_told_outside_their_own_working_time():
    owner = Person(11, TOKYO)  # nine to five there is midnight to eight here
    verdict = decide(PLAN, standing(at(9), people={1: owner}), at(23, 30))

    assert (verdict.step, verdict.look_at) == (None, at(0, day=10))
    assert fired(decide(PLAN, standing(at(9), people={1: owner}), at(0, day=10))) == (1, 11)


def test_it_is_looked_at_every_hour_while_somebody_is_not_at_work():
    friday_evening = at(17, 30, day=12)

    assert decide(PLAN, standing(at(17, day=12)), friday_evening).look_at == friday_evening + HOUR


def test_levels_without_anybody_and_people_told_before_are_passed_over():
    assert fired(decide(PLAN, standing(at(9), people={2: LEAD}), at(11))) == (2, 12)
    both = {1: OWNER, 2: OWNER, 3: MANAGER}  # a lead's own task
    told = {"told": {1: at(9)}, "told_people": frozenset({11})}
    assert fired(decide(PLAN, standing(at(9), people=both, **told), at(13))) == (3, 13)


def test_while_nobody_is_there_it_is_looked_at_again():
    verdict = decide(PLAN, standing(at(9), people={}), at(10))

    assert (verdict.step, verdict.look_at) == (None, at(11))


def test_after_a_day_on_which_nobody_looked_the_levels_keep_their_distance():
    late = decide(PLAN, standing(at(9)), at(9, day=10))
    assert (fired(late), late.is_late) == ((1, 11), True)

    told = {"told": {1: at(9, day=10)}, "told_people": frozenset({11})}
    assert decide(PLAN, standing(at(9), **told), at(9, 1, day=10)).step is None
    assert fired(decide(PLAN, standing(at(9), **told), at(11, day=10))) == (2, 12)


def test_what_was_told_late_is_late_at_every_level_after_it():
    told = {"told": {1: at(9)}, "told_people": frozenset({11}), "is_late": True}
    second = decide(PLAN, standing(at(9, day=8), **told), at(11))

    assert (fired(second), second.is_late) == ((2, 12), True)


def test_the_first_working_moment_after_a_weekend_is_not_late():
    monday = decide(PLAN, standing(at(17, day=12)), at(9, day=15))

    assert (fired(monday), monday.is_late) == ((1, 11), False)


def test_a_level_that_the_policy_does_not_have_any_more_keeps_no_distance():
    plan = Plan("Managers", steps=(Step(3, 60),))
    told = {"told": {1: at(10)}, "told_people": frozenset({11})}

    assert decide(plan, standing(at(9), **told), at(10, 30)).look_at == at(11)


def test_where_nobody_ever_works_it_is_looked_at_again():
    nobody = Standing(at(9), NEVER, {1: Person(11, NEVER)})

    assert decide(PLAN, nobody, at(10)).look_at == at(11)
