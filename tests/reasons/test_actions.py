"""Editing reasons: what is kept, what history says, what is refused."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection

from apps.history.models import Event
from apps.reasons import actions
from apps.reasons.models import Category, Competitor, Reason
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory


@pytest.fixture
def who(admin, now):
    return {"by": admin, "at": now}


@pytest.fixture
def price(db):
    return CategoryFactory(name="Price", position=1)


@pytest.fixture
def support(db):
    return CategoryFactory(name="Support", position=2)


def story(timeline):
    events = Event.objects.on(timeline).order_by("id")
    return [(event.kind, event.payload["what"], event.payload["name"]) for event in events]


def test_a_new_category_starts_its_own_history(who, admin):
    category = actions.add(Category(name="Weather", question="What about it?", position=3), **who)

    event = Event.objects.on(category.timeline).get()
    assert (event.kind, event.actor, event.payload) == (
        "reasons.added",
        admin,
        {"what": "category", "name": "Weather"},
    )


def test_a_reason_is_in_the_history_of_its_category(who, price):
    reason = actions.add(Reason(category=price, name="Too dear"), **who)
    reason.say = "Let me look."
    actions.change(reason, **who)
    actions.retire(reason, **who)
    actions.restore(reason, **who)

    assert story(price.timeline) == [
        ("reasons.added", "reason", "Too dear"),
        ("reasons.changed", "reason", "Too dear"),
        ("reasons.retired", "reason", "Too dear"),
        ("reasons.restored", "reason", "Too dear"),
    ]
    changed = Event.objects.of_kinds(["reasons.changed"]).get()
    assert changed.payload["changes"] == {"say": ["", "Let me look."]}


def test_a_change_that_changes_nothing_is_no_event(who, price):
    actions.change(price, **who)

    assert story(price.timeline) == []


def test_a_competitor_gets_a_history_when_it_is_first_edited(who):
    competitor = CompetitorFactory(name="Rival")
    competitor.name = "Rival & Sons"

    actions.change(competitor, **who)
    actions.retire(competitor, **who)

    assert story(Competitor.objects.get().timeline) == [
        ("reasons.changed", "competitor", "Rival & Sons"),
        ("reasons.retired", "competitor", "Rival & Sons"),
    ]


def test_a_new_competitor_has_one_from_the_start(who):
    competitor = actions.add(Competitor(name="Rival"), **who)

    assert story(competitor.timeline) == [("reasons.added", "competitor", "Rival")]


def test_a_category_swaps_keys_with_the_one_that_has_it(who, price, support):
    price.position = 2

    actions.change(price, **who)

    positions = dict(Category.objects.current().values_list("name", "position"))
    assert positions == {"Price": 2, "Support": 1}
    changes = [
        Event.objects.on(each.timeline).get().payload["changes"] for each in (price, support)
    ]
    assert changes == [{"position": ["1", "2"]}, {"position": ["2", "1"]}]


def test_a_category_moves_to_a_free_key(who, price, support):
    price.position = 9

    actions.change(price, **who)

    positions = dict(Category.objects.current().values_list("name", "position"))
    assert positions == {"Price": 9, "Support": 2}


def test_a_retired_category_changes_its_key_without_touching_others(who, price, support):
    actions.retire(price, **who)
    price.refresh_from_db()
    price.position = 2

    actions.change(price, **who)

    assert Category.objects.get(pk=price.pk).retired_at is not None
    assert Category.objects.get(pk=support.pk).position == 2


def test_a_swap_under_a_taken_name_leaves_everything_as_it_was(who, price, support):
    price.position, price.name = 2, "support"

    with pytest.raises(actions.Taken):
        actions.change(price, **who)

    rows = set(Category.objects.current().values_list("name", "position"))
    assert rows == {("Price", 1), ("Support", 2)}
    assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_swaps_at_once_leave_every_key_once(now):
    categories = [CategoryFactory(name=f"C{n}", position=n) for n in (1, 2, 3)]
    gate, refused = threading.Barrier(3), []

    def move(category, position):
        gate.wait()
        category.position = position
        try:
            actions.change(category, by=None, at=now)
        except actions.Taken as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=move, args=each) for each in zip(categories, (2, 3, 1), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Category.objects.current().values_list("position", flat=True)) == [1, 2, 3]
    assert refused == []


def test_retiring_and_restoring_twice_is_once(who, price):
    for step in (actions.retire, actions.retire, actions.restore, actions.restore):
        step(price, **who)

    assert [kind for kind, _what, _name in story(price.timeline)] == [
        "reasons.retired",
        "reasons.restored",
    ]


def test_names_may_return_but_not_twice(who, price):
    reason = ReasonFactory(category=price, name="Too dear")
    actions.retire(reason, **who)
    actions.add(Reason(category=price, name="TOO DEAR"), **who)

    with pytest.raises(actions.Taken):
        actions.restore(reason, **who)
    with pytest.raises(actions.Taken):
        actions.add(Reason(category=price, name="too dear"), **who)


def test_the_shipped_reasons_are_nine_with_guidance(db, capsys):
    call_command("load_reasons")

    assert capsys.readouterr().out == "Added 9 categories, 36 reasons and 5 prompts.\n"
    assert list(Category.objects.order_by("position").values_list("position", "name")) == [
        (1, "Price"),
        (2, "Missing feature"),
        (3, "Support"),
        (4, "Reliability"),
        (5, "Competitor"),
        (6, "Business change"),
        (7, "Not using it"),
        (8, "Getting started"),
        (9, "Not feeling valued"),
    ]
    assert all(reason.say and reason.ask and reason.offer for reason in Reason.objects.all())
    assert {reason.solvable for reason in Reason.objects.all()} == {"yes", "partly", "no"}


def test_loading_again_respects_what_an_admin_did(db, who, now):
    actions.load_defaults(at=now)
    renamed, retired = Category.objects.get(position=1), Category.objects.get(position=2)
    renamed.name = "Cost"
    actions.change(renamed, **who)
    actions.retire(retired, **who)
    Reason.objects.filter(category__position=3).delete()

    assert actions.load_defaults(at=now) == (0, 0, 0)
    assert Category.objects.current().count() == 8


def test_loading_beside_own_categories_adds_the_free_ones(db, now):
    CategoryFactory(name="price", position=5)

    assert actions.load_defaults(at=now) == (7, 28, 5)  # not Price, and not Competitor, on key 5
