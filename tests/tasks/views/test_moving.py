"""The form with which a task is moved to another moment."""

from datetime import UTC, datetime

import pytest

from tests.tasks.views.pages import text


@pytest.mark.parametrize(
    ("data", "due_at"),
    [
        ({"when": "1h"}, datetime(2026, 6, 9, 10, 30, tzinfo=UTC)),
        ({"when": "morning"}, datetime(2026, 6, 10, 8, 30, tzinfo=UTC)),
        ({"when": "1h", "moment": "2026-06-12T15:00"}, datetime(2026, 6, 12, 14, tzinfo=UTC)),
    ],
)
def test_a_task_is_moved(as_agent, task, url, data, due_at):
    response = as_agent.post(f"{url}reschedule/", {"moment": "", **data}, follow=True)

    assert "Changed." in text(response)
    task.refresh_from_db()
    assert task.due_at == due_at
