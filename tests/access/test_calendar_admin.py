"""The settings pages of calendars."""

import pytest
import time_machine
from django.urls import reverse

from apps.calendars.models import Calendar
from apps.history.models import Event
from apps.tasks import actions as tasks
from apps.tasks.models import Task

ADD = reverse("admin:calendars_calendar_add")
TYPED = {
    "name": "London",
    "time_zone": "Europe/London",
    "monday": "09:00-12:30, 13:30-17:30",
    "country": "gb",
    "region": "eng",
    "days_off": "2026-06-15 13:30-17:30 Summer party",
}


@pytest.fixture(autouse=True)
def on_a_tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


def test_an_admin_adds_a_calendar_and_changes_it(as_admin, admin, team, agent):
    as_admin.post(ADD, TYPED | {"teams": team.pk, "people": agent.pk})

    calendar = Calendar.objects.get()
    assert (calendar.country, calendar.region) == ("GB", "ENG")
    assert list(calendar.openings.values_list("weekday", "opens").order_by("opens")) == [
        (0, 540),
        (0, 810),
    ]
    assert (calendar.of_teams.get().team, calendar.of_people.get().user) == (team, agent)
    change = reverse("admin:calendars_calendar_change", args=[calendar.pk])
    page = as_admin.get(change).content.decode()
    assert 'value="09:00-12:30, 13:30-17:30"' in page
    assert "Summer party" in page
    assert "Mon 15 Jun" in page
    as_admin.post(change, TYPED | {"name": "Leeds"})
    assert Calendar.objects.get().name == "Leeds"
    events = Event.objects.on(admin.member.timeline).order_by("pk")
    assert [(each.kind, each.payload["name"], each.payload["is_new"]) for each in events] == [
        ("access.calendar_saved", "London", True),
        ("access.calendar_saved", "Leeds", False),
    ]
    page = as_admin.get(reverse("access:person", args=[admin.pk])).content.decode()
    assert "added the calendar London" in page
    assert "edited the calendar Leeds" in page


def test_a_preview_shows_the_next_days_and_saves_nothing(as_admin):
    page = as_admin.post(ADD, TYPED | {"_preview": "Preview"}).content.decode()

    assert "The next 14 days of this calendar" in page
    assert "Summer party" in page
    assert Calendar.objects.count() == 0


def test_a_preview_of_what_is_wrong_says_what_is(as_admin):
    page = as_admin.post(ADD, TYPED | {"monday": "", "_preview": "Preview"}).content.decode()

    assert "Write the hours of one day at least" in page
    assert "Mon 15 Jun" not in page


def test_a_new_calendar_has_no_days_yet(as_admin):
    page = as_admin.get(ADD).content.decode()

    assert "Preview shows what stands above" in page
    assert "Tue 9 Jun" not in page


def test_tasks_that_would_move_are_shown_before_they_do(as_admin, team, agent, account, now):
    as_admin.post(ADD, TYPED | {"teams": team.pk})
    change = reverse("admin:calendars_calendar_change", args=[Calendar.objects.get().pk])
    for number in range(21):
        tasks.create(
            account=account,
            what=f"Call {number}",
            cause=f"test:{number}",
            owner=agent,
            due_minutes=30,
            by=agent,
            at=now,
        )
    later = TYPED | {"teams": team.pk, "tuesday": "14:00-17:00"}
    before, after = (
        Task.objects.values_list("due_at", flat=True).distinct().get(),
        "Tue 9 Jun 14:30",
    )

    seen = as_admin.post(change, later | {"_preview": "Preview"}).content.decode()
    refused = as_admin.post(change, later)

    assert "21 open tasks would be due at another moment." in seen
    assert seen.count(f"<td>Ada Lovett</td><td>Mon 15 Jun 09:30</td><td>{after}</td>") == 20
    page = refused.content.decode()
    assert "Nothing is saved yet: look below at what would move, and save again." in page
    assert "Nothing is saved yet" not in seen
    assert not Calendar.objects.get().openings.filter(weekday=1).exists()
    assert set(Task.objects.values_list("due_at", flat=True)) == {before}

    key = refused.context["moves"].key
    assert f'name="_moves" value="{key}"' in page
    other = as_admin.post(change, later | {"tuesday": "15:00-17:00", "_moves": key})
    assert other.status_code == 200
    assert as_admin.post(change, later | {"_moves": key}).status_code == 302
    moved = Task.objects.values_list("due_at", flat=True).distinct().get()
    assert moved == before.replace(day=9, hour=13, minute=30)


def test_a_preview_says_when_no_task_would_move(as_admin):
    page = as_admin.post(ADD, TYPED | {"_preview": "Preview"}).content.decode()

    assert "No open task would be due at another moment." in page
