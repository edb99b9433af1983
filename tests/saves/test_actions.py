import threading
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connections

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.history.models import Event
from apps.saves import actions
from apps.saves.models import SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory
from tests.factories.users import make_person


@pytest.fixture
def reason(db):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(category=category, name="Price rise at renewal", solvable="partly")


def log(opening, reason, agent, at, **answers):
    given = {"verbatim": "Too dear.", "outcome": "stayed", "seconds": 90} | answers
    return actions.log(opening, by=agent, at=at, reason=reason, **given)


def kinds_of(account):
    return [event.kind for event in Event.objects.on(account.timeline).order_by("id")]


def test_a_call_is_written_down_with_what_the_customer_was_worth_then(account, agent, reason, now):
    contact = ContactFactory(account=account, name="Nadia Rahman")
    rival = CompetitorFactory(name="Rampart Booking")
    also = ReasonFactory(category=reason.category, name="Budget cut")
    opening = actions.open_call(account, by=agent, at=now)
    Account.objects.update(mrr=Decimal("1.00"), tier="high")

    case = log(
        opening,
        reason,
        agent,
        now + timedelta(minutes=4),
        also=[also],
        contact=contact,
        competitor=rival,
        mood=2,
        channel="phone",
    )

    case.refresh_from_db()
    assert (case.mrr, case.tier, case.stage) == (Decimal("249.00"), "standard", "retention")
    assert case.reason_text == "Price: Price rise at renewal"
    assert case.solvable == "partly"
    assert list(case.also.all()) == [also]
    event = Event.objects.get(kind="saves.stayed")
    assert event.payload == {
        "reason": "Price: Price rise at renewal",
        "reason_id": reason.pk,
        "category_id": reason.category_id,
        "solvable": "partly",
        "mrr": "249.00",
        "currency": "GBP",
        "tier": "standard",
        "stage": "retention",
        "seconds": 90,
        "verbatim": "Too dear.",
        "competitor": "Rampart Booking",
        "mood": "Frustrated",
        "contact": "Nadia Rahman",
        "also": ["Budget cut"],
    }
    assert (event.actor, event.channel, event.subject_id) == (agent, "phone", case.pk)


def test_logging_twice_is_one_case(account, agent, reason, now):
    opening = actions.open_call(account, by=agent, at=now)

    first = log(opening, reason, agent, now)
    second = log(opening, reason, agent, now + timedelta(seconds=1))

    assert first == second
    assert kinds_of(account) == ["saves.stayed"]


def test_the_same_call_with_other_answers_is_refused_and_nothing_is_lost(
    account, agent, reason, now
):
    opening = actions.open_call(account, by=agent, at=now)
    case = log(opening, reason, agent, now)

    with pytest.raises(actions.AlreadyLogged) as refusal:
        log(opening, reason, agent, now, verbatim="Something else.")

    assert refusal.value.case == case
    assert SaveCase.objects.get().verbatim == "Too dear."


def test_two_tabs_are_one_call_until_it_is_logged(account, agent, reason, now):
    first_tab = actions.open_call(account, by=agent, at=now)
    second_tab = actions.open_call(account, by=agent, at=now + timedelta(minutes=1))
    assert first_tab.key == second_tab.key

    log(first_tab, reason, agent, now)

    assert actions.open_call(account, by=agent, at=now).key != first_tab.key


def test_two_agents_on_one_customer_are_two_calls(account, agent, manager, now):
    mine = actions.open_call(account, by=agent, at=now)
    theirs = actions.open_call(account, by=manager, at=now)

    assert mine.key != theirs.key


def test_an_opening_travels_through_the_browser_unchanged(account, agent, now):
    opening = actions.open_call(account, by=agent, at=now)

    assert actions.Opening.read(opening.sign()) == opening


@pytest.mark.parametrize("text", ["", "garbage", "WyJ4Il0:1xV258:nsfL3Detp2uM2_QDq"])
def test_an_opening_that_was_changed_is_refused(text):
    with pytest.raises(ValueError, match="not signed here"):
        actions.Opening.read(text)


def test_a_call_within_a_day_continues_the_last_one(account, agent, reason, now):
    first = log(actions.open_call(account, by=agent, at=now), reason, agent, now)
    later = now + timedelta(hours=5)
    second = log(actions.open_call(account, by=agent, at=later), reason, agent, later)
    much_later = later + timedelta(days=2)
    third = log(actions.open_call(account, by=agent, at=much_later), reason, agent, much_later)

    assert second.continues == first
    assert Event.objects.filter(kind="saves.stayed", payload__continues=first.pk).count() == 1
    assert third.continues is None


def test_leaving_sets_the_day_they_leave(account, agent, reason, now):
    day = (now + timedelta(days=30)).date()
    opening = actions.open_call(account, by=agent, at=now)

    log(opening, reason, agent, now, outcome="left", leaves_on=day)

    account.refresh_from_db()
    assert account.churned_on == day
    assert account.status(now) == "leaving"
    assert kinds_of(account) == ["saves.left", "accounts.churned"]


def test_staying_takes_back_the_day_they_were_to_leave(account, agent, reason, now):
    account.churned_on = (now + timedelta(days=30)).date()
    account.save()

    log(actions.open_call(account, by=agent, at=now), reason, agent, now)

    account.refresh_from_db()
    assert account.churned_on is None
    assert kinds_of(account) == ["saves.stayed", "accounts.returned"]


def test_staying_brings_a_drifting_customer_back_to_retention(account, agent, reason, now):
    account.stage = "test_drive"
    account.save()

    case = log(actions.open_call(account, by=agent, at=now), reason, agent, now)

    account.refresh_from_db()
    assert account.stage == "retention"
    assert case.stage == "test_drive"


def test_an_undecided_customer_changes_nothing_but_the_history(account, agent, reason, now):
    back = now + timedelta(days=1)
    opening = actions.open_call(account, by=agent, at=now)

    log(opening, reason, agent, now, outcome="undecided", call_back_at=back)

    assert kinds_of(account) == ["saves.undecided"]


def test_asking_to_cancel_is_its_own_entry_at_its_own_moment(account, agent, reason, now):
    opening = actions.open_call(account, by=agent, at=now)
    asked = now + timedelta(minutes=2)

    log(opening, reason, agent, now + timedelta(minutes=5), asked_to_cancel_at=asked)

    event = Event.objects.get(kind="saves.asked_to_cancel")
    assert event.happened_at == asked


def test_a_refusal_of_the_record_rolls_the_whole_call_back(agent, reason, now, team):
    prospect = AccountFactory(team=team, started_on=None)
    opening = actions.open_call(prospect, by=agent, at=now)

    with pytest.raises(accounts.LeftBeforeStart):
        log(opening, reason, agent, now, outcome="left", leaves_on=now.date())

    assert SaveCase.objects.count() == 0
    assert Event.objects.count() == 0


def log_at_once(account, reason, now, count):
    """Log calls of many agents on one customer at the same moment."""
    agents = [make_person(team=account.team) for _ in range(count)]
    openings = [actions.open_call(account, by=agent, at=now) for agent in agents]
    barrier, problems = threading.Barrier(count), []

    def call(agent, opening):
        try:
            barrier.wait(20)
            log(opening, reason, agent, now)
        except DatabaseError as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=call, args=pair) for pair in zip(agents, openings, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return problems


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_at_once_on_one_customer_make_one_chain(account, reason, now):
    problems = log_at_once(account, reason, now, 50)

    assert problems == []
    assert SaveCase.objects.count() == 50
    # One chain: a single beginning, and everybody else follows a different one.
    assert SaveCase.objects.filter(continues=None).count() == 1
    assert SaveCase.objects.filter(continued_by=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_chain_breaks(account, reason, now, monkeypatch):
    queryset = type(Account.objects.all())
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **options: self)

    log_at_once(account, reason, now, 20)

    # Either two calls claim the same place, which the database refuses, or both begin a chain.
    assert SaveCase.objects.count() < 20 or SaveCase.objects.filter(continues=None).count() > 1


@pytest.mark.django_db(transaction=True)
def test_one_call_sent_many_times_at_once_is_one_case(account, agent, reason, now):
    opening = actions.open_call(account, by=agent, at=now)
    barrier, cases = threading.Barrier(20), []

    def send():
        try:
            barrier.wait(20)
            cases.append(log(opening, reason, agent, now).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(cases) == 20
    assert set(cases) == {SaveCase.objects.get().pk}
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_with_a_fresh_key_each_time_many_sends_are_many_cases(account, agent, reason, now):
    opening = actions.open_call(account, by=agent, at=now)

    for _ in range(3):
        log(actions.Opening(**vars(opening) | {"key": uuid.uuid4()}), reason, agent, now)

    assert SaveCase.objects.count() == 3
