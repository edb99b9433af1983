"""Correcting a call: what it says, and what follows from it."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.history.models import Event
from apps.saves import actions
from apps.saves.models import SaveCase, Watch, WinBack
from apps.saves.queries import corrections
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory
from tests.meanwhile import follow

DAY = timedelta(days=1)
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise", solvable="yes", win_back_days=30)


@pytest.fixture
def log(account, agent, reason, now):
    """Log a call: `log("left", leaves_on=…)`, at `now` or at another moment."""

    def call(outcome, *, on=account, at=now, by=agent, **answers):
        on = Account.objects.get(pk=on.pk)
        opening = actions.open_call(on, by=by, at=at - timedelta(minutes=5))
        given = {"verbatim": "Too dear.", "seconds": 90, "reason": reason, **answers}
        return actions.log(opening, by=by, at=at, outcome=outcome, **given)

    return call


@pytest.fixture
def correct(agent, now):
    """Correct a call an hour later: `correct(case, outcome="left", …)`."""

    def again(case, *, by=agent, at=now + timedelta(hours=1), why="I ticked the wrong one", **more):
        version = more.pop("version", SaveCase.objects.get(pk=case.pk).version)
        none = {"leaves_on": None, "call_back_at": None, "stay_because": "", "back_if": ""}
        answers = {**none, **more} if "outcome" in more else more
        return actions.correct(case, by=by, at=at, version=version, why=why, **answers)

    return again


def fresh(account):
    return Account.objects.get(pk=account.pk)


def kinds_of(account):
    return [event.kind for event in Event.objects.on(account.timeline).order_by("id")]


def rung(case):
    return Watch.objects.filter(case=case).values_list("rung", flat=True).first()


# --- what it says


def test_every_answer_is_corrected_and_the_history_says_before_and_after(
    account, agent, manager, reason, log, correct, now
):
    other = ReasonFactory(category=reason.category, name="Budget cut")
    rival = CompetitorFactory(name="Rampart Booking")
    nadia = ContactFactory(account=account, name="Nadia Rahman")
    case = log("stayed")

    corrected = correct(
        case,
        by=manager,
        why=" They told me so. ",
        reason=other,
        also=[reason],
        solvable="no",
        verbatim="Far too dear.",
        competitor=rival,
        mood=2,
        contact=nadia,
        channel="chat",
        seconds=75,
        stay_because="A longer contract",
        asked_to_cancel_at=now - timedelta(minutes=1),
    )

    case.refresh_from_db()
    assert corrected == case
    assert (case.reason, case.reason_text, case.version) == (other, "Price: Budget cut", 2)
    assert list(case.also.all()) == [reason]
    told = Event.objects.filter(kind__startswith="saves.").exclude(kind="saves.watch_changed")
    first, event = told.order_by("id")
    assert first.payload["verbatim"] == "Too dear."
    assert (event.kind, event.actor, event.subject_id) == ("saves.corrected", manager, case.pk)
    assert event.payload["why"] == "They told me so."
    assert event.payload["changes"] == {
        "reason": ["Price: Price rise", "Price: Budget cut"],
        "also": ["", "Price rise"],
        "solvable": ["yes", "no"],
        "verbatim": ["Too dear.", "Far too dear."],
        "competitor": ["", "Rampart Booking"],
        "mood": ["", "2"],
        "stay_because": ["", "A longer contract"],
        "contact": ["", "Nadia Rahman"],
        "channel": ["phone", "chat"],
        "seconds": ["90", "75"],
        "asked_to_cancel_at": ["", (now - timedelta(minutes=1)).isoformat()],
    }
    (made,) = corrections.made(case)
    assert (made.by, made.why, made.version) == ("Max Brandt", "They told me so.", 2)


def test_a_correction_that_comes_twice_is_one(account, log, correct):
    case = log("stayed")

    for _ in range(2):
        correct(case, verbatim="Far too dear.", version=1)

    assert kinds_of(account).count("saves.corrected") == 1
    assert SaveCase.objects.get().version == 2


def test_a_correction_says_why(account, log, correct):
    case = log("stayed")

    with pytest.raises(actions.WhyMissing):
        correct(case, verbatim="Far too dear.", why="  ")

    assert SaveCase.objects.get().verbatim == "Too dear."


def test_the_second_of_two_correctors_is_told(log, correct, manager):
    case = log("stayed")
    correct(case, verbatim="Far too dear.", by=manager, version=1)

    with pytest.raises(actions.CorrectedMeanwhile) as refusal:
        correct(case, verbatim="Quite dear.", version=1)

    assert refusal.value.newest.verbatim == "Far too dear."
    assert SaveCase.objects.get().verbatim == "Far too dear."


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_after_the_other(log, agent, manager, now):
    case, refused = log("stayed"), []

    def go(by, words):
        try:
            answers = {"version": 1, "why": "Wrong", "verbatim": words}
            actions.correct(case, by=by, at=now + timedelta(hours=1), **answers)
        except actions.CorrectedMeanwhile as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=each) for each in ((agent, "A"), (manager, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert SaveCase.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_for_the_call_goes_on_with_it_as_it_is_by_then(
    log, agent, manager, correct, now
):
    rival = CompetitorFactory(name="Rampart Booking")
    case = log("stayed")

    def change():
        SaveCase.objects.filter(pk=case.pk).update(competitor=rival, agent=manager)

    corrected = follow(change, lambda: correct(case, by=manager, competitor=rival))

    # Nothing was left to correct.
    assert (corrected.competitor, corrected.agent, corrected.version) == (rival, manager, 1)


# --- who may, and until when


def test_who_logged_it_may_for_a_day_and_a_manager_at_any_time(log, correct, agent, manager):
    case = log("stayed")
    over = case.closed_at + DAY

    correct(case, verbatim="A", at=over - timedelta(microseconds=1))
    with pytest.raises(actions.TooLate):
        correct(case, verbatim="B", at=over)
    correct(case, verbatim="C", at=over + 300 * DAY, by=manager)

    assert SaveCase.objects.get().verbatim == "C"


def test_a_colleague_may_not(log, correct, outsider):
    case = log("stayed")

    with pytest.raises(actions.TooLate):
        correct(case, verbatim="B", by=outsider)


# --- what follows from it


def test_stayed_to_left_marks_the_last_day_begins_the_win_back_and_ends_the_watch(
    account, log, correct
):
    case = log("stayed")
    assert rung(case) == "deflected"

    correct(case, outcome="left", leaves_on=JULY)

    assert fresh(account).churned_on == JULY
    assert WinBack.objects.get().not_before == JULY + 30 * DAY
    assert not Watch.objects.exists()
    assert Event.objects.get(kind="accounts.churned").payload["source"] == "a corrected call"


def test_staying_gives_back_the_stage_that_it_had_moved_them_from(account, log, correct, now):
    Account.objects.update(stage="test_drive")
    case = log("stayed")
    assert fresh(account).stage == "retention"

    correct(case, outcome="undecided", call_back_at=now + DAY)
    assert fresh(account).stage == "test_drive"
    correct(case, outcome="stayed", at=now + timedelta(hours=2))
    assert fresh(account).stage == "retention"
    correct(case, outcome="left", leaves_on=JULY, at=now + timedelta(hours=3))
    assert (fresh(account).stage, fresh(account).churned_on) == ("test_drive", JULY)


def test_left_to_stayed_takes_the_last_day_back_and_begins_the_watch(account, log, correct):
    Account.objects.update(stage="wandering_eye")
    case = log("left", leaves_on=JULY)

    correct(case, outcome="stayed")

    assert fresh(account).churned_on is None
    assert fresh(account).stage == "retention"
    assert WinBack.objects.get().ended == "corrected"
    assert rung(case) == "deflected"


def test_a_last_day_that_this_call_did_not_set_stays(account, agent, log, correct, now):
    case = log("left", leaves_on=JULY)
    accounts.mark_churned(account, on=AUGUST, by=agent, at=now + timedelta(minutes=9))

    correct(case, outcome="stayed")

    assert fresh(account).churned_on == AUGUST


def test_a_last_day_that_stood_before_the_call_named_it_stays(account, agent, log, correct, now):
    accounts.mark_churned(account, on=JULY, by=agent, at=now - DAY)
    case = log("left", leaves_on=JULY)

    correct(case, outcome="stayed")

    assert fresh(account).churned_on == JULY


def test_left_to_undecided_gives_back_what_was_before(account, agent, log, correct, now):
    accounts.mark_churned(account, on=AUGUST, by=agent, at=now - DAY)
    case = log("left", leaves_on=JULY)

    correct(case, outcome="undecided", call_back_at=now + DAY)

    assert fresh(account).churned_on == AUGUST


def test_who_had_gone_that_day_is_undecided_and_where_they_were(account, log, correct, now):
    Account.objects.update(stage="test_drive")
    case = log("left", leaves_on=now.date())
    assert fresh(account).stage == "churn"

    correct(case, outcome="undecided", call_back_at=now + DAY)

    assert (fresh(account).churned_on, fresh(account).stage) == (None, "test_drive")


def test_stayed_to_undecided_puts_back_the_last_day_that_it_had_taken_back(
    account, log, correct, now
):
    first = log("left", leaves_on=JULY, at=now - 3 * DAY)
    case = log("stayed")
    assert fresh(account).churned_on is None

    correct(case, outcome="undecided", call_back_at=now + DAY)

    assert fresh(account).churned_on == JULY
    assert WinBack.objects.get().ended == ""
    assert WinBack.objects.get().case == first


def test_a_last_day_that_could_not_be_any_more_is_not_put_back(account, log, correct, now):
    log("left", leaves_on=JULY, at=now - 3 * DAY)
    case = log("stayed")
    Account.objects.update(started_on=AUGUST)

    correct(case, outcome="undecided", call_back_at=now + DAY)

    assert fresh(account).churned_on is None


def test_a_hand_set_last_day_is_put_back_without_a_win_back(account, agent, log, correct, now):
    accounts.mark_churned(account, on=AUGUST, by=agent, at=now - DAY)
    case = log("stayed")

    correct(case, outcome="undecided", call_back_at=now + DAY)

    assert fresh(account).churned_on == AUGUST
    assert not WinBack.objects.exists()


def test_another_day_of_leaving_moves_the_win_back_and_other_words_do_not(account, log, correct):
    case = log("left", leaves_on=JULY)

    correct(case, verbatim="Far too dear.")
    assert "saves.win_back_planned" not in kinds_of(account)
    correct(case, leaves_on=AUGUST)

    assert fresh(account).churned_on == AUGUST
    assert WinBack.objects.get().not_before == AUGUST + 30 * DAY


def test_a_day_before_they_were_a_customer_is_refused_whole(account, log, correct):
    case = log("stayed")

    with pytest.raises(accounts.LeftBeforeStart):
        correct(case, outcome="left", leaves_on=date(2020, 1, 1))

    assert SaveCase.objects.get().outcome == "stayed"
    assert "saves.corrected" not in kinds_of(account)


def test_an_older_call_changes_itself_and_its_watch_alone(account, log, correct, manager, now):
    older = log("left", leaves_on=JULY, at=now - 3 * DAY)
    log("stayed")
    assert fresh(account).churned_on is None

    correct(older, outcome="stayed", by=manager)

    assert fresh(account).churned_on is None
    assert rung(older) == "tried_again"
    assert corrections.later_call(older, account).outcome == "stayed"


def test_an_older_call_that_left_after_all_bars_no_offers(account, log, correct, manager, now):
    older = log("stayed", at=now - 3 * DAY)
    log("stayed")

    correct(older, outcome="left", leaves_on=JULY, by=manager)

    assert fresh(account).churned_on is None
    assert not WinBack.objects.exists()


def test_the_last_link_of_a_chain_speaks_for_it(account, log, correct, now):
    first = log("undecided", call_back_at=now + DAY)
    last = log("stayed", at=now + timedelta(hours=1))
    assert last.continues == first

    correct(first, outcome="left", leaves_on=JULY, at=now + timedelta(hours=2))
    assert fresh(account).churned_on is None
    assert rung(last) == "deflected"

    correct(last, outcome="left", leaves_on=JULY, at=now + timedelta(hours=3))
    assert fresh(account).churned_on == JULY
    assert not Watch.objects.exists()


def test_a_call_of_a_record_that_was_merged_follows_into_the_one_that_stays(
    account, agent, manager, log, correct, now
):
    kept = AccountFactory(team=account.team, owner=agent)
    case = log("left", leaves_on=JULY)
    accounts.merge(kept, account, by=manager, at=now + timedelta(minutes=1))
    Account.objects.filter(pk=kept.pk).update(churned_on=JULY)

    correct(case, outcome="stayed")

    assert fresh(kept).churned_on is None
    assert kinds_of(account)[-1] != "accounts.returned"
    assert "saves.corrected" in kinds_of(account)


def test_nothing_of_a_removed_customer_is_corrected(account, manager, log, correct, now):
    case = log("stayed")
    accounts.remove_account(account, reason="Twice", by=manager, at=now)

    with pytest.raises(accounts.Removed):
        correct(case, verbatim="B")


def test_owner_and_agent_hear_of_a_correction_by_a_manager(account, log, correct, manager, agent):
    case = log("stayed")
    correct(case, verbatim="B", by=manager)

    event = Event.objects.get(kind="saves.corrected")
    assert event.about.audience(event) == {agent.pk}
