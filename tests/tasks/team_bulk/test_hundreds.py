"""Hundreds of tasks are changed at once in a few statements."""

from tests.factories.tasks import TaskFactory
from tests.tasks.team_bulk.changes import NOW_DUE


def test_hundreds_are_changed_in_a_few_statements(
    run, take_back, account, agent, colleague, queue, now, django_assert_max_num_queries
):
    some = [
        *TaskFactory.create_batch(30, account=account, owner=agent, due_at=now),
        *TaskFactory.create_batch(30, account=account, owner=None, queue=queue, due_at=now),
    ]
    for kind, arguments in [
        ("tasks.assign", {"to": colleague.pk, "queue": None, "why": ""}),
        ("tasks.move", {**NOW_DUE, "minutes": 90}),
        ("tasks.cancel", {"why": "They moved"}),
    ]:
        with django_assert_max_num_queries(55):
            change = run(kind, some, **arguments)
        assert change.done == 60
        with django_assert_max_num_queries(40):
            assert take_back(change).restored == 60
