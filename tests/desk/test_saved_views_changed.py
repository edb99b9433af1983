"""Keeping a list as a view, changing the view, and removing it."""

import uuid

import pytest
from django.urls import reverse

from apps.workspace import actions
from apps.workspace.models import DefaultView, SavedView
from tests.factories.users import make_person
from tests.factories.workspace import SavedViewFactory, ViewPickFactory

LIST = "/customers/"
VIEWS = "/customers/views/"


def names(response):
    return [row.name for row in response.context["listing"].rows]


def key():
    return str(uuid.uuid4())


# --- keeping


def test_a_list_is_kept_as_a_view(as_agent, agent, customers):
    url = reverse("desk:view-new")
    page = as_agent.get(LIST, {"tier": "high", "sort": "-mrr", "columns": "mrr"}).content.decode()
    assert f'href="{url}?tier=high&amp;sort=-mrr&amp;columns=mrr">Save as view' in page

    asked = "?tier=high&sort=-mrr&columns=mrr"
    form = as_agent.get(f"{url}{asked}").content.decode()
    assert "Tier <b>High</b>" in form
    sent = {"name": "Big", "sharing": "team", "kind": "filters", "key": key()}
    answers = [as_agent.post(f"{url}{asked}", sent, follow=True) for _ in range(2)]

    kept = SavedView.objects.get()
    assert (kept.query, kept.columns, kept.sharing) == ("tier=high&sort=-mrr", ["mrr"], "team")
    assert [names(each) for each in answers] == [["Birch", "Ash"]] * 2


def test_a_view_can_begin_empty_and_be_filled_by_hand(as_agent, customers):
    sent = {"name": "Calls", "sharing": "mine", "kind": "picked", "key": key()}

    response = as_agent.post(f"{reverse('desk:view-new')}?tier=high", sent, follow=True)

    assert SavedView.objects.get().is_picked
    assert names(response) == []


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": "taken"}, "Choose another name."),
        ({"sharing": "everyone"}, "Select a valid choice."),
    ],
)
def test_a_view_that_cannot_be_kept_comes_back_with_words(as_agent, agent, sent, says):
    SavedViewFactory(owner=agent, name="Taken")
    good = {"name": "Big", "sharing": "mine", "kind": "filters", "key": key()}

    response = as_agent.post(reverse("desk:view-new"), good | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_question_that_the_list_does_not_know_is_no_view(as_agent):
    response = as_agent.get(f"{reverse('desk:view-new')}?colour=red")

    assert (response.status_code, response.url) == (302, f"{LIST}?view=all")


def test_somebody_without_a_team_is_not_offered_to_share_with_one(client, db):
    client.force_login(make_person("agent", team=None))

    choices = client.get(reverse("desk:view-new")).context["form"].fields["sharing"].choices

    assert [value for value, _label in choices] == ["mine"]


# --- changing


def test_a_changed_list_may_be_saved_into_its_view(as_manager, view, customers):
    asked = f"tier=mid&columns=stage&view={view.pk}"
    page = as_manager.get(f"{LIST}?{asked}")
    assert "Save changes" in page.content.decode()
    assert "Save as view" in page.content.decode()

    url = f"{VIEWS}{view.pk}/keep/?{asked}"
    response = as_manager.post(url, {"version": 1}, follow=True)

    view.refresh_from_db()
    assert (view.query, view.columns, view.version) == ("tier=mid", ["stage"], 2)
    assert names(response) == ["Cedar"]
    assert "Save changes" not in response.content.decode()


@pytest.mark.parametrize("version", ["0", "", "x", "9" * 30])
def test_who_was_slower_keeps_the_list_and_is_told(as_manager, view, customers, version):
    url = f"{VIEWS}{view.pk}/keep/?tier=mid&view={view.pk}"

    response = as_manager.post(url, {"version": version}, follow=True)

    view.refresh_from_db()
    assert view.query == "tier=high&sort=-mrr"
    assert "Somebody changed this view meanwhile." in response.content.decode()
    assert names(response) == ["Cedar"]
    assert 'name="version" value="1"' in response.content.decode()


def test_a_question_that_is_refused_changes_no_view(as_manager, view):
    as_manager.post(f"{VIEWS}{view.pk}/keep/?colour=red", {"version": 1})

    view.refresh_from_db()
    assert view.version == 1


def test_agents_see_no_button_to_change_everyones_view(as_agent, view, customers):
    page = as_agent.get(f"{LIST}?tier=mid&view={view.pk}").content.decode()

    assert "Save changes" not in page
    assert "Save as view" in page
    assert "Ask the person who made" in as_agent.get(f"{VIEWS}{view.pk}/edit/").content.decode()


def test_a_view_picked_by_hand_cannot_lose_its_picks_to_a_filter(as_agent, agent, customers):
    view = ViewPickFactory(view__owner=agent, subject_id=customers[0].pk).view
    SavedView.objects.filter(pk=view.pk).update(query=f"picked={view.pk}")

    with_picks = as_agent.get(f"{LIST}?picked={view.pk}&tier=high&view={view.pk}")
    without = as_agent.get(f"{LIST}?tier=high&view={view.pk}")

    assert "Save changes" in with_picks.content.decode()
    assert "Save changes" not in without.content.decode()


def test_a_view_is_renamed_shared_and_opened_for_a_role(as_manager, view):
    url = f"{VIEWS}{view.pk}/edit/"
    assert as_manager.get(url).status_code == 200

    sent = {"name": "Best", "sharing": "everyone", "roles": ["agent"], "version": 1}
    response = as_manager.post(url, sent)

    view.refresh_from_db()
    assert response.status_code == 302
    assert view.name == "Best"
    assert [row.role for row in DefaultView.objects.all()] == ["agent"]
    assert as_manager.get(url).context["form"].initial["roles"] == ["agent"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": "TAKEN"}, "Choose another name."),
        ({"sharing": "mine", "roles": ["agent"]}, "Share the view with everyone first"),
    ],
)
def test_a_change_of_a_view_that_is_refused_says_why(as_manager, manager, view, sent, says):
    SavedViewFactory(owner=manager, name="Taken")
    good = {"name": "Best", "sharing": "everyone", "version": 1}

    response = as_manager.post(f"{VIEWS}{view.pk}/edit/", good | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_somebody_else_was_faster_at_renaming(as_manager, manager, view):
    actions.change_view(view, by=manager, version=1, name="Theirs")
    url, sent = f"{VIEWS}{view.pk}/edit/", {"name": "Mine", "sharing": "everyone", "version": 1}

    response = as_manager.post(url, sent)

    page = response.content.decode()
    assert response.status_code == 409
    assert "It is called Theirs now" in page
    assert 'value="Mine"' in page
    assert 'name="version" value="2"' in page
    assert as_manager.post(url, sent | {"version": 2}).status_code == 302


@pytest.mark.parametrize(("ticked", "kept"), [([], ["agent"]), (["manager"], ["manager"])])
def test_a_role_that_somebody_ticked_meanwhile_is_said_and_stays(
    as_manager, manager, view, ticked, kept
):
    url = f"{VIEWS}{view.pk}/edit/"
    shown = as_manager.get(url).context["form"].initial
    actions.change_view(view, by=manager, version=1, roles=["agent"])

    sent = {"name": "Best", "sharing": "everyone", "roles": ticked, "version": 1}
    met = as_manager.post(url, sent | {"shown": shown["shown"]})

    assert met.status_code == 409
    assert "Customers opens with it for: Agent." in met.content.decode()
    form = met.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert again == {**sent, "roles": kept, "version": "2", "shown": "agent"}
    assert as_manager.post(url, again).status_code == 302
    assert [row.role for row in DefaultView.objects.all()] == kept
    view.refresh_from_db()
    assert view.name == "Best"


def test_editing_says_how_many_others_open_their_list_with_it(as_manager, agent, manager, view):
    url = f"{VIEWS}{view.pk}/edit/"
    actions.set_default(view, by=manager)
    assert "open Customers with it" not in as_manager.get(url).content.decode()
    actions.set_default(view, by=agent)

    page = as_manager.get(url).content.decode()
    assert "1 other person opens Customers with it." in page

    actions.change_view(view, by=manager, version=1, sharing="mine")
    assert "1 other person" not in as_manager.get(url).content.decode()


def test_agents_may_not_open_a_role_s_list_with_their_view(as_agent, agent):
    own = SavedViewFactory(owner=agent)

    sent = {"name": "Mine", "sharing": "mine", "roles": ["agent"], "version": 1}
    as_agent.post(f"{VIEWS}{own.pk}/edit/", sent)

    assert not DefaultView.objects.exists()


# --- removing


def test_removing_asks_first_and_says_who_else_uses_it(as_manager, agent, manager, view):
    actions.set_default(view, by=agent)
    actions.set_default(view, by=manager, role="agent")
    url = f"{VIEWS}{view.pk}/remove/"

    page = as_manager.get(url).content.decode()
    assert "1 other person opens Customers with it." in page
    assert "Customers opens with it for: Agent." in page
    assert as_manager.post(url, follow=True).redirect_chain == [(f"{VIEWS}{view.pk}/removed/", 302)]

    assert not SavedView.objects.filter(removed_at=None).exists()


def test_a_view_of_somebody_else_stays(as_agent, view):
    page = as_agent.get(f"{VIEWS}{view.pk}/remove/").content.decode()
    assert "Ask the person who made this view" in page

    response = as_agent.post(f"{VIEWS}{view.pk}/remove/", follow=True)

    assert SavedView.objects.exists()
    assert "Ask the person who made this view" in response.content.decode()
