"""What the customer's page says of open tasks."""

from datetime import timedelta

from apps.tasks import actions
from tests.factories.accounts import AccountFactory
from tests.factories.tasks import TaskFactory
from tests.tasks.views.pages import text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_customers_page_names_what_is_open(as_agent, account, agent, manager, queue, now):
    def made(what, **fields):
        return TaskFactory(**{"account": account, "what": what, "owner": agent} | fields)

    made("Late one", due_at=now - HOUR)
    made("Waiting", owner=None, queue=queue, due_at=now + HOUR)
    put_off = made("Sleeping", owner=manager, due_at=now + 2 * HOUR)
    actions.snooze(put_off, until=now + DAY, reason="Away", by=manager, at=now)
    made("Of the merged", account=AccountFactory(merged_into=account), due_at=now + 3 * HOUR)
    for _ in range(3):
        made("More", due_at=now + DAY)

    response = as_agent.get(account.get_absolute_url())

    tasks = response.context["page"].tasks
    assert [(line.what, line.told) for line in tasks.lines[:4]] == [
        ("Late one", "You. Due today, 09:30."),
        ("Waiting", "Nobody yet, in Follow-ups. Due today, 11:30."),
        ("Sleeping", "Max Brandt. Put off until tomorrow, 10:30."),
        ("Of the merged", "You. Due today, 13:30."),
    ]
    assert (tasks.count, tasks.more) == (7, 2)
    assert "2 more are open" in text(response)


def test_a_customer_for_whom_nothing_is_to_be_done_says_so(as_agent, account):
    assert "Nothing is to be done for them." in text(as_agent.get(account.get_absolute_url()))
