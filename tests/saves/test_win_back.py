"""Leaving with grace, and the plan for coming back."""

import threading
import uuid
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection, connections
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.history.models import Event
from apps.saves import actions
from apps.saves.actions import win_back
from apps.saves.models import SaveCase, WinBack
from apps.saves.queries import win_backs
from apps.users.models import User
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import CategoryFactory, ReasonFactory
from tests.factories.saves import SaveCaseFactory, WinBackFactory

LEAVES = date(2026, 7, 1)


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise", win_back_days=45)


@pytest.fixture
def gone(account, now):
    """A customer who left on 1 June, without a call."""
    account.churned_on = now.date() - timedelta(days=8)
    account.save()
    return account


def log(account, agent, reason, at, outcome="left", **answers):
    given = {"verbatim": "Too dear.", "seconds": 90, "outcome": outcome} | answers
    if outcome == "left":
        given = {"leaves_on": LEAVES} | given
    worth = {name: getattr(account, name) for name in ("mrr", "currency", "tier", "stage")}
    opening = actions.Opening(key=uuid.uuid4(), account_id=account.pk, at=at, **worth)
    return actions.log(opening, by=agent, at=at, reason=reason, **given)


def told(account, kind="saves.win_back_planned"):
    events = Event.objects.on(account.timeline_id).filter(kind=kind).order_by("pk")
    return [event.payload for event in events]


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


def due_names(user, at, **more):
    return [each.name for each in win_backs.due(user, at, **more).rows]


@pytest.fixture
def left(team, agent, now):
    """Make a customer who left, with a win-back."""

    def make(name, days, *, account=None, **fields):
        account = {"team": team, "owner": agent, "churned_on": now.date()} | (account or {})
        row = AccountFactory(name=name, **account)
        day = now.date() + timedelta(days=days)
        return WinBackFactory(account=row, **{"not_before": day} | fields)

    return make


def test_whose_day_has_come_is_due_the_latest_first(left, agent, now):
    left("Long ago", -40)
    left("Today", 0, path_to_value="One chair less.\nThen two.", blocker="Price")
    left("Tomorrow", 1)
    left("Planned", -90, next_on=now.date() - timedelta(days=1), blocker="Price")
    left("Later", -90, next_on=now.date() + timedelta(days=1))
    left("Resting", -3, ended="rested", closed_at=now)

    found = win_backs.due(agent, now)

    assert [each.name for each in found.rows] == ["Today", "Planned", "Long ago"]
    assert [each.words for each in found.rows] == ["One chair less.", "Price", ""]
    assert [each.is_planned for each in found.rows] == [False, True, False]
    assert (found.count, found.is_more) == (3, False)


def test_many_are_counted_up_to_a_point(left, agent, now, monkeypatch):
    monkeypatch.setattr(win_backs, "COUNTED", 6)
    for number in range(7):
        left(f"Customer {number}", -number)

    found = win_backs.due(agent, now)

    assert (len(found.rows), found.count, found.is_more) == (5, 6, True)


def test_the_day_comes_in_their_zone(left, agent, now):
    left("Auckland", 1, account={"time_zone": "Pacific/Auckland"})
    left("Honolulu", 0, account={"time_zone": "Pacific/Honolulu"})

    assert due_names(agent, now.replace(hour=4)) == []
    assert due_names(agent, now.replace(hour=21)) == ["Auckland", "Honolulu"]


def test_only_those_who_are_there_and_gone_are_due(left, agent, account, now):
    left("Back", 0, account={"churned_on": None})
    left("Removed", 0, account={"removed_at": now})
    left("Another's", 0, account={"owner": None})

    assert due_names(agent, now) == []


def test_a_merged_record_is_due_as_the_one_that_was_kept(left, agent, gone, now):
    left("Part", -1, account={"merged_into": gone})
    assert due_names(agent, now) == ["Larkspur Dental"]
    WinBackFactory(account=gone, not_before=now.date())
    found = win_backs.due(agent, now)
    assert [each.name for each in found.rows] == ["Larkspur Dental"]


def test_a_manager_sees_the_teams_and_nobody_sees_a_private_teams(
    left, manager, agent, team, private_team, outsider, now
):
    left("Team's", 0)
    left("Hushed", 0, account={"team": private_team, "owner": outsider})
    left("Agent's, hushed", 0, account={"team": private_team})
    fresh = {each.pk: each for each in User.objects.all()}

    assert due_names(manager, now) == []
    assert due_names(manager, now, teams=[team]) == ["Team's"]
    assert due_names(manager, now, teams=[private_team]) == []
    assert due_names(fresh[agent.pk], now) == ["Team's"]
    assert due_names(outsider, now) == ["Hushed"]
    assert due_names(outsider, now, teams=[private_team]) == ["Agent's, hushed", "Hushed"]


def test_what_is_due_takes_one_query(left, agent, now, django_assert_num_queries):
    left("One", 0)
    agent.hidden_teams  # noqa: B018 - read before, as the middleware does
    with django_assert_num_queries(1):
        win_backs.due(agent, now)


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
