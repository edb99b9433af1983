"""Whose list opened with a view that is shared with fewer people is told of it once."""

from datetime import timedelta

import pytest

from apps.desk import actions
from apps.history.models import Event
from apps.notifications.models import Notification
from apps.workspace import actions as workspace
from apps.workspace.models import SavedView
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import DefaultViewFactory, SavedViewFactory


@pytest.fixture
def change(manager, now, ran_jobs):
    """Change a view as the manager, and let the worker tell of it."""

    def change(view, **changes):
        version = SavedView.objects.get(pk=view.pk).version
        changed = actions.change_view(view, by=manager, at=now, version=version, **changes)
        ran_jobs()
        return changed

    return change


def told():
    return list(Notification.objects.order_by("user__name").values_list("user__name", flat=True))


def test_who_chose_it_and_finds_it_no_more_is_told_once(view, agent, change):
    elsewhere = make_person("agent", name="Zoe", team=TeamFactory())
    for person in (agent, elsewhere):
        DefaultViewFactory(view=view, user=person)

    # Ada is of the owner's team and still finds it.
    change(view, sharing="team")
    assert told() == ["Zoe"]

    change(view, sharing="mine")
    change(view, sharing="mine")
    assert told() == ["Ada Lovett", "Zoe"]
    assert Event.objects.get(kind="desk.view_withdrawn", payload__people=[agent.pk])


def test_those_of_a_role_are_told_but_for_who_chose_otherwise(view, agent, manager, change):
    other = SavedViewFactory(owner=manager, sharing="everyone")
    hidden = SavedViewFactory(sharing="mine")
    chosen = {"Bo": other, "Cy": None, "Di": hidden}
    for name, choice in chosen.items():
        person = make_person("agent", name=name, team=manager.team)
        DefaultViewFactory(view=choice, user=person)
    make_person("agent", name="Ed", is_active=False)
    DefaultViewFactory(view=view, user=None, role="agent")

    change(view, sharing="team")

    # Di's own choice was none any more, so hers opened as it does for the role.
    assert told() == ["Ada Lovett", "Di"]


def test_nobody_is_told_what_they_did_or_what_changes_nothing_for_them(
    view, agent, manager, change
):
    DefaultViewFactory(view=view, user=manager)
    change(view, sharing="mine")

    DefaultViewFactory(view=view, user=agent)  # from before, of no effect
    change(view, sharing="everyone")
    change(view, name="Better")
    DefaultViewFactory(view=view, user=None, role="admin")
    change(view, roles=[])

    assert told() == []
    assert not Event.objects.filter(kind="desk.view_withdrawn").exists()


def test_the_owner_who_keeps_a_view_to_themselves_still_opens_with_it(
    view, agent, manager, admin, now, ran_jobs
):
    DefaultViewFactory(view=view, user=manager)
    version = view.version

    actions.change_view(view, by=admin, at=now, version=version, sharing="mine")
    ran_jobs()

    assert told() == []


def test_a_view_that_is_gone_is_refused_as_ever(view, manager, now, change):
    workspace.remove_view(view, by=manager, at=now)
    with pytest.raises(workspace.ViewGone):
        change(view, sharing="mine")
    workspace.forget_removed_views(at=now + timedelta(days=2))
    with pytest.raises(workspace.ViewGone):
        actions.change_view(view, by=manager, at=now, version=1, sharing="mine")


def test_the_bell_says_so_and_leads_to_the_list(client, view, agent, manager, ran_jobs):
    DefaultViewFactory(view=view, user=agent)
    client.force_login(manager)
    body = {"name": view.name, "sharing": "mine", "version": view.version, "shown": ""}
    warned = client.get(f"/customers/views/{view.pk}/edit/").content.decode()
    client.post(f"/customers/views/{view.pk}/edit/", body)
    ran_jobs()

    assert "opens Customers as others in their role do, and is told." in warned
    client.force_login(agent)
    assert 'aria-label="Notifications, 1 unread"' in client.get("/").content.decode()
    page = client.get("/notifications/").content.decode()
    assert "Customers doesn’t open with High tier for you any more" in page
    assert "View High tier shared with fewer people" in page
    assert "by Max Brandt" in page
    notice = Notification.objects.get()
    assert client.post(f"/notifications/{notice.pk}/open/").url == "/customers/"
    assert client.get("/customers/").status_code == 200
