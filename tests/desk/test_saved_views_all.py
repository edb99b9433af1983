"""The page of all views, their counts, and the views that one customer is in."""

import uuid

import pytest
from django.urls import reverse

from apps.workspace import actions
from apps.workspace.models import SavedView
from tests.factories.accounts import AccountFactory, CustomFieldFactory
from tests.factories.workspace import SavedViewFactory, ViewPickFactory

VIEWS = "/customers/views/"


def key():
    return str(uuid.uuid4())


# --- all views, and counts


def test_all_views_are_listed_in_words_with_counts(as_agent, agent, manager, view, customers):
    SavedViewFactory(owner=agent, name="Broken", query="owner=999999")
    SavedViewFactory(owner=agent, name="Everybody", query="")
    actions.set_default(view, by=agent)
    actions.set_default(view, by=manager, role="agent")

    lines = as_agent.get(VIEWS).context["lines"]

    said = [(line["view"].name, line["count"], line["may_change"]) for line in lines]
    assert said == [("Broken", None, True), ("Everybody", "3", True), ("High tier", "2", False)]
    assert [(chip.label, chip.value) for chip in lines[2]["chips"]] == [("Tier", "High")]
    assert lines[2]["roles"] == ["Agent"]
    assert lines[0]["lost"] == ["Owner: 999999"]


def test_without_views_the_page_says_how_to_make_one(as_agent):
    assert "No views yet" in as_agent.get(VIEWS).content.decode()


def test_counts_come_by_themselves_and_are_kept_for_a_while(
    as_agent, agent, view, customers, django_assert_max_num_queries
):
    SavedViewFactory(owner=agent, name="Broken", query="owner=999999")
    url = reverse("desk:view-counts")

    first = as_agent.get(url)
    AccountFactory(tier="high")

    said = [text for _pk, text in first.context["counts"]]
    assert said == ["3", None, "2"]
    assert f'id="count-{view.pk}" hx-swap-oob="true">2<' in first.content.decode()
    with django_assert_max_num_queries(5):
        assert as_agent.get(url).context["counts"] == first.context["counts"]


def test_a_count_about_oneself_is_nobody_elses(client, agent, manager, customers):
    SavedViewFactory(owner=manager, name="Mine", query="owner=me", sharing="everyone")
    AccountFactory(owner=agent)

    counts = []
    for person in (agent, manager):
        client.force_login(person)
        counts.append(client.get(reverse("desk:view-counts")).context["counts"][1][1])

    assert counts == ["1", "0"]


@pytest.mark.parametrize("page", ["columns", "customer-views", "view-edit", "view-remove"])
def test_pages_about_views_take_the_same_queries_however_many_there_are(
    as_agent, agent, django_assert_max_num_queries, page
):
    views = [
        ViewPickFactory(view__owner=agent, view__is_picked=True, view__query="").view
        for _ in range(6)
    ]
    CustomFieldFactory.create_batch(4)
    subject = {"columns": [], "customer-views": [AccountFactory().pk]}.get(page, [views[0].pk])
    url = reverse(f"desk:{page}", args=subject)

    with django_assert_max_num_queries(8):
        assert as_agent.get(url).status_code == 200


# --- putting a customer into views


def test_a_customer_is_put_into_views_and_taken_out(as_agent, agent, account):
    holding = ViewPickFactory(view__owner=agent, view__name="Old calls", subject_id=account.pk).view
    other = SavedViewFactory(owner=agent, name="Spring renewals", is_picked=True, query="")
    url = f"{account.get_absolute_url()}views/"
    assert as_agent.get(url).context["form"].initial["views"] == [str(holding.pk)]

    sent = {"views": [other.pk], "name": "Brand new", "key": key()}
    answers = [as_agent.post(url, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    into = SavedView.objects.filter(picks__subject_id=account.pk).values_list("name", flat=True)
    assert sorted(into) == ["Brand new", "Spring renewals"]

    as_agent.post(url, {"key": key()})
    assert not into.all()


def test_an_older_page_changes_only_what_was_changed_on_it(as_agent, agent, manager, account, now):
    held, gone, new = (
        SavedViewFactory(owner=agent, name=name, is_picked=True, query="") for name in "ABC"
    )
    for each in (held, gone):
        ViewPickFactory(view=each, subject_id=account.pk)
    url = f"{account.get_absolute_url()}views/"
    shown = as_agent.get(url).context["form"].initial
    assert shown["shown"] == f"{held.pk} {gone.pk}"

    # Another tab ticks one and unticks another; this one is saved untouched.
    actions.pick(new, [account.pk], by=manager, at=now)
    actions.unpick(gone, [account.pk])
    as_agent.post(url, {"views": shown["views"], "shown": shown["shown"], "key": key()})

    into = SavedView.objects.filter(picks__subject_id=account.pk).order_by("name")
    assert list(into.values_list("name", flat=True)) == ["A", "C"]

    as_agent.post(url, {"views": [gone.pk], "shown": str(held.pk), "key": key()})
    assert list(into.values_list("name", flat=True)) == ["B", "C"]

    as_agent.post(url, {"views": [held.pk], "shown": "", "key": key()})
    assert list(into.values_list("name", flat=True)) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": "taken"}, "Choose another name."),
        ({"views": ["999999"]}, "Select a valid choice."),
    ],
)
def test_putting_into_a_view_may_be_refused(as_agent, agent, account, sent, says):
    SavedViewFactory(owner=agent, name="Taken", is_picked=True)

    response = as_agent.post(f"{account.get_absolute_url()}views/", {"key": key()} | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_without_views_there_is_only_the_name_of_a_new_one(as_agent, account):
    form = as_agent.get(f"{account.get_absolute_url()}views/").context["form"]

    assert sorted(form.fields) == ["key", "name"]


def test_hidden_customers_are_put_into_no_view(as_agent, private_account):
    url = f"{private_account.get_absolute_url()}views/"

    assert as_agent.post(url, {"name": "X", "key": key()}).status_code == 404
