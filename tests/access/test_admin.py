"""The settings pages of teams."""

import pytest
from django.urls import reverse

from apps.history.models import Event
from apps.tasks import actions as tasks
from apps.tasks.models import Task
from apps.users.models import Team
from tests.factories.tasks import QueueFactory
from tests.factories.users import TeamFactory, make_person

LIST = reverse("admin:users_team_changelist")


def test_the_list_names_people_in_few_queries(
    as_admin, team, manager, django_assert_max_num_queries
):
    for _ in range(5):
        TeamFactory(lead=manager, manager=manager)

    with django_assert_max_num_queries(12):
        page = as_admin.get(LIST, {"q": "Team"}).content.decode()

    assert "Max Brandt" in page


def test_an_admin_makes_a_team_private_and_it_is_remembered(as_admin, admin, team):
    response = as_admin.post(
        reverse("admin:users_team_change", args=[team.pk]),
        {"name": "Northern", "time_zone": "Europe/London", "is_private": "on"},
    )

    assert response.status_code == 302
    assert Team.objects.get(pk=team.pk).is_private is True
    event = Event.objects.on(admin.member.timeline).get()
    assert (event.kind, event.payload["changes"]) == (
        "access.team_saved",
        {"is_private": ["False", "True"]},
    )


def test_what_another_zone_would_move_is_seen_before_it_is_saved(as_admin, team, account, now):
    task = tasks.create(
        account=account,
        what="Call them",
        by=None,
        at=now,
        cause="test:1",
        queue=QueueFactory(name="Follow-ups", team=team),
        due_minutes=60,
    )
    change = reverse("admin:users_team_change", args=[team.pk])
    typed = {"name": "Northern", "time_zone": "America/New_York"}

    seen = as_admin.post(change, typed | {"_preview": "Preview"}).content.decode()
    refused = as_admin.post(change, typed)

    assert "1 open task would be due at another moment." in seen
    assert "<td>Follow-ups</td>" in seen
    assert "Nothing is saved yet" in refused.content.decode()
    assert Team.objects.get(pk=team.pk).time_zone == "Europe/London"
    assert Task.objects.get().due_at == task.due_at

    typed["_moves"] = refused.context["moves"].key
    assert as_admin.post(change, typed).status_code == 302
    assert Task.objects.get().due_at == task.due_at.replace(hour=14, minute=0)


def test_a_new_team_is_saved_at_once(as_admin):
    typed = {"name": "Western", "time_zone": "America/New_York"}

    assert as_admin.post(reverse("admin:users_team_add"), typed).status_code == 302
    assert Team.objects.get(name="Western").time_zone == "America/New_York"


def test_only_those_who_can_sign_in_are_offered(as_admin, team):
    make_person("agent", name="Gone Away", is_active=False)
    make_person("agent", name="Still Here")

    page = as_admin.get(reverse("admin:users_team_change", args=[team.pk])).content.decode()

    assert "Still Here" in page
    assert "Gone Away" not in page


def test_a_wrong_time_zone_is_said_in_words(as_admin, team):
    response = as_admin.post(
        reverse("admin:users_team_change", args=[team.pk]),
        {"name": "Northern", "time_zone": "Europe/Nowhere"},
    )

    assert "Choose a time zone such as Europe/London." in response.content.decode()


@pytest.mark.parametrize("path", ["delete", "password_change/done"])
def test_nothing_is_deleted_and_nothing_is_there_twice(as_admin, team, path):
    assert as_admin.get(f"/admin/users/team/{team.pk}/{path}/").status_code == 404
    assert as_admin.get(f"/admin/{path}/").status_code == 404
