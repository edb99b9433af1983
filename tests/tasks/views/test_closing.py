"""The forms with which a task is completed or cancelled."""

from tests.tasks.views.pages import text


def test_a_task_is_completed_on_its_page(as_agent, task, url):
    form = as_agent.get(f"{url}complete/")
    response = as_agent.post(f"{url}complete/", {"outcome": " All is paid. "}, follow=True)

    assert "Complete the task" in text(form)
    assert response.redirect_chain == [(url, 302)]
    assert "Task done." in text(response)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("done", "All is paid.")


def test_completing_leads_back_to_where_it_was_asked_for(as_agent, task, url, account):
    actions_ = [
        as_agent.post(f"{url}complete/", {"back": back}).headers["Location"]
        for back in ("mine", "customer", "elsewhere")
    ]

    assert actions_ == ["/tasks/", f"{account.get_absolute_url()}#tasks", url]


def test_the_way_back_is_kept_in_the_form(as_agent, url):
    page = text(as_agent.get(f"{url}complete/?back=mine"))

    assert '<input type="hidden" name="back" value="mine">' in page


def test_a_task_is_cancelled_with_a_reason(as_agent, task, url):
    empty = as_agent.post(f"{url}cancel/", {"why": " "})
    done = as_agent.post(f"{url}cancel/", {"why": "They paid"}, follow=True)

    assert empty.status_code == 422
    assert "Write why it need not be done." in text(empty)
    assert "Task cancelled." in text(done)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("cancelled", "They paid")
