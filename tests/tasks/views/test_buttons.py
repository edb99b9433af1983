"""What is done with a task by a button alone."""

from datetime import timedelta

from apps.tasks import actions
from tests.factories.tasks import TaskFactory
from tests.tasks.views.pages import text

HOUR = timedelta(hours=1)


def test_what_a_button_does_is_told(as_agent, account, agent, queue, now):
    task = TaskFactory(account=account, owner=None, queue=queue, kind="check")
    url = task.get_absolute_url()

    def post(verb):
        response = as_agent.post(f"{url}{verb}/", follow=True)
        task.refresh_from_db()
        return text(response)

    assert "It is yours." in post("claim")
    assert task.owner == agent
    assert "You are at it." in post("start")
    assert task.state == "in_progress"
    actions.snooze(task, until=now + HOUR, reason="Away", by=agent, at=now)
    assert "It is there again." in post("wake")
    assert task.snoozed_until is None
    assert "Put back. Somebody else can take it." in post("release")
    assert task.owner is None
    actions.complete(task, by=agent, at=now)
    assert "Undone." in post("reopen")
    assert task.state == "open"


def test_a_button_that_came_too_late_shows_how_things_are(as_agent, account, manager, queue):
    task = TaskFactory(account=account, owner=manager, queue=queue)

    response = as_agent.post(f"{task.get_absolute_url()}claim/")

    assert response.status_code == 409
    assert "Max Brandt has taken this task. Take the next one." in text(response)
    assert "Error:" in text(response)
