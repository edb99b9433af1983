"""The plan for coming back: who changes it, and what it bars."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from apps.accounts import actions as accounts
from apps.saves.actions import win_back
from apps.saves.models import WinBack
from apps.saves.queries import win_backs
from tests.factories.saves import SaveCaseFactory, WinBackFactory
from tests.saves.win_backs import LEAVES, log, told

# --- Planning -----------------------------------------------------------------------


def test_a_plan_is_changed_and_the_history_says_how(account, agent, reason, now):
    log(account, agent, reason, now)
    account.refresh_from_db()

    row = win_back.plan(
        *(account,),
        by=agent,
        at=now,
        version=1,
        blocker="Price: Price rise",
        what_changed="The old price is back.",
        next_on=date(2026, 8, 20),
    )

    assert (row.version, row.next_on, row.changed_by) == (2, date(2026, 8, 20), agent)
    assert told(account) == [
        {
            "changes": {
                "what_changed": ["", "The old price is back."],
                "next_on": ["", "2026-08-20"],
            }
        }
    ]


def test_planning_twice_writes_history_once(gone, agent, now):
    for _ in range(2):
        win_back.plan(gone, by=agent, at=now, version=0, blocker="They moved.")

    assert WinBack.objects.count() == 1
    assert len(told(gone)) == 1


def test_who_left_without_a_call_gets_a_plan_when_somebody_begins_one(gone, agent, now):
    row = win_back.plan(gone, by=agent, at=now, version=0, blocker="They moved.")

    assert (row.case, row.blocker) == (None, "They moved.")
    assert row.not_before == gone.churned_on + timedelta(days=30)
    assert told(gone) == [
        {"changes": {"not_before": ["", "2026-07-01"], "blocker": ["", "They moved."]}}
    ]


def test_a_plan_begun_late_knows_the_call_on_which_they_left(gone, agent, reason, now):
    case = SaveCaseFactory(
        account=gone, outcome="left", leaves_on=gone.churned_on, reason=reason, opened_at=now
    )

    row = win_back.plan(gone, by=agent, at=now)

    assert (row.case, row.not_before) == (case, gone.churned_on + timedelta(days=45))


def test_a_call_whose_plan_ended_is_not_taken_from_it(gone, agent, reason, now):
    case = SaveCaseFactory(
        account=gone, outcome="left", leaves_on=gone.churned_on, reason=reason, opened_at=now
    )
    WinBackFactory(account=gone, case=case, ended="returned", closed_at=now)

    assert win_back.plan(gone, by=agent, at=now).case is None


def test_somebody_who_was_faster_is_noticed(gone, agent, now):
    row = win_back.plan(gone, by=agent, at=now, version=0, blocker="They moved.")

    with pytest.raises(accounts.ChangedMeanwhile) as refusal:
        win_back.plan(gone, by=agent, at=now, version=0, blocker="The price.")

    assert refusal.value.newest == row


def test_nobody_is_won_back_who_is_a_customer(account, agent, now):
    with pytest.raises(win_back.NobodyLeft, match="Larkspur Dental is a customer"):
        win_back.plan(account, by=agent, at=now, blocker="They moved.")


def test_who_is_left_in_peace_is_on_no_list_and_can_be_taken_up_again(gone, agent, now):
    win_back.plan(gone, by=agent, at=now, blocker="They retire.", next_on=now.date())
    at = now + timedelta(days=60)
    assert win_backs.due(agent, at).count == 1

    for _ in range(2):
        row = win_back.plan(gone, by=agent, at=at, rest=True, blocker="They retire.")

    assert (row.ended, row.closed_at, row.next_on) == ("rested", at, None)
    assert win_backs.due(agent, at).count == 0
    assert told(gone, "saves.win_back_ended") == [{"why": "rested"}]

    again = win_back.plan(gone, by=agent, at=at, version=row.version)

    assert (again.pk, again.ended, again.closed_at) == (row.pk, "", None)
    assert told(gone)[-1] == {"changes": {}}


# --- No offers ----------------------------------------------------------------------


def test_nobody_offers_anything_before_the_day(account, agent, reason, now):
    log(account, agent, reason, now)
    account.refresh_from_db()
    until = LEAVES + timedelta(days=45)

    assert win_backs.barred_until(account, now.date()) == until
    assert win_backs.barred_until(account, until - timedelta(days=1)) == until
    assert win_backs.barred_until(account, until) is None
    found = win_backs.current(account)
    said = win_backs.barred(account, found, at=now)
    assert said == win_backs.Barred(until, asked_on=now.date(), left_on=LEAVES)
    assert win_backs.barred(account, found, at=now + timedelta(days=70)) is None


def test_who_stays_may_be_offered_anything(account, agent, reason, now):
    assert win_backs.barred_until(account, now.date()) is None
    WinBackFactory(account=account)  # which the worker has yet to end
    assert win_backs.barred_until(account, now.date()) is None
    assert win_backs.barred(account, win_backs.current(account), at=now) is None


def test_who_left_without_a_word_is_barred_from_nothing(gone, now):
    assert win_backs.barred_until(gone, now.date()) is None


def test_the_day_they_asked_is_read_in_their_zone(account, agent, reason, now):
    account.time_zone = "Pacific/Auckland"
    account.save()
    at = now.replace(hour=22)
    log(account, agent, reason, at)
    account.refresh_from_db()

    said = win_backs.barred(account, win_backs.current(account), at=at)

    assert said.asked_on == date(2026, 6, 10)


# --- Due ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_plan_at_the_same_moment_make_one(gone, agent, now):
    barrier, refused = threading.Barrier(2), []

    def begin(words):
        try:
            barrier.wait(20)
            win_back.plan(gone, by=agent, at=now, version=0, blocker=words)
        except accounts.ChangedMeanwhile as refusal:
            refused.append(refusal.newest.blocker)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=[words]) for words in ("Mine.", "Theirs.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert refused == [WinBack.objects.get().blocker]
