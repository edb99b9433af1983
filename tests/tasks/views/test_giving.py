"""The form with which a manager gives a task to somebody."""

from tests.factories.tasks import QueueFactory
from tests.tasks.views.pages import text


def test_a_manager_gives_it_to_a_person_or_a_queue(as_manager, task, url, colleague, queue):
    assert "Queues" in text(as_manager.get(f"{url}assign/"))

    as_manager.post(f"{url}assign/", {"whose": f"person-{colleague.pk}", "why": "Her week"})
    task.refresh_from_db()
    assert task.owner == colleague

    as_manager.post(f"{url}assign/", {"whose": f"queue-{queue.pk}"})
    task.refresh_from_db()
    assert (task.owner, task.queue) == (None, queue)
    assert "queue-" in as_manager.get(f"{url}assign/").context["form"].initial["whose"]


def test_a_private_teams_task_is_offered_its_own_queues(as_manager, team, url, queue):
    team.is_private = True
    team.save()
    far = QueueFactory(name="Far")

    assert "Follow-ups" in text(as_manager.get(f"{url}assign/"))
    assert "Far" not in text(as_manager.get(f"{url}assign/"))
    refused = as_manager.post(f"{url}assign/", {"whose": f"queue-{far.pk}"})
    assert "Choose a person or a queue." in text(refused)


def test_only_managers_assign(as_agent, url):
    assert as_agent.get(f"{url}assign/").status_code == 403


def test_nobody_in_particular_is_refused(as_manager, url):
    response = as_manager.post(f"{url}assign/", {"whose": "person-0"})

    assert response.status_code == 422
    assert "Choose a person or a queue." in text(response)
