"""What a call means for the customer, and which calls are one attempt to leave."""

from datetime import timedelta
from typing import NamedTuple

# Calls of one customer closer than this are one attempt to leave.
CHAIN = timedelta(hours=24)

# No day that anybody types about a call lies further ahead.
FURTHEST = timedelta(days=3653)

# Stages from which staying brings a customer back.
DRIFTING = {"wandering_eye", "test_drive", "churn"}


def continues(opened_at, earlier_opened_at):
    """Say whether a call is the next of the same attempt, whichever was written down first.

    Args:
        opened_at: when this call began.
        earlier_opened_at: when the customer's last call began, or None.
    """
    return earlier_opened_at is not None and abs(opened_at - earlier_opened_at) < CHAIN


def stage_after(outcome, stage):
    """Return the stage that an outcome leads to, or None when it changes nothing.

    Leaving is not decided here: the record itself moves to churn on the day.
    """
    return "retention" if outcome == "stayed" and stage in DRIFTING else None


class Call(NamedTuple):
    """A save case, as far as chains and watches need to know it."""

    pk: int
    opened_at: object
    outcome: str
    continues: int | None


def saves_among(calls):
    """Find the calls that are watched, each with the calls that came after its chain.

    Of a chain the last call written down counts alone: they stayed when it says so.

    Args:
        calls: all calls of a customer, in any order.

    Returns:
        Pairs of a call and the later ones that are not of its chain, by the moment they began.
    """
    continued = {call.continues for call in calls}
    by_pk = {call.pk: call for call in calls}
    found = []
    for call in sorted(calls, key=_in_time):
        if call.outcome == "stayed" and call.pk not in continued:
            chain = set(_back(call, by_pk))
            later = [
                each for each in calls if each.pk not in chain and _in_time(each) > _in_time(call)
            ]
            found.append((call, sorted(later, key=_in_time)))
    return found


def _in_time(call):
    return call.opened_at, call.pk


def _back(call, by_pk):
    """Yield the ids of a chain, from its last call to its first."""
    while call is not None:
        yield call.pk
        call = by_pk.get(call.continues)
