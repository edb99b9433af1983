"""The pages on which people see when they work, and say when they do not."""

import pytest
import time_machine
from django.urls import reverse

from apps.access import actions
from apps.calendars import actions as calendars
from apps.calendars.models import Calendar, OutOfOffice
from apps.history.models import Event
from tests.calendars.conftest import WEEK
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.users import TeamFactory, make_person

MINE = reverse("access:my-working-time")
JUNE = {"starts_on": "2026-06-15", "ends_on": "2026-06-19"}


@pytest.fixture(autouse=True)
def on_a_tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def london(team):
    calendar = Calendar(name="London", time_zone="Europe/London", country="GB", region="ENG")
    return calendars.save_calendar(calendar, week=WEEK, teams=[team])


def of(person):
    return reverse("access:working-time", args=[person.pk])


def test_without_a_calendar_the_page_says_what_counts(as_agent):
    page = as_agent.get(MINE).content.decode()

    assert "Monday to Friday counts" in page
    assert "Nothing planned." in page
    assert MINE in as_agent.get(reverse("access:me")).content.decode()


def test_the_page_shows_the_next_days_in_few_queries(
    as_agent, agent, manager, london, django_assert_max_num_queries
):
    OutOfOfficeFactory(user=agent, stand_in=manager, note="At the sea")

    with django_assert_max_num_queries(8):
        page = as_agent.get(MINE).content.decode()

    assert "London, as the whole team." in page
    assert "09:00–12:30, 13:30–17:30" in page
    assert "Max Brandt stands in" in page
    assert "At the sea" in page
    calendars.assign(agent, london)
    assert "London, in place of the team’s." in as_agent.get(MINE).content.decode()


def test_people_say_when_they_are_away_and_take_it_back(as_agent, agent, manager):
    response = as_agent.post(MINE, JUNE | {"stand_in": manager.pk, "note": "Sea"})
    as_agent.post(MINE, JUNE | {"stand_in": manager.pk, "note": "Sea"})  # a second press

    assert response["Location"] == MINE
    absence = OutOfOffice.objects.get()
    assert (absence.user, absence.stand_in, absence.note) == (agent, manager, "Sea")
    response = as_agent.post(reverse("access:come-back", args=[absence.pk]))
    assert response["Location"] == MINE
    assert OutOfOffice.objects.count() == 0
    events = Event.objects.on(agent.member.timeline_id).order_by("pk")
    assert [event.kind for event in events] == ["access.went_away", "access.came_back"]
    assert events[0].payload["stand_in"] == "Max Brandt"


def test_what_overlaps_is_said_in_words(as_agent, agent, manager):
    OutOfOfficeFactory(user=agent)
    OutOfOfficeFactory(user=manager)

    response = as_agent.post(MINE, JUNE | {"note": "Sea"})
    assert response.status_code == 422
    assert "Remove it first." in response.content.decode()
    july = {"starts_on": "2026-06-10", "ends_on": "2026-06-10", "stand_in": agent.pk}
    OutOfOfficeFactory(user=agent, starts_on="2026-06-10", ends_on="2026-06-10")
    as_agent.force_login(manager)
    assert "is away on one of these days" in as_agent.post(MINE, july).content.decode()


def test_a_manager_says_it_for_their_team_and_for_nobody_else(as_manager, agent, manager):
    led = make_person("agent", team=TeamFactory(manager=manager), name="Lea")
    stranger = make_person("agent", name="Nobody of mine")

    for person in (agent, led):
        assert as_manager.post(of(person), JUNE)["Location"] == of(person)
    assert as_manager.get(of(stranger)).status_code == 404
    page = as_manager.get(reverse("access:person", args=[agent.pk])).content.decode()
    assert of(agent) in page
    assert "wrote down an absence" in page
    page = as_manager.get(reverse("access:person", args=[stranger.pk])).content.decode()
    assert of(stranger) not in page
    taken = as_manager.post(
        reverse("access:come-back", args=[OutOfOffice.objects.get(user=led).pk])
    )
    assert taken["Location"] == of(led)
    foreign = OutOfOfficeFactory(user=stranger)
    assert as_manager.post(reverse("access:come-back", args=[foreign.pk])).status_code == 404


def test_an_admin_says_it_for_everybody_and_an_agent_only_for_themselves(client, admin, agent):
    stranger = OutOfOfficeFactory(user=make_person("agent")).user
    client.force_login(admin)
    assert client.get(of(stranger)).status_code == 200

    client.force_login(agent)
    path = reverse("access:come-back", args=[stranger.absences.get().pk])
    assert client.post(path).status_code == 404
    assert client.get(of(stranger)).status_code == 403


def test_coming_back_twice_is_told_once(agent, now):
    absence = OutOfOfficeFactory(user=agent)

    for _press in range(2):
        actions.come_back(absence, by=agent, at=now)

    assert Event.objects.on(agent.member.timeline_id).count() == 1
