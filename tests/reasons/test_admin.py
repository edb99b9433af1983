"""The settings pages of reasons."""

import pytest
from django.urls import reverse

from apps.history.models import Event
from apps.reasons import actions
from apps.reasons.models import Category, Competitor, Reason
from tests.factories.history import TimelineFactory
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory


def url(model, page="changelist", *args):
    return reverse(f"admin:reasons_{model}_{page}", args=args)


def act(client, model, action, *things):
    body = {"action": action, "_selected_action": [thing.pk for thing in things]}
    return client.post(url(model), body, follow=True)


def says(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def price(db):
    return CategoryFactory(name="Price", position=1)


def test_the_list_shows_what_is_in_use_unless_asked(as_admin, price, now):
    ReasonFactory(category=price, name="Current One", say="Hello")
    ReasonFactory(category=price, name="Former One", retired_at=now)

    shown = {
        use: [name for name in ("Current One", "Former One") if name in says(page)]
        for use in ("", "retired", "all")
        for page in [as_admin.get(url("reason"), {"use": use} if use else {})]
    }

    assert shown == {
        "": ["Current One"],
        "retired": ["Former One"],
        "all": ["Current One", "Former One"],
    }


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_the_same_for_many(as_admin, django_assert_max_num_queries, count):
    for number in range(count):
        ReasonFactory(category__position=number % 9 + 1)

    with django_assert_max_num_queries(9):
        as_admin.get(url("reason"))


def test_an_admin_adds_edits_and_finds_a_reason(as_admin, admin, price):
    body = {"category": price.pk, "name": "Too dear", "position": 1, "solvable": "yes"}
    body["win_back_days"] = 30
    assert as_admin.post(url("reason", "add"), body).status_code == 302
    reason = Reason.objects.get()

    response = as_admin.post(url("reason", "change", reason.pk), {**body, "say": "Let me look."})

    assert response.status_code == 302
    assert Reason.objects.get().say == "Let me look."
    kinds = [(event.kind, event.actor) for event in Event.objects.on(price.timeline).order_by("id")]
    assert kinds == [("reasons.added", admin), ("reasons.changed", admin)]
    assert "Too dear" in says(as_admin.get(url("reason"), {"q": "dear"}))


def test_a_name_that_is_taken_is_said_on_the_form(as_admin, price):
    ReasonFactory(category=price, name="Too dear")
    body = {"category": price.pk, "name": "TOO DEAR", "position": 1, "solvable": "yes"}
    body["win_back_days"] = 30

    assert "This category has a reason of this name already." in says(
        as_admin.post(url("reason", "add"), body)
    )
    assert "This field is required." in says(as_admin.post(url("reason", "add"), {"position": 1}))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "price"}, "Another category has this name. Choose a new one."),
        ({"position": 1}, "Key 1 picks Price. Choose a free key, or retire that one first."),
        ({"position": 10}, "Choose a key from 1 to 9."),
    ],
)
def test_a_new_category_needs_its_own_name_and_key(as_admin, price, fields, words):
    body = {"name": "Weather", "question": "What about it?", "position": 2, **fields}

    assert words in says(as_admin.post(url("category", "add"), body))
    assert Category.objects.count() == 1


def test_categories_are_ordered_by_giving_one_the_key_of_another(as_admin, price):
    CategoryFactory(name="Support", position=2)
    body = {"name": "Price", "question": "What about it?", "position": 2}

    as_admin.post(url("category", "change", price.pk), body)

    order = Category.objects.order_by("position").values_list("name", flat=True)
    assert list(order) == ["Support", "Price"]


def test_a_category_keeps_its_name_and_key_when_edited(as_admin, price):
    body = {"name": "Price", "question": "What about the price?", "position": 1}

    assert as_admin.post(url("category", "change", price.pk), body).status_code == 302
    assert Category.objects.get().question == "What about the price?"


def test_a_competitor_s_name_is_taken_even_by_a_retired_one(as_admin, now):
    CompetitorFactory(name="Rival", retired_at=now)

    response = as_admin.post(url("competitor", "add"), {"name": "RIVAL"})

    assert "This name is taken, maybe by a retired one: restore that." in says(response)
    assert as_admin.post(url("competitor", "add"), {"name": "Other"}).status_code == 302
    assert Competitor.objects.count() == 2


def test_how_long_who_left_is_left_alone_is_a_reasons_own(as_admin, price):
    reason = ReasonFactory(category=price, name="Too dear", position=1, solvable="yes")
    page = url("reason", "change", reason.pk)
    body = {"category": price.pk, "name": "Too dear", "position": 1, "solvable": "yes"}

    refused = as_admin.post(page, body | {"win_back_days": 731})
    assert "Choose up to 730 days." in says(refused)
    as_admin.post(page, body | {"win_back_days": 90})

    reason.refresh_from_db()
    assert reason.win_back_days == 90
    event = Event.objects.get(kind="reasons.changed")
    assert event.payload["changes"] == {"win_back_days": ["30", "90"]}


def test_reasons_are_retired_and_restored_but_never_deleted(as_admin, price):
    reason = ReasonFactory(category=price)

    page = says(as_admin.get(url("reason")))
    assert ("Retire" in page, "Delete selected" in page) == (True, False)
    assert "Past calls keep them." in says(act(as_admin, "reason", "retire", reason))
    reason.refresh_from_db()
    assert reason.retired_at is not None
    body = {"action": "restore", "_selected_action": [reason.pk]}
    response = as_admin.post(url("reason") + "?use=retired", body, follow=True)
    assert f"{reason} is in use again." in says(response)
    reason.refresh_from_db()
    assert reason.retired_at is None


def test_what_has_a_new_owner_stays_retired(as_admin, price, now):
    old = CategoryFactory(name="Old", position=3, retired_at=now)
    Category.objects.create(name="New", question="?", position=3, timeline=TimelineFactory())

    body = {"action": "restore", "_selected_action": [old.pk]}
    response = as_admin.post(url("category") + "?use=all", body, follow=True)

    assert "Old stays retired: another one has its name or its key." in says(response)
    old.refresh_from_db()
    assert old.retired_at == now


def test_the_history_of_a_reason_says_what_changed_and_by_whom(as_admin, admin, price, now):
    for name in ("First", "Second"):
        actions.add(Reason(category=price, name=name), by=admin, at=now)
    reason = Reason.objects.get(name="First")
    reason.solvable = "no"
    actions.change(reason, by=None, at=now)

    page = says(as_admin.get(url("reason", "history", reason.pk)))
    whole = says(as_admin.get(url("category", "history", price.pk)))

    assert '<strong>Iris Kaya</strong> <span class="said">added the reason First</span>' in page
    assert "<strong>Mainstay</strong>" in page
    assert "edited the reason First: solvable" in page
    assert "Second" not in page
    assert "added the reason Second" in whole


def test_what_was_never_edited_has_no_history_and_what_is_not_there_no_page(as_admin):
    competitor = CompetitorFactory()

    page = says(as_admin.get(url("competitor", "history", competitor.pk)))

    assert "Nothing has changed since it was loaded." in page
    assert as_admin.get(url("competitor", "history", 0))["Location"] == reverse("admin:index")
