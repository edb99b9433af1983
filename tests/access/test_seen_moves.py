"""What another team, or other clocks, would move is shown before it is saved."""

import pytest
from django.urls import reverse

from apps.core import jobs
from apps.tasks import actions as tasks
from apps.tasks.models import Task
from tests.factories.calendars import CalendarFactory, OpeningFactory, TeamCalendarFactory
from tests.factories.users import TeamFactory

ME = reverse("access:me")
NOTHING_SAVED = "Nothing is saved yet"


@pytest.fixture
def task(account, agent, now):
    """Due in an hour of Ada’s working time."""
    words = {"what": "Call them", "by": agent, "at": now, "cause": "test:1", "owner": agent}
    return tasks.create(account=account, due_minutes=60, **words)


@pytest.fixture
def late_team():
    """A team that works from two in the afternoon."""
    calendar = CalendarFactory(name="Afternoons", time_zone="Europe/London")
    for weekday in range(5):
        OpeningFactory(calendar=calendar, weekday=weekday, opens=840, closes=1200)
    return TeamCalendarFactory(calendar=calendar).team


def test_a_new_team_is_saved_when_what_moves_was_seen(as_admin, agent, task, late_team):
    url, answers = reverse("access:role", args=[agent.pk]), {"role": "agent", "authority": "agent"}
    answers["team"] = late_team.pk

    seen = as_admin.post(url, answers)

    assert seen.status_code == 200
    page = seen.content.decode()
    assert NOTHING_SAVED in page
    assert "1 open task would be due at another moment." in page
    assert f"Call them, {task.account.name}:" in page
    agent.refresh_from_db()
    assert agent.team_id == task.account.team_id

    answers["moves"] = seen.context["moves"].key
    assert as_admin.post(url, answers).status_code == 302
    agent.refresh_from_db()
    assert agent.team == late_team
    jobs.run_all()
    while jobs.ring_due():
        jobs.run_all()
    assert Task.objects.get().due_at == task.due_at.replace(hour=14, minute=0)


def test_what_moved_meanwhile_is_shown_again(as_admin, agent, task, late_team, account, now):
    url = reverse("access:role", args=[agent.pk])
    answers = {"role": "agent", "authority": "agent", "team": late_team.pk}
    answers["moves"] = as_admin.post(url, answers).context["moves"].key
    words = {"what": "Write to them", "by": agent, "at": now, "cause": "test:2", "owner": agent}
    tasks.create(account=account, due_minutes=60, **words)

    seen = as_admin.post(url, answers)

    assert "2 open tasks would be due at another moment." in seen.content.decode()


def test_a_team_that_moves_nothing_is_saved_at_once(as_admin, agent, task):
    other = TeamFactory(name="Eastern")

    answers = {"role": "agent", "authority": "agent", "team": other.pk}
    assert as_admin.post(reverse("access:role", args=[agent.pk]), answers).status_code == 302

    agent.refresh_from_db()
    assert agent.team == other


def test_other_clocks_are_saved_when_what_moves_was_seen(as_agent, agent, task):
    answers = {"name": "Ada Lovett", "theme": "dark", "time_zone": "America/New_York"}

    seen = as_agent.post(ME, answers)

    assert seen.status_code == 200
    assert NOTHING_SAVED in seen.content.decode()
    agent.refresh_from_db()
    assert agent.time_zone == "Europe/London"

    answers["moves"] = seen.context["moves"].key
    assert as_agent.post(ME, answers).status_code == 302
    agent.refresh_from_db()
    assert agent.time_zone == "America/New_York"
