"""Saved views: whose they are, who finds them, what a list opens with, and picking by hand."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection

from apps.workspace import actions, queries
from apps.workspace.models import DefaultView, SavedView
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import DefaultViewFactory, SavedViewFactory, ViewPickFactory

PAGE = "customers"


def save(by, at, **more):
    details = {"name": "At risk", "query": "stage=test_drive", "columns": ["stage"]}
    return actions.save_view(by=by, at=at, **(details | more))


def found(user, role=None):
    return [view.name for view in queries.views_of(user, PAGE, role=role)]


# --- saving


def test_a_view_keeps_the_question_the_columns_and_the_order(agent, now):
    view = save(agent, now, query="stage=test_drive&sort=-mrr", columns=["tier", "mrr"])

    kept = SavedView.objects.get()
    assert kept == view
    assert (kept.name, kept.query, kept.columns) == (
        "At risk",
        "stage=test_drive&sort=-mrr",
        ["tier", "mrr"],
    )
    assert (kept.sharing, kept.owner, kept.team, kept.created_at) == ("mine", agent, None, now)


def test_a_form_that_comes_twice_keeps_one_view(agent, now):
    key = uuid.uuid4()

    first, second = (save(agent, now, key=key) for _ in range(2))

    assert first == second
    assert SavedView.objects.count() == 1


def test_a_person_has_one_view_of_a_name_in_whatever_case(agent, manager, now):
    save(agent, now)
    save(manager, now)

    with pytest.raises(actions.ViewNameTaken, match="Choose another name"):
        save(agent, now, name="at RISK")
    assert SavedView.objects.count() == 2


def test_a_name_that_was_taken_leaves_the_forms_key_free(agent, now):
    key = uuid.uuid4()
    save(agent, now)

    with pytest.raises(actions.ViewNameTaken):
        save(agent, now, key=key)

    assert save(agent, now, key=key, name="Another").name == "Another"


def test_a_view_for_the_team_belongs_to_the_owners_team(agent, team, now):
    assert save(agent, now, sharing="team").team == team


def test_a_view_cannot_be_shared_with_a_team_that_is_not_there(now, db):
    loner = make_person("agent", team=None)

    with pytest.raises(actions.ViewNotShared, match="in no team"):
        save(loner, now, sharing="team")


def test_only_managers_share_with_everyone(agent, manager, now):
    with pytest.raises(actions.ViewNotShared, match="Only managers"):
        save(agent, now, sharing="everyone")

    assert save(manager, now, sharing="everyone").sharing == "everyone"


def test_a_view_picked_by_hand_asks_for_its_own_rows(agent, now):
    view = save(agent, now, query="", is_picked=True)

    assert view.query == f"picked={view.pk}"


# --- who finds it


def test_everybody_finds_their_own_their_teams_and_everyones_views(agent, manager, outsider, now):
    save(agent, now, name="My own")
    save(agent, now, name="northern", sharing="team")
    save(manager, now, name="All of us", sharing="everyone")
    save(outsider, now, name="Hushed", sharing="team")
    SavedViewFactory(owner=agent, page="tasks", name="Another list")

    assert found(agent) == ["All of us", "My own", "northern"]
    assert found(manager) == ["All of us", "northern"]
    assert found(outsider) == ["All of us", "Hushed"]


def test_the_menu_takes_one_query_however_many_views(agent, now, django_assert_num_queries):
    for n in range(3):
        DefaultViewFactory(view__name=f"View {n}", view__owner=agent, user=None, role=f"r{n}")

    with django_assert_num_queries(1):
        views = queries.views_of(agent, PAGE, role="agent")

    assert [(view.owner, view.roles) for view in views] == [
        ("Ada Lovett", ["r0"]),
        ("Ada Lovett", ["r1"]),
        ("Ada Lovett", ["r2"]),
    ]


# --- changing


def test_the_owner_changes_name_sharing_question_and_columns(agent, team, now):
    view = save(agent, now)

    changed = actions.change_view(
        view,
        by=agent,
        version=1,
        name="Going",
        sharing="team",
        query="tier=high",
        columns=["mrr"],
    )

    view.refresh_from_db()
    assert changed.version == view.version == 2
    assert (view.name, view.sharing, view.team, view.query, view.columns) == (
        "Going",
        "team",
        team,
        "tier=high",
        ["mrr"],
    )


def test_what_is_not_said_stays_and_nothing_new_is_no_change(agent, now):
    view = save(agent, now)

    assert actions.change_view(view, by=agent, version=1, sharing="mine").version == 1
    assert actions.change_view(view, by=agent, version=1, columns=[]).columns == []
    # The form that was sent twice finds its own change and is content.
    assert actions.change_view(view, by=agent, version=1, columns=[]).version == 2


def test_who_was_slower_is_told_and_gets_the_newer_view(manager, admin, now):
    view = save(manager, now, sharing="everyone")
    actions.change_view(view, by=admin, version=1, name="By Iris")

    with pytest.raises(actions.ViewChanged, match="meanwhile") as refusal:
        actions.change_view(view, by=manager, version=1, name="By Max")

    assert refusal.value.view.name == "By Iris"
    assert SavedView.objects.get().name == "By Iris"


def test_only_the_owner_changes_a_view_and_managers_those_of_everyone(agent, manager, now):
    shared = save(manager, now, sharing="everyone")
    team = save(agent, now, sharing="team")
    other_manager = make_person("manager")

    for view, by in ((shared, agent), (team, manager)):
        with pytest.raises(actions.ViewNotYours, match="Ask the person who made"):
            actions.change_view(view, by=by, version=1, name="Mine now")
        with pytest.raises(actions.ViewNotYours):
            actions.remove_view(view, by=by, at=now)
    assert actions.change_view(shared, by=other_manager, version=1, name="Better").version == 2


def test_a_new_name_may_not_be_one_the_owner_has(agent, now):
    save(agent, now, name="Taken")
    view = save(agent, now)

    with pytest.raises(actions.ViewNameTaken):
        actions.change_view(view, by=agent, version=1, name="taken")


def test_a_view_that_fewer_find_is_no_roles_choice_any_more(agent, manager, now):
    view = save(manager, now, sharing="everyone")
    actions.set_default(view, by=manager, role="agent")
    actions.set_default(view, by=agent)

    actions.change_view(view, by=manager, version=1, sharing="team")

    assert [row.user for row in DefaultView.objects.all()] == [agent]


def test_a_view_that_was_removed_cannot_be_changed(agent, now):
    view = save(agent, now, is_picked=True)
    actions.remove_view(view, by=agent, at=now)
    view.pk = 2**40

    for attempt in (
        lambda: actions.change_view(view, by=agent, version=1, name="Back"),
        lambda: actions.set_default(view, by=agent),
        lambda: actions.pick(view, [1], by=agent, at=now),
    ):
        with pytest.raises(actions.ViewGone, match="removed meanwhile"):
            attempt()


# --- removing


def test_before_a_view_goes_one_learns_who_else_opens_their_list_with_it(agent, manager, now):
    view = save(manager, now, sharing="everyone")
    for person in (agent, manager, make_person("agent")):
        actions.set_default(view, by=person)
    actions.set_default(view, by=manager, role="agent")

    assert queries.users_of(view, but=manager) == (2, ["agent"])


# --- what the list opens with


def opens(user, role):
    view = queries.default_among(queries.views_of(user, PAGE, role=role))
    return view and view.name


def test_the_list_opens_with_ones_own_choice_else_with_the_roles(agent, manager, now):
    shared = save(manager, now, sharing="everyone", name="For agents")
    own = save(agent, now, name="Ada's")
    assert opens(agent, "agent") is None

    actions.set_default(shared, by=manager, role="agent")
    assert (opens(agent, "agent"), opens(manager, "manager")) == ("For agents", None)

    actions.set_default(own, by=agent)
    assert opens(agent, "agent") == "Ada's"

    actions.clear_default(by=agent)
    assert opens(agent, "agent") == "For agents"

    actions.clear_default(by=manager, role="agent")
    assert opens(agent, "agent") is None


def test_one_may_open_the_whole_list_whatever_the_role_opens(agent, manager, now):
    shared = save(manager, now, sharing="everyone", name="For agents")
    actions.set_default(shared, by=manager, role="agent")

    for _time in range(2):
        actions.open_whole(by=agent)
        assert opens(agent, "agent") is None
    assert opens(make_person("agent"), "agent") == "For agents"

    actions.set_default(shared, by=agent)
    assert opens(agent, "agent") == "For agents"
    actions.open_whole(by=agent)
    actions.clear_default(by=agent)
    assert opens(agent, "agent") == "For agents"
    assert DefaultView.objects.count() == 1


def test_choosing_again_replaces_the_choice(agent, now):
    for name in ("One", "Two"):
        actions.set_default(save(agent, now, name=name), by=agent)

    assert opens(agent, "agent") == "Two"
    assert DefaultView.objects.count() == 1


def test_a_default_that_one_does_not_find_any_more_is_passed_over(agent, manager, now):
    view = save(manager, now, sharing="everyone")
    actions.set_default(view, by=agent)

    actions.change_view(view, by=manager, version=1, sharing="mine")

    assert opens(agent, "agent") is None


def test_a_role_gets_only_what_everyone_finds_and_only_from_managers(agent, manager, now):
    shared = save(manager, now, sharing="everyone")

    with pytest.raises(actions.ViewNotShared, match="Share the view"):
        actions.set_default(save(manager, now, name="Mine"), by=manager, role="agent")
    with pytest.raises(actions.ViewNotYours):
        actions.set_default(shared, by=agent, role="agent")
    with pytest.raises(actions.ViewNotYours):
        actions.clear_default(by=agent, role="agent")


def test_changing_a_view_also_says_for_which_roles_the_list_opens_with_it(agent, manager, now):
    view = save(manager, now)

    def change(version, **more):
        actions.change_view(view, by=manager, version=version, **more)
        return queries.users_of(view, but=manager)[1]

    assert change(1, sharing="everyone", roles=["agent", "manager"]) == ["agent", "manager"]
    assert change(2, name="Renamed") == ["agent", "manager"]
    assert change(3, roles=["admin"]) == ["admin"]
    assert change(4, roles=[]) == []
    assert change(1, roles=[]) == []  # sent twice
    with pytest.raises(actions.ViewNotShared):
        change(5, sharing="mine", roles=["agent"])


def test_roles_that_somebody_else_chose_are_not_taken_away_unseen(manager, now):
    view = save(manager, now, sharing="everyone")
    other = save(manager, now, name="Other", sharing="everyone")
    actions.change_view(view, by=manager, version=1, roles=["agent"])

    for late in ({"name": "New", "roles": []}, {"roles": ["manager"]}, {"name": "New"}):
        with pytest.raises(actions.ViewChanged):
            actions.change_view(view, by=manager, version=1, **late)

    # The role goes to another view: an older form does not take it back.
    actions.change_view(other, by=manager, version=1, roles=["agent"])
    with pytest.raises(actions.ViewChanged):
        actions.change_view(view, by=manager, version=2, roles=["agent"])
    assert queries.users_of(other, but=manager)[1] == ["agent"]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_choose_for_a_role_at_once_one_is_kept(now):
    manager = make_person("manager", team=TeamFactory())
    views = [save(manager, now, name=f"{n}", sharing="everyone") for n in range(4)]
    gate, errors = threading.Barrier(4), []

    def choose(view):
        gate.wait()
        try:
            actions.set_default(view, by=manager, role="agent")
        except IntegrityError as error:
            errors.append(error)
        connection.close()

    threads = [threading.Thread(target=choose, args=[view]) for view in views]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert DefaultView.objects.filter(role="agent").count() == 1


# --- picking by hand


def test_rows_are_put_into_a_view_once_and_taken_out(agent, manager, now):
    view = save(agent, now, sharing="team", is_picked=True)

    assert actions.pick(view, [3, 1, 3], by=manager, at=now) == [1, 3]
    assert actions.pick(view, [1, 2], by=agent, at=now) == [2]
    assert actions.unpick(view, [1, 9]) == 1

    left = view.picks.order_by("subject_id").values_list("subject_id", "added_by")
    assert list(left) == [(2, agent.pk), (3, manager.pk)]


def test_a_view_that_finds_its_rows_by_filters_takes_none(agent, now):
    with pytest.raises(actions.ViewNotPicked, match="by filters"):
        actions.pick(save(agent, now), [1], by=agent, at=now)


def test_a_row_knows_which_hand_picked_views_it_is_in(agent, outsider, now):
    holding = ViewPickFactory(view__owner=agent, view__name="Renewals", subject_id=7)
    save(agent, now, name="Another", is_picked=True)
    save(agent, now, name="By filters")
    save(outsider, now, name="Hushed", is_picked=True)

    views = queries.picked_views(agent, PAGE, subject_id=7)

    assert [(view.name, view.holds) for view in views] == [("Another", False), ("Renewals", True)]
    assert views[1] == holding.view


@pytest.mark.django_db
def test_who_is_in_no_team_finds_their_own_and_everybodys_views():
    loner, team = make_person("agent", team=None), TeamFactory()
    SavedViewFactory(name="Mine", owner=loner)
    SavedViewFactory(name="All", sharing="everyone")
    SavedViewFactory(name="Theirs", sharing="team", team=team)

    names = SavedView.objects.visible_to(loner).by_name().values_list("name", flat=True)
    assert list(names) == ["All", "Mine"]
