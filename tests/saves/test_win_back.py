"""Leaving with grace: when a win-back begins, ends and goes on."""

from datetime import date, timedelta
from importlib import import_module

from django.db import connection
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.history.models import Event
from apps.saves.actions import win_back
from apps.saves.models import SaveCase, WinBack
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import ReasonFactory
from tests.factories.saves import SaveCaseFactory, WinBackFactory
from tests.saves.win_backs import LEAVES, log, told

# --- A call that ends with leaving ------------------------------------------------


def test_who_leaves_is_left_alone_as_long_as_the_reason_asks(account, agent, reason, now):
    case = log(account, agent, reason, now, back_if="the price is as it was")

    row = WinBack.objects.get()
    assert (row.case, row.account, row.changed_by) == (case, account, agent)
    assert row.not_before == LEAVES + timedelta(days=45)
    assert row.blocker == "Price: Price rise\nBack if: the price is as it was"
    assert told(account) == []  # the call itself is told


def test_nothing_begins_when_they_stay_or_think_about_it(account, agent, reason, now):
    log(account, agent, reason, now, "stayed")
    later = now + timedelta(days=3)
    log(account, agent, reason, later, "undecided", call_back_at=later + timedelta(days=1))

    assert not WinBack.objects.exists()


def test_beginning_twice_is_beginning_once(account, agent, reason, now):
    case = log(account, agent, reason, now)

    win_back.begin(case, account, at=now)

    assert WinBack.objects.count() == 1


def test_who_asks_to_go_again_goes_on_with_one_plan(account, agent, reason, now):
    first = log(account, agent, reason, now)
    account.refresh_from_db()
    win_back.plan(account, by=agent, at=now, what_changed="The old price is back.")
    other = ReasonFactory(category=reason.category, name="Too big", win_back_days=90)

    second = log(account, agent, other, now + timedelta(days=4), leaves_on=LEAVES.replace(day=9))

    row = WinBack.objects.get()
    assert row.case == second != first
    assert row.not_before == date(2026, 10, 7)
    assert (row.blocker, row.what_changed) == ("Price: Too big", "The old price is back.")
    assert told(account)[-1] == {
        "changes": {
            "not_before": ["2026-08-15", "2026-10-07"],
            "blocker": ["Price: Price rise", "Price: Too big"],
        },
        "source": "a save call",
    }


def test_what_somebody_wrote_themselves_stays_when_they_ask_again(account, agent, reason, now):
    log(account, agent, reason, now)
    account.refresh_from_db()
    win_back.plan(account, by=agent, at=now, blocker="Two chairs stand empty.")

    log(account, agent, reason, now + timedelta(days=4))

    assert WinBack.objects.get().blocker == "Two chairs stand empty."


def test_a_call_that_ends_with_staying_ends_the_win_back_and_keeps_what_was_written(
    account, agent, reason, now
):
    log(account, agent, reason, now)
    account.refresh_from_db()
    win_back.plan(account, by=agent, at=now, path_to_value="One chair less.")

    log(account, agent, reason, now + timedelta(hours=2), "stayed")

    row = WinBack.objects.get()
    assert (row.ended, row.closed_at) == ("returned", now + timedelta(hours=2))
    assert row.path_to_value == "One chair less."
    assert told(account, "saves.win_back_ended") == [{"why": "returned"}]


def test_who_leaves_a_second_time_gets_a_plan_of_their_own(account, agent, reason, now):
    log(account, agent, reason, now)
    log(account, agent, reason, now + timedelta(hours=2), "stayed")

    again = log(account, agent, reason, now + timedelta(days=20), leaves_on=LEAVES)

    assert [row.ended for row in WinBack.objects.order_by("pk")] == ["returned", ""]
    assert WinBack.objects.get(ended="").case == again


def test_a_customer_typed_in_twice_has_one_plan_to_go_on_with(account, agent, reason, now):
    part = AccountFactory(merged_into=account)
    old = WinBackFactory(account=part, not_before=LEAVES)

    log(account, agent, reason, now)

    assert WinBack.objects.get() == old
    assert WinBack.objects.get().not_before == LEAVES + timedelta(days=45)


def test_who_left_before_there_were_win_backs_is_left_alone_too(account, agent, reason):
    def left(account, days, *, ago=1, **case):
        on = timezone.localdate() - timedelta(days=days)
        opened_at = timezone.now() - timedelta(days=ago)
        case = {"outcome": "left", "leaves_on": on, "opened_at": opened_at} | case
        return SaveCaseFactory(account=account, agent=agent, reason=reason, **case)

    gone = {"started_on": date(2024, 1, 15), "churned_on": timezone.localdate()}
    accounts = {name: AccountFactory(**gone) for name in ("part", "long", "stays", "planned")}
    part = AccountFactory(merged_into=accounts["part"])
    case = left(part, 9)
    left(part, 80, ago=80)
    left(accounts["long"], 45)
    left(accounts["stays"], 9, ago=9)
    left(accounts["stays"], 0, outcome="stayed", leaves_on=None)
    left(account, 9)  # came back
    WinBackFactory(account=accounts["planned"], case=left(accounts["planned"], 9))
    earlier = import_module("apps.saves.migrations.0010_win_backs_of_earlier_calls")

    with connection.cursor() as cursor:
        cursor.execute(earlier.BEGIN)
        cursor.execute(earlier.BEGIN)

    row = WinBack.objects.exclude(account=accounts["planned"]).get()
    assert (row.account, row.case, row.blocker) == (accounts["part"], case, case.reason_text)
    assert row.not_before == case.leaves_on + timedelta(days=45)


# --- Coming back --------------------------------------------------------------------


def test_whoever_comes_back_by_hand_ends_the_win_back(account, agent, reason, now, ran_jobs):
    log(account, agent, reason, now)
    account.refresh_from_db()

    accounts.edit(account, by=agent, at=now, churned_on=None)
    ran_jobs()

    assert WinBack.objects.get().ended == "returned"
    event = Event.objects.get(kind="saves.win_back_ended")
    assert (event.actor, event.timeline_id) == (agent, account.timeline_id)


def test_who_came_back_and_left_again_before_the_worker_looked_goes_on(gone, agent, now):
    row = WinBackFactory(account=gone)

    win_back.close(gone, by=None, at=now)

    row.refresh_from_db()
    assert (row.ended, row.closed_at) == ("", None)


def test_the_plan_of_a_merged_record_ends_too(account, agent, now):
    part = AccountFactory(merged_into=account)
    row = WinBackFactory(account=part)

    win_back.close(part, by=None, at=now)

    row.refresh_from_db()
    assert row.ended == "returned"


# --- Corrected calls ----------------------------------------------------------------


def test_a_corrected_call_takes_its_win_back_with_it(account, agent, reason, now):
    case = log(account, agent, reason, now)

    win_back.withdraw(case, by=agent, at=now)
    win_back.withdraw(case, by=agent, at=now)

    assert WinBack.objects.get().ended == "corrected"
    assert told(account, "saves.win_back_ended") == [{"why": "corrected"}]


def test_a_call_corrected_back_to_leaving_takes_its_plan_up_again(account, agent, reason, now):
    case = log(account, agent, reason, now)
    win_back.withdraw(case, by=agent, at=now)
    case.leaves_on = LEAVES + timedelta(days=2)

    win_back.begin(case, account, at=now)

    row = WinBack.objects.get()
    assert (row.ended, row.closed_at) == ("", None)
    assert row.not_before == LEAVES + timedelta(days=47)


def test_a_call_corrected_to_another_reason_says_that_reason(account, agent, reason, now):
    case = log(account, agent, reason, now)
    SaveCase.objects.update(reason_text="Support: Slow")
    case.refresh_from_db()

    win_back.begin(case, account, at=now)

    assert WinBack.objects.get().blocker == "Support: Slow"


def test_who_said_so_on_an_earlier_call_too_goes_on_leaving(account, agent, reason, now):
    first = log(account, agent, reason, now)
    other = ReasonFactory(category=reason.category, name="Too big", win_back_days=90)
    second = log(account, agent, other, now + timedelta(days=4))

    win_back.withdraw(second, by=agent, at=now + timedelta(days=4))

    row = WinBack.objects.get()
    assert (row.case, row.ended, row.blocker) == (first, "", "Price: Price rise")
    assert row.not_before == LEAVES + timedelta(days=45)
    assert told(account)[-1]["source"] == "a corrected call"


def test_own_words_outlive_a_call_that_is_taken_back(account, agent, reason, now):
    log(account, agent, reason, now)
    second = log(account, agent, reason, now + timedelta(days=4))
    account.refresh_from_db()
    win_back.plan(account, by=agent, at=now, blocker="Two chairs stand empty.")

    win_back.withdraw(second, by=agent, at=now + timedelta(days=4))

    assert WinBack.objects.get().blocker == "Two chairs stand empty."


def test_an_earlier_call_that_has_a_plan_of_its_own_keeps_it(account, agent, reason, now):
    first = SaveCaseFactory(
        account=account, outcome="left", leaves_on=LEAVES, reason=reason, opened_at=now
    )
    old = WinBackFactory(account=account, case=first, ended="corrected", closed_at=now)
    second = log(account, agent, reason, now + timedelta(days=40))

    win_back.withdraw(second, by=agent, at=now + timedelta(days=40))

    assert WinBack.objects.get(ended="").case == second
    assert WinBack.objects.get(pk=old.pk).case == first
