"""Who may change many tasks, and see what was changed."""

from apps.workspace.actions import bulk
from tests.factories.workspace import BulkChangeFactory
from tests.tasks.team_bulk.pages import BULK, url


def test_somebody_elses_and_other_kinds_are_not_here(as_manager, manager):
    for change in (
        BulkChangeFactory(kind="tasks.cancel"),
        BulkChangeFactory(kind="accounts.owner", by=manager),
    ):
        assert as_manager.get(url(change)).status_code == 404


def test_who_may_read_but_not_touch_is_refused(as_manager, manager, monkeypatch):
    monkeypatch.setattr(bulk, "may_touch", lambda change, user: False)
    change = BulkChangeFactory(kind="tasks.cancel", by=manager, arguments={"why": "x"})

    assert as_manager.post(url(change, "confirm")).status_code == 403


def test_an_agent_can_not_change_many(as_agent, account):
    assert as_agent.get(BULK).status_code == 403
