"""The form with which a task is put off."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.tasks import actions
from tests.factories.calendars import CalendarFactory, PersonCalendarFactory
from tests.tasks.views.pages import text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2h", datetime(2026, 6, 9, 11, 30, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 6, 10, 8, 0, tzinfo=UTC)),
        ("week", datetime(2026, 6, 16, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_task_is_put_off_in_working_time(as_agent, task, url, until, moment):
    data = {"until": until, "moment": "", "reason": "They are away"}
    response = as_agent.post(f"{url}snooze/", data, follow=True)

    assert "Put off." in text(response)
    task.refresh_from_db()
    assert (task.snoozed_until, task.snooze_reason) == (moment, "They are away")


def test_a_moment_of_ones_own_wins(as_agent, task, url):
    data = {"until": "2h", "moment": "2026-06-12T15:00", "reason": "Away"}
    as_agent.post(f"{url}snooze/", data)

    task.refresh_from_db()
    assert task.snoozed_until == datetime(2026, 6, 12, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"moment": "2026-06-09T10:00"}, "Choose a moment that lies ahead."),
        ({"moment": "2046-06-09T10:00"}, "Choose a day within the next ten years."),
        ({"moment": "tomorrow"}, "Choose the day and the time."),
        ({"until": ""}, "Choose until when."),
        ({"until": "never"}, "Choose until when from the list."),
        ({"reason": " "}, "Write why it waits, in a few words."),
    ],
)
def test_what_is_wrong_with_it_is_said(as_agent, url, task, data, said):
    data = {"until": "2h", "moment": "", "reason": "Away", **data}
    response = as_agent.post(f"{url}snooze/", data)

    assert response.status_code == 422
    assert said in text(response)
    task.refresh_from_db()
    assert task.snoozed_until is None


def test_who_never_works_chooses_a_moment(as_agent, agent, task, url):
    PersonCalendarFactory(user=agent, calendar=CalendarFactory())

    data = {"until": "tomorrow", "moment": "", "reason": "Away"}
    response = as_agent.post(f"{url}snooze/", data)

    assert "Your calendar has no working time. Choose a moment." in text(response)


def test_what_woke_early_is_put_off_again_to_the_same_moment(as_agent, task, url, agent, now):
    for until in (now + HOUR, now + 2 * DAY):
        actions.snooze(task, until=until, reason="They are away", by=agent, at=now)
        actions.wake(task, at=now, because="customer")
    form = as_agent.get(f"{url}snooze/").context["form"]
    assert form.initial == {"moment": now + 2 * DAY, "reason": "They are away"}

    page = text(as_agent.get(f"{url}snooze/"))
    assert 'value="2026-06-11T10:30"' in page


def test_what_woke_when_it_had_to_is_put_off_anew(as_agent, task, url, agent, now, clock):
    actions.snooze(task, until=now + HOUR, reason="They are away", by=agent, at=now)
    actions.wake(task, at=now + HOUR, because="moment")
    clock.move_to(now + HOUR)

    assert as_agent.get(f"{url}snooze/").context["form"].initial == {}
