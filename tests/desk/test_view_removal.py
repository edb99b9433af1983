"""The pages on which a view is removed and brought back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.workspace import actions
from apps.workspace.models import SavedView

VIEWS = "/customers/views/"


@pytest.fixture
def view(agent):
    return actions.save_view(
        name="High value", query="tier=high", columns=[], by=agent, at=timezone.now()
    )


def test_a_removed_view_is_offered_to_be_brought_back(as_agent, view):
    page = as_agent.post(f"{VIEWS}{view.pk}/remove/", follow=True).content.decode()
    assert "High value was removed" in page
    assert "Removed by mistake?" in page
    assert "High value" not in as_agent.get(VIEWS).content.decode()
    assert as_agent.get(f"{VIEWS}{view.pk}/").status_code == 404

    for _ in range(2):
        response = as_agent.post(f"{VIEWS}{view.pk}/restore/")
        assert response.url == f"/customers/?tier=high&view={view.pk}"

    page = as_agent.get(response.url).content.decode()
    assert "High value is back." in page
    assert as_agent.get(f"{VIEWS}{view.pk}/removed/").status_code == 404


def test_too_late_is_said(as_agent, view):
    ago = timezone.now() - timedelta(minutes=11)
    SavedView.objects.update(removed_at=ago)

    page = as_agent.get(f"{VIEWS}{view.pk}/removed/").content.decode()
    response = as_agent.post(f"{VIEWS}{view.pk}/restore/")

    assert "The ten minutes to undo this are over." in page
    assert f"{VIEWS}{view.pk}/restore/" not in page
    assert response.status_code == 422
    assert "Save the list as a new view." in response.content.decode()


def test_a_name_that_was_given_on_is_said(as_agent, agent, view):
    actions.remove_view(view, by=agent, at=timezone.now())
    actions.save_view(name="High value", query="", columns=[], by=agent, at=timezone.now())

    response = as_agent.post(f"{VIEWS}{view.pk}/restore/")

    assert response.status_code == 422
    assert "Another view has this name by now." in response.content.decode()


def test_others_do_not_find_it(as_manager, agent, view):
    actions.remove_view(view, by=agent, at=timezone.now())

    assert as_manager.get(f"{VIEWS}{view.pk}/removed/").status_code == 404
    assert as_manager.post(f"{VIEWS}{view.pk}/restore/").status_code == 404
