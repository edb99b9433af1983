"""The form with which what a task says is corrected."""

from apps.tasks import actions
from apps.tasks.models import Task
from tests.tasks.views.pages import text, words


def test_what_a_task_says_is_corrected(as_agent, task, url):
    form = as_agent.get(f"{url}edit/").context["form"]
    data = {**form.initial, "what": "Look at both invoices", "effort": "60"}
    response = as_agent.post(f"{url}edit/", data, follow=True)

    assert "Saved." in text(response)
    task.refresh_from_db()
    assert (task.what, task.effort) == ("Look at both invoices", 60)


def test_an_unusual_effort_is_kept(as_agent, task, url):
    Task.objects.filter(pk=task.pk).update(effort=20)

    form = as_agent.get(f"{url}edit/").context["form"]

    assert (20, "20 min") in form.fields["effort"].choices
    as_agent.post(f"{url}edit/", {**form.initial, "what": "Else"})
    task.refresh_from_db()
    assert (task.what, task.effort) == ("Else", 20)


def test_two_who_correct_it_are_told_of_each_other(as_agent, task, url, manager, now):
    form = as_agent.get(f"{url}edit/").context["form"]
    actions.edit(task, by=manager, at=now, version=1, details="Mine")

    data = {**form.initial, "what": "Hers"}
    refused = as_agent.post(f"{url}edit/", data)

    assert refused.status_code == 409
    assert "Somebody else changed this task while you were typing." in text(refused)
    assert refused.context["form"]["what"].value() == "Hers"
    again = {**data, "version": refused.context["form"]["version"].value()}
    assert as_agent.post(f"{url}edit/", again).status_code == 302


def test_correcting_a_closed_one_is_refused(as_agent, task, url, agent, now):
    actions.complete(task, by=agent, at=now)

    response = as_agent.post(f"{url}edit/", {**words(), "version": task.version})

    assert response.status_code == 409
