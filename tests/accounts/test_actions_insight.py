from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.accounts import actions
from apps.accounts.models import Insight
from apps.history.models import Event
from tests.factories.accounts import AccountFactory

KEY = "0c8f3a52-19a4-4f4e-8a53-0e8d6c2f7b10"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def today(now):
    return now.date()


def learn(account, agent, now, **said):
    said = {"topic": "wants", "text": "Fewer calls.", "source": "Nadia Rahman", **said}
    return actions.learn(account, by=agent, at=now, **{"said_on": now.date(), **said})


def test_what_we_learn_is_kept_with_who_said_so_and_when(account, agent, now, told):
    statement = learn(account, agent, now, said_on=date(2026, 3, 3))

    statement.refresh_from_db()
    assert str(statement) == f"wants {statement.pk}"
    assert (statement.topic, statement.text, statement.source, statement.said_on) == (
        *("wants", "Fewer calls.", "Nadia Rahman"),
        date(2026, 3, 3),
    )
    assert (statement.recorded_by, statement.recorded_at) == (agent, now)
    payload = {"topic": "wants", "told_by": "Nadia Rahman", "text": "Fewer calls."}
    assert told(account) == [("accounts.learned", payload)]
    happened_at = Event.objects.get().happened_at
    assert happened_at == datetime(2026, 3, 3, 12, tzinfo=LONDON)


def test_what_was_said_today_happened_now(account, agent, now):
    learn(account, agent, now)

    assert Event.objects.get().happened_at == now


def test_a_value_driver_needs_no_words(account, agent, now, told):
    learn(account, agent, now, topic="value_driver", driver="reliability", text="")

    payload = {"topic": "value_driver", "told_by": "Nadia Rahman", "driver": "reliability"}
    assert told(account) == [("accounts.learned", payload)]


def test_a_newer_statement_does_not_replace_an_older_one(account, agent, now):
    learn(account, agent, now, text="Fewer calls.")
    learn(account, agent, now, text="No calls at all.", due_on=date(2026, 9, 1))

    assert Insight.objects.count() == 2
    assert Event.objects.latest("id").payload["due_on"] == "2026-09-01"


def test_a_form_sent_twice_is_one_statement(account, agent, now):
    first, second = (learn(account, agent, now, key=KEY) for _ in range(2))

    assert first == second
    assert (Insight.objects.count(), Event.objects.count()) == (1, 1)
    with pytest.raises(actions.FormUsed):
        learn(AccountFactory(), agent, now, key=KEY)


def test_nobody_has_said_anything_tomorrow(account, agent, now, today):
    with pytest.raises(actions.SaidInFuture, match="today or an earlier day"):
        learn(account, agent, now, said_on=today + timedelta(days=1))

    assert not Insight.objects.exists()


def test_today_is_where_the_customer_is(account, agent, now, today):
    account.time_zone = "Pacific/Kiritimati"
    account.save()
    late = now.replace(hour=23)

    assert learn(account, agent, late, said_on=today + timedelta(days=1))


def test_a_customer_is_handed_over_from_sales(account, agent, now, told):
    event = actions.hand_over(
        account,
        sold_by="Ben Ford, sales",
        said_on=date(2026, 1, 12),
        promises=["Reminders in Welsh by June", "A call each quarter"],
        driver="convenience",
        why="The desk is one person.",
        problem="Too many empty chairs.",
        success="Half the no-shows",
        success_by=date(2026, 12, 31),
        decides="Nadia, alone",
        risks="A second site opens.",
        by=agent,
        at=now,
        key=KEY,
    )

    rows = Insight.objects.order_by("id").values_list("topic", "text", "driver", "due_on")
    assert list(rows) == [
        ("value_driver", "The desk is one person.", "convenience", None),
        ("problem", "Too many empty chairs.", "", None),
        ("expectation", "Reminders in Welsh by June", "", None),
        ("expectation", "A call each quarter", "", None),
        ("success", "Half the no-shows", "", date(2026, 12, 31)),
        ("decides", "Nadia, alone", "", None),
        ("risk", "A second site opens.", "", None),
    ]
    assert {each.source for each in Insight.objects.all()} == {"Ben Ford, sales"}
    ((kind, payload),) = told(account)
    assert (kind, payload["sold_by"], len(payload["said"])) == (
        *("accounts.handed_over", "Ben Ford, sales"),
        7,
    )
    assert payload["said"][0] == {
        "topic": "value_driver",
        "text": "The desk is one person.",
        "driver": "convenience",
    }
    assert payload["said"][4]["due_on"] == "2026-12-31"
    again = {"sold_by": "Ben Ford, sales", "said_on": date(2026, 1, 12), "key": KEY}
    assert actions.hand_over(account, by=agent, at=now, **again) == event
    assert Insight.objects.count() == 7


def test_without_a_kind_of_value_why_they_bought_is_what_they_want(account, agent, now, today):
    actions.hand_over(
        account, sold_by="Ben", said_on=today, why="To sleep better.", by=agent, at=now
    )

    assert Insight.objects.get().topic == "wants"


def test_a_hand_over_says_something(account, agent, now, today):
    with pytest.raises(actions.SaysNothing, match="at least one thing"):
        actions.hand_over(account, sold_by="Ben", said_on=today, by=agent, at=now)


def test_a_sale_is_not_in_the_future(account, agent, now, today):
    with pytest.raises(actions.SaidInFuture):
        actions.hand_over(
            *(account,),
            sold_by="Ben",
            said_on=today + timedelta(days=2),
            why="To sleep better.",
            by=agent,
            at=now,
        )

    assert not Event.objects.exists()


def test_the_owner_hears_of_a_hand_over(account, agent, manager, now, today):
    event = actions.hand_over(
        account, sold_by="Ben", said_on=today, why="To sleep better.", by=manager, at=now
    )

    assert event.about.audience(event) == {agent.pk}
