"""Pages that tell what a change to many tasks did, while it goes on and afterwards."""

from datetime import timedelta

from django.utils import timezone

from apps.core import jobs
from tests.factories.tasks import TaskFactory
from tests.factories.workspace import BulkChangeFactory
from tests.tasks.team_bulk.pages import BULK, preview, says, shown, url


def test_where_some_stayed_the_results_are_shown(as_manager, tasks, agent, colleague):
    tasks[0].owner = colleague
    tasks[0].save()
    change = preview(as_manager, pick=[task.pk for task in tasks])
    as_manager.post(url(change), {"whose": f"person-{colleague.pk}"})

    page = as_manager.post(url(change, "confirm"), shown(change), follow=True)

    assert "1 changed, 1 skipped, 0 failed" in says(page)
    assert "Skipped: It is so already." in says(page)
    assert "10 minutes left" in says(page) or "9 minutes left" in says(page)


def test_a_long_change_goes_on_without_the_page(as_manager, account, agent, htmx):
    TaskFactory.create_batch(230, account=account, owner=agent)
    change = preview(as_manager, "tasks.cancel", all="1")
    as_manager.post(url(change), {"why": "They moved"})
    page = as_manager.post(url(change, "confirm"), shown(change), follow=True)
    assert "200 of 230" in says(page)
    assert "Changing tasks" in says(page)
    part = as_manager.get(url(change), headers=htmx("team-bulk"))
    assert says(part).lstrip().startswith('<div id="team-bulk"')
    assert "HX-Trigger" not in part.headers

    jobs.run_all()

    part = as_manager.get(url(change), headers=htmx("team-bulk"))
    assert "230 tasks changed." in part.headers["HX-Trigger"]


def test_the_end_of_an_undo_is_said(as_manager, manager, htmx):
    for spared_rows, words in ((0, "3 restored."), (1, "3 restored, 1 left as they are.")):
        change = BulkChangeFactory(
            kind="tasks.cancel",
            by=manager,
            undone_by=manager,
            state="undone",
            undone_at=timezone.now(),
            restored=3,
            spared=spared_rows,
        )
        part = as_manager.get(url(change), headers=htmx("team-bulk"))
        assert words in part.headers["HX-Trigger"]


def test_after_ten_minutes_it_is_too_late(as_manager, manager):
    finished = timezone.now() - timedelta(minutes=11)
    change = BulkChangeFactory(
        kind="tasks.cancel", by=manager, state="done", done=1, total=1, finished_at=finished
    )

    response = as_manager.post(url(change, "undo"))

    assert response.status_code == 409
    assert "Change the tasks again instead." in says(response)


def test_my_changes_are_listed(as_manager, manager):
    assert "You have not changed many tasks at once yet" in says(as_manager.get(BULK))
    BulkChangeFactory(kind="accounts.owner", label="Customers", by=manager, state="done")
    BulkChangeFactory(kind="tasks.cancel", label="Dropped", by=manager, state="done")

    changes = as_manager.get(BULK).context["page"].rows

    assert [change.label for change in changes] == ["Dropped"]
