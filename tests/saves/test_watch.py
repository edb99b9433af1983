"""A saved customer is watched: every change of the facts leads to the rung that they give."""

import datetime
from datetime import timedelta

import pytest

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.core import jobs
from apps.history import actions as history
from apps.history.models import Delivery, Event
from apps.saves import actions
from apps.saves.actions import watch
from apps.saves.models import Watch
from tests.factories.accounts import AccountFactory
from tests.factories.history import TimelineFactory
from tests.factories.saves import SaveCaseFactory
from tests.saves.watching import sentence, stands, told

DAY = timedelta(days=1)


def note(account, agent, at):
    return history.add_note(account.timeline, text="Colin says hello.", by=agent, at=at)


def test_a_save_is_watched_from_the_customers_own_day(account, call, now):
    account.time_zone = "Pacific/Auckland"  # where it is tomorrow by then
    account.save()

    case = call(now.replace(hour=14))

    found = Watch.objects.get(case=case)
    assert found.saved_on == datetime.date(2026, 6, 10)
    assert (found.rung, found.next_on, found.is_last) == (
        *("deflected", datetime.date(2026, 7, 10)),
        True,
    )
    assert told() == []


@pytest.mark.parametrize("outcome", ["left", "undecided"])
def test_who_did_not_stay_is_not_watched(call, now, outcome):
    call(now, outcome)

    assert Watch.objects.count() == 0


def test_a_save_climbs_rung_by_rung_and_history_tells_of_each(account, agent, call, now):
    case = call(now)
    note(account, agent, now + 5 * DAY)
    places = []

    for days in (29, 30, 89, 90, 179, 180):
        watch.reckon_due(at=now + days * DAY)
        places.append(stands(case)[0])

    assert places == [
        *("deflected", "verified_30", "verified_30", "verified_90", "verified_90"),
        "verified_180",
    ]
    assert Watch.objects.get().next_on is None
    assert told() == [
        ("verified_30", "deflected", 0),
        ("verified_90", "verified_30", 0),
        ("verified_180", "verified_90", 0),
    ]
    event = Event.objects.filter(kind="saves.watch_changed").first()
    assert (event.actor, event.subject_label, event.subject_id) == (None, "saves.savecase", case.pk)
    assert event.payload["saved_on"] == "2026-06-09"
    assert not event.is_back_dated


def test_reckoning_twice_changes_nothing(account, agent, call, now):
    call(now)
    note(account, agent, now + 5 * DAY)
    watch.reckon(account, at=now + 40 * DAY)
    before = list(Watch.objects.values())

    watch.reckon(account, at=now + 41 * DAY)

    assert list(Watch.objects.values()) == before
    assert len(told()) == 1


def test_a_rung_that_was_reached_while_no_worker_ran_is_told_on_its_day(account, agent, call, now):
    call(now)
    note(account, agent, now + 5 * DAY)

    watch.reckon_due(at=now + 100 * DAY)

    event = Event.objects.get(kind="saves.watch_changed")
    # Midnight in London, in summer.
    assert event.happened_at == datetime.datetime(2026, 9, 6, 23, tzinfo=datetime.UTC)
    assert event.recorded_at == now + 100 * DAY


def test_a_new_call_ends_the_earlier_watch_at_once(call, now):
    first = call(now)
    second = call(now + 12 * DAY)

    assert (stands(first), stands(second)) == (("tried_again", 12), ("deflected", 0))
    assert told() == [("tried_again", "deflected", 12)]
    assert list(Watch.objects.order_by("pk").values_list("is_last", "next_on")) == [
        (False, None),
        (True, datetime.date(2026, 7, 21)),
    ]


def test_calls_of_one_chain_count_once_and_the_last_outcome_wins(call, now):
    first = call(now)
    call(now + timedelta(hours=5), "left")

    assert Watch.objects.count() == 0
    assert told() == [("", "deflected", 0)]

    last = call(now + timedelta(hours=9))
    assert Watch.objects.get().case == last
    assert first.continues is None
    assert last.continues.continues == first


def test_a_chain_is_one_attempt_for_the_save_before_it(call, now):
    first = call(now)
    call(now + 12 * DAY, "undecided")
    call(now + 12 * DAY + timedelta(hours=23))

    assert stands(first) == ("tried_again", 12)


def test_leaving_ends_the_watch_on_its_day(account, agent, call, now, time_machine):
    case = call(now)
    time_machine.move_to(now + 3 * DAY)
    accounts.mark_churned(account, on=(now + 20 * DAY).date(), by=agent, at=now + 3 * DAY)
    jobs.run_all()
    assert Watch.objects.get().next_on == datetime.date(2026, 6, 29)

    watch.reckon_due(at=now + 19 * DAY)
    assert stands(case) == ("deflected", 0)
    watch.reckon_due(at=now + 20 * DAY)

    assert stands(case) == ("left", 20)
    assert told() == [("left", "deflected", 20)]


def test_who_comes_back_later_did_leave(account, agent, call, now):
    case = call(now)
    accounts.mark_churned(account, on=(now + 20 * DAY).date(), by=agent, at=now + 3 * DAY)
    accounts.withdraw_churn(account, by=agent, at=now + 25 * DAY)

    watch.reckon(account, at=now + 40 * DAY)

    assert stands(case) == ("left", 20)


@pytest.mark.parametrize("back", [10, 20])
def test_leaving_that_was_withdrawn_by_the_day_never_was(account, agent, call, now, back):
    case = call(now)
    accounts.mark_churned(account, on=(now + 20 * DAY).date(), by=agent, at=now + 3 * DAY)
    accounts.withdraw_churn(account, by=agent, at=now + back * DAY)

    watch.reckon(account, at=now + 40 * DAY)

    assert stands(case) == ("verified_30", 0)  # and they were heard of


def test_a_day_that_was_amended_was_no_leaving(account, agent, call, now):
    case = call(now)
    for day in (20, 25):
        on = (now + day * DAY).date()
        accounts.mark_churned(account, on=on, by=agent, at=now + 22 * DAY)
        watch.reckon(account, at=now + 26 * DAY)

    assert stands(case) == ("left", 25)
    assert told() == [("left", "deflected", 20), ("left", "left", 25)]


def test_silence_is_not_loyalty(account, agent, call, now, time_machine):
    case = call(now)

    watch.reckon_due(at=now + 31 * DAY)

    found = Watch.objects.get()
    assert (found.rung, found.why) == ("unknown", "silent")
    assert found.next_on == datetime.date(2026, 7, 17)  # in a week
    time_machine.move_to(now + 33 * DAY, tick=False)
    note(account, agent, now + 33 * DAY)
    jobs.run_all()
    assert stands(case) == ("verified_30", 0)
    assert told() == [("unknown", "deflected", 0), ("verified_30", "unknown", 0)]
    assert Event.objects.filter(kind="saves.watch_changed").last().happened_at == now + 33 * DAY


def test_what_we_do_to_the_record_says_nothing_of_the_customer(account, agent, manager, call, now):
    case = call(now)
    accounts.change_owner(account, to=manager, by=manager, at=now + 5 * DAY)

    watch.reckon(account, at=now + 31 * DAY)

    assert stands(case) == ("unknown", 0)


def test_a_note_of_the_saving_day_is_no_news(account, agent, call, now):
    case = call(now)
    note(account, agent, now + timedelta(hours=2))

    watch.reckon(account, at=now + 31 * DAY)

    assert stands(case) == ("unknown", 0)


def test_a_record_that_says_they_had_left_before_is_not_verified(account, agent, call, now):
    case = call(now)
    note(account, agent, now + 5 * DAY)
    Account.objects.update(churned_on=(now - 3 * DAY).date())

    watch.reckon(account, at=now + 31 * DAY)

    assert Watch.objects.values_list("rung", "why").get(case=case) == ("unknown", "gone_before")


def test_an_event_of_something_else_is_let_pass(db, now):
    watch.hear(TimelineFactory().pk, at=now)

    assert Watch.objects.count() == 0


def test_a_customer_who_was_never_saved_is_not_locked(account, agent, now, ran_jobs):
    note(account, agent, now)

    assert "history.deliver" in ran_jobs()
    assert Delivery.objects.filter(subscriber="saves.watch", state="done").count() == 1


def test_a_call_that_is_written_down_late_takes_its_place(account, agent, call, now):
    """A case brought in from elsewhere: its watch begins where it stands by now."""
    last = call(now)
    first = SaveCaseFactory(account=account, opened_at=now - 100 * DAY)

    watch.reckon(account, at=now + 2 * DAY)

    assert (stands(first), stands(last)) == (("tried_again", 100), ("deflected", 0))
    assert told() == [("tried_again", "deflected", 100)]


def test_a_correction_of_the_outcome_ends_or_begins_the_watch(account, call, now):
    case = call(now)
    case.outcome, case.leaves_on = "left", now.date()
    case.save()
    watch.reckon(account, at=now)
    assert Watch.objects.count() == 0

    case.outcome, case.leaves_on = "stayed", None
    case.save()
    watch.reckon(account, at=now)
    assert stands(case) == ("deflected", 0)


# --- Merged records -------------------------------------------------------------


def test_merged_records_are_one_customer(account, agent, manager, call, now, time_machine):
    other = AccountFactory(team=account.team)
    mine, theirs = call(now), call(now + 12 * DAY, whose=other)
    time_machine.move_to(now + 13 * DAY)

    merge = accounts.merge(account, other, by=manager, at=now + 13 * DAY)
    jobs.run_all()

    assert (stands(mine), stands(theirs)) == (("tried_again", 12), ("deflected", 0))
    assert Watch.objects.get(is_last=True).case == theirs

    accounts.unmerge(merge, by=manager, at=now + 13 * DAY)
    jobs.run_all()
    assert (stands(mine), stands(theirs)) == (("deflected", 0), ("deflected", 0))
    assert Watch.objects.filter(is_last=True).count() == 2
    # Each record's history tells of its own calls.
    events = Event.objects.filter(kind="saves.watch_changed")
    assert {each.timeline_id for each in events} == {account.timeline_id}


def test_a_record_that_was_merged_away_is_reckoned_with_its_family(account, manager, call, now):
    other = AccountFactory(team=account.team)
    mine, theirs = call(now), call(now + 12 * DAY, whose=other)
    accounts.merge(account, other, by=manager, at=now + 13 * DAY)

    watch.reckon(other, at=now + 13 * DAY)

    assert (stands(mine), stands(theirs)) == (("tried_again", 12), ("deflected", 0))


# --- Corrected calls ----------------------------------------------------------------


def test_leaving_that_a_correction_takes_back_never_was(account, manager, call, now):
    case = call(now, "left", leaves_on=now.date())

    actions.correct(
        case,
        by=manager,
        at=now + 3 * DAY,
        version=case.version,
        why="A slip of the mouse.",
        outcome="stayed",
        leaves_on=None,
        back_if="",
        export_help=None,
    )

    assert stands(case) == ("deflected", 0)
    watch.reckon(account, at=now + 31 * DAY)
    assert stands(case) == ("verified_30", 0)


def test_a_save_that_was_none_is_watched_no_more(account, manager, call, now):
    first = call(now - 40 * DAY)
    case = call(now)

    actions.correct(
        case,
        by=manager,
        at=now + 3 * DAY,
        version=case.version,
        why="They said so afterwards.",
        outcome="left",
        leaves_on=(now + 20 * DAY).date(),
        stay_because="",
    )

    assert [each.case for each in Watch.objects.all()] == [first]
    assert stands(first) == ("tried_again", 40)
    assert Watch.objects.get().is_last
    assert told() == [("tried_again", "deflected", 40), ("", "deflected", 0)]
    assert "No longer watched" in sentence(case)
    assert "the call was corrected" in sentence(case)

    case.refresh_from_db()
    actions.correct(
        case,
        by=manager,
        at=now + 4 * DAY,
        version=case.version,
        why="It was a slip.",
        outcome="stayed",
        leaves_on=None,
    )
    assert stands(case) == ("deflected", 0)
    assert told()[2:] == [("deflected", "", 0)]
    assert "On watch again" in sentence(case)


def test_a_save_that_another_call_goes_on_with_is_watched_no_more(call, now):
    first = call(now)
    last = call(now + timedelta(hours=2))

    assert Watch.objects.get().case == last
    assert told() == [("", "deflected", 0)]
    assert "No longer watched" in sentence(first)
    assert "another call goes on with it" in sentence(first)
