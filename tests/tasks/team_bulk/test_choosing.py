"""Pages on which people choose what is done to ticked tasks, and see it before it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.tasks.models import Task
from apps.workspace.models import BulkChange
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.tasks.team_bulk.changes import NOW_DUE
from tests.tasks.team_bulk.pages import TEAM, begin, preview, says, shown, url

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_ticked_tasks_are_given_away_and_people_go_on_with_their_queue(
    as_manager, tasks, colleague
):
    pick = [*(task.pk for task in tasks), "x", "9" * 30]
    response = begin(as_manager, pick=pick, question="kind=call")
    change = BulkChange.objects.get()
    assert response.url == f"{url(change)}?back=kind%3Dcall"
    page = says(as_manager.get(response.url))
    assert "2 tasks" in page
    assert "Call Nadia, Larkspur Dental" in page
    assert "Bea Stone, 40 h left" in page
    assert page.count(" autofocus") == 1

    sent = {"whose": f"person-{colleague.pk}", "why": ""}
    chosen = as_manager.post(response.url, sent)
    page = says(as_manager.get(chosen.url))
    assert "Assign to Bea Stone" in page
    assert "Change 2 tasks" in page
    to = f"{url(change, 'confirm')}?back=kind%3Dcall"
    answer = as_manager.post(to, shown(change), follow=True)

    assert answer.redirect_chain == [(f"{TEAM}?kind=call", 302)]
    assert "2 tasks changed." in says(answer)
    assert f'<a href="{url(change)}?back=kind%3Dcall">Results and undo</a>' in says(answer)
    assert set(Task.objects.values_list("owner", flat=True)) == {colleague.pk}

    undone = as_manager.post(url(change, "undo"), follow=True)
    assert "2 restored, 0 left as they are" in says(undone)
    assert not Task.objects.filter(owner=colleague).exists()


def test_all_that_match_are_meant_beyond_the_page(as_manager, account, agent, tasks):
    TaskFactory.create_batch(30, account=account, owner=agent, kind="check")

    change = preview(as_manager, "tasks.cancel", all="1", question="kind=check&by=person")

    assert change.total == 30
    assert "and 20 more" in says(as_manager.get(url(change)))


def test_the_load_of_each_is_said(as_manager, tasks, agent, colleague, manager, account):
    due_at = timezone.now() + HOUR
    TaskFactory.create_batch(6, account=account, owner=agent, effort=480, due_at=due_at)
    today = timezone.now().date()
    OutOfOfficeFactory(user=colleague, starts_on=today - DAY, ends_on=today + DAY)
    change = preview(as_manager, pick=[tasks[0].pk])

    page = says(as_manager.get(url(change)))

    assert "Ada Lovett, 8 h 30 min too much" in page
    assert "Bea Stone, away" in page


def test_the_preview_says_what_stays(as_manager, tasks, agent, colleague):
    change = preview(as_manager, pick=[task.pk for task in tasks])
    as_manager.post(url(change), {"whose": f"person-{agent.pk}"})

    page = says(as_manager.get(url(change)))

    assert "Nothing would be changed." in page
    assert "2 tasks are theirs already." in page
    assert "data-submit" not in page
    assert "Who does them?" in says(as_manager.get(f"{url(change)}?again=1"))


@pytest.mark.parametrize(
    ("do", "wrong", "words"),
    [
        ("tasks.assign", {"whose": ""}, "Choose a person or a queue."),
        ("tasks.move", {"when": ""}, "Choose when it is due."),
        ("tasks.move", {"when": "1h", "moment": "2001-01-01T09:00"}, "that lies ahead."),
        ("tasks.cancel", {"why": " "}, "Write why they need not be done."),
    ],
)
def test_a_value_has_to_be_chosen(as_manager, tasks, do, wrong, words):
    change = preview(as_manager, do, pick=[tasks[0].pk])

    response = as_manager.post(url(change), wrong)

    assert response.status_code == 422
    assert words in says(response)
    # Confirmed without a choice, nothing happens.
    assert as_manager.post(url(change, "confirm")).url == url(change)
    change.refresh_from_db()
    assert (change.state, change.arguments) == ("preview", {})


@pytest.mark.parametrize(
    ("do", "sent", "arguments", "label"),
    [
        ("tasks.move", {"when": "4h"}, {"minutes": 240}, "Move: In 4 working hours"),
        ("tasks.move", {"when": "morning"}, {"clock": "09:30:00"}, "Move: Next working day"),
        (
            "tasks.move",
            {"when": "4h", "moment": "2031-02-03T09:15"},
            {"due_at": "2031-02-03T09:15:00+00:00"},
            "Move to 3 February 2031, 09:15",
        ),
        ("tasks.cancel", {"why": "They moved"}, {"why": "They moved"}, "Cancel tasks"),
    ],
)
def test_what_is_done_is_said_in_words(as_manager, tasks, do, sent, arguments, label):
    change = preview(as_manager, do, pick=[tasks[0].pk])
    as_manager.post(url(change), sent)

    change.refresh_from_db()
    assert change.arguments == (NOW_DUE if do == "tasks.move" else {}) | arguments
    assert change.label.startswith(label)


def test_a_queue_can_be_chosen(as_manager, tasks, queue, private_team):
    QueueFactory(team=private_team, name="Hidden")
    change = preview(as_manager, pick=[tasks[0].pk])
    assert "Hidden" not in says(as_manager.get(url(change)))
    as_manager.post(url(change), {"whose": f"queue-{queue.pk}"})

    change.refresh_from_db()
    assert change.label == "Put into “Follow-ups”"
    assert change.arguments == {"to": None, "queue": queue.pk, "why": ""}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Tick the tasks first, then choose what to do."),
        ({"do": "accounts.owner", "pick": "1"}, "This page is out of date."),
        ({"key": "x", "pick": "1"}, "This page is out of date."),
    ],
)
def test_a_page_that_is_not_ours_is_refused(as_manager, asked, words):
    response = begin(as_manager, **{"do": "tasks.assign", **asked})

    assert response.status_code == 422
    assert words in says(response)
    assert not BulkChange.objects.exists()


def test_tasks_that_are_gone_leave_nothing_to_do(as_manager):
    change = preview(as_manager, pick=[999_999])

    assert "None of these tasks is there any more." in says(as_manager.get(url(change)))
