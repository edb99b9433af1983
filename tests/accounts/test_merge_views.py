"""Customers who were put into views by hand, while two records become one and two again."""

import pytest
from django.urls import reverse

from apps.accounts import actions
from apps.accounts.models import Merge
from apps.workspace import actions as workspace
from apps.workspace.models import ViewPick
from tests.factories.accounts import AccountFactory
from tests.factories.workspace import SavedViewFactory, ViewPickFactory


@pytest.fixture
def other(team):
    return AccountFactory(name="Larkspur Dental Ltd", reference="LD-2", team=team)


@pytest.fixture
def third(team):
    return AccountFactory(name="Larkspur North", reference="LD-3", team=team)


@pytest.fixture
def view(agent):
    made = SavedViewFactory(owner=agent, name="Calls", is_picked=True)
    made.query = f"picked={made.pk}"
    made.save()
    return made


def put(view, *accounts):
    for each in accounts:
        ViewPickFactory(view=view, subject_id=each.pk)


def listed(browser, view):
    page = browser.get(reverse("desk:customers"), {"picked": view.pk, "view": view.pk})
    return [row.name for row in page.context["listing"].rows]


def inside(view):
    return set(ViewPick.objects.filter(view=view).values_list("subject_id", flat=True))


def test_the_kept_record_is_in_every_view_in_which_either_was(
    as_agent, account, other, view, manager, now
):
    both, removed = SavedViewFactory(is_picked=True), SavedViewFactory(is_picked=True)
    put(view, other)
    put(both, account, other)
    put(removed, other)
    removed.removed_at = now
    removed.save()
    before = [inside(each) for each in (view, both, removed)]
    assert listed(as_agent, view) == ["Larkspur Dental Ltd"]

    merge = actions.merge(account, other, by=manager, at=now)

    assert listed(as_agent, view) == ["Larkspur Dental"]
    assert all(account.pk in inside(each) for each in (view, both, removed))
    assert ViewPick.objects.get(view=view, subject_id=account.pk).added_by == manager

    actions.unmerge(merge, by=manager, at=now)

    assert [inside(each) for each in (view, both, removed)] == before
    assert listed(as_agent, view) == ["Larkspur Dental Ltd"]


def test_who_was_taken_out_meanwhile_stays_out(account, other, view, manager, now):
    both = SavedViewFactory(is_picked=True)
    put(view, other)
    put(both, account, other)
    merge = actions.merge(account, other, by=manager, at=now)
    for each in (view, both):
        workspace.unpick(each, [account.pk])

    actions.unmerge(merge, by=manager, at=now)

    assert (inside(view), inside(both)) == (set(), set())


def test_who_was_put_in_again_by_hand_stays_in(account, other, view, manager, now):
    put(view, other)
    merge = actions.merge(account, other, by=manager, at=now)
    workspace.unpick(view, [account.pk])
    workspace.pick(view, [account.pk], by=manager, at=now)

    actions.unmerge(merge, by=manager, at=now)

    assert inside(view) == {account.pk, other.pk}


@pytest.mark.parametrize("first", [0, 1])
def test_two_parts_of_one_record_leave_a_view_in_any_order(
    account, other, third, view, manager, now, first
):
    put(view, other, third)
    merges = [actions.merge(account, each, by=manager, at=now) for each in (other, third)]
    assert account.pk in inside(view)

    actions.unmerge(merges.pop(first), by=manager, at=now)
    assert account.pk in inside(view)

    actions.unmerge(Merge.objects.get(pk=merges[0].pk), by=manager, at=now)
    assert inside(view) == {other.pk, third.pk}


def test_a_part_of_a_part_brings_its_views_along(account, other, third, view, manager, now):
    put(view, third)
    inner = actions.merge(other, third, by=manager, at=now)
    outer = actions.merge(account, other, by=manager, at=now)
    assert account.pk in inside(view)

    for each in (outer, inner):
        actions.unmerge(each, by=manager, at=now)

    assert inside(view) == {third.pk}


def test_a_merge_from_before_views_were_taken_along_is_parted_as_it_was(
    account, other, view, manager, now
):
    put(view, other)
    merge = actions.merge(account, other, by=manager, at=now)
    ViewPick.objects.filter(subject_id=account.pk).delete()
    del merge.moved["picks"]
    merge.save()

    actions.unmerge(merge, by=manager, at=now)

    assert inside(view) == {other.pk}


def test_the_page_says_which_views_it_joins(as_manager, account, other, view, now):
    url = reverse("accounts:merge-with", args=[account.pk, other.pk])
    words = "Larkspur Dental joins 1 view picked by hand that Larkspur Dental Ltd is in."
    put(SavedViewFactory(is_picked=True), account, other)
    put(SavedViewFactory(is_picked=True, removed_at=now), other)
    assert "picked by hand" not in as_manager.get(url).content.decode()

    put(view, other)

    assert words in as_manager.get(url).content.decode()
