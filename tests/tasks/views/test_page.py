"""The page of one task."""

from datetime import timedelta

from apps.tasks import actions
from apps.tasks.models import Task
from tests.factories.accounts import AccountFactory
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.tasks.views.pages import text

DAY = timedelta(days=1)


def test_the_page_says_all_of_it(as_agent, make, agent, queue, manager, now):
    task = make(
        what="Call about chairs",
        details="Which ones?\nHow many?",
        owner=agent,
        queue=queue,
        origin="commitment",
    )
    actions.start(task, by=agent, at=now)
    Task.objects.filter(pk=task.pk).update(escalated=2)

    page = text(as_agent.get(task.get_absolute_url()))

    for said in (
        "Call about chairs",
        "Which ones?",
        "Ada Lovett",
        "Follow-ups",
        "15 min",
        "1 h left",
        "Escalated",
        "in the working time of whoever has it",
        "Commitment",
        "Task made",
    ):
        assert said in page


def test_each_state_has_its_page(as_agent, account, agent, manager, colleague, queue, now):
    def made(**fields):
        return TaskFactory(**{"account": account, "owner": agent, "kind": "check"} | fields)

    done, cancelled, put_off, nobodys = made(), made(), made(), made(owner=None, queue=queue)
    actions.complete(done, outcome="They paid", by=agent, at=now)
    actions.cancel(cancelled, why="Twice", by=manager, at=now)
    actions.snooze(put_off, until=now + DAY, reason="Away", by=agent, at=now)
    Task.objects.filter(pk=nobodys.pk).update(found_nobody=True)
    left = made(owner=colleague)
    colleague.is_active = False
    colleague.save()

    pages = [
        text(as_agent.get(each.get_absolute_url()))
        for each in (done, cancelled, put_off, nobodys, left)
    ]

    assert "They paid" in pages[0]
    assert "reopen" in pages[0]
    assert "Cancelled" in pages[1]
    assert "reopen" not in pages[1]
    assert "until tomorrow, 10:30" in pages[2]
    assert "Wake" in pages[2]
    assert "Nobody was there to take it." in pages[3]
    assert "Take it" in pages[3]
    assert "(left)" in pages[4]
    assert "Later" not in pages[4]  # it is a colleague's


def test_a_manager_may_do_anything_with_it(as_manager, task, url):
    page = text(as_manager.get(url))

    assert f"{url}assign/" in page
    assert f"{url}hand-off/" not in page  # it is Ada's to ask for that


def test_one_of_another_teams_queue_is_read_only(as_agent, account):
    task = TaskFactory(account=account, owner=None, queue=QueueFactory())

    page = as_agent.get(task.get_absolute_url()).context["page"]

    assert (page.may_act, page.may_take, page.left is None) == (False, False, False)


def test_one_of_a_hidden_or_removed_customer_is_not_there(
    as_agent, agent, private_account, task, url, account, now
):
    hidden = TaskFactory(account=private_account, owner=agent)
    assert as_agent.get(hidden.get_absolute_url()).status_code == 404
    assert as_agent.post(f"{hidden.get_absolute_url()}start/").status_code == 404

    account.removed_at = now
    account.save()
    assert as_agent.get(url).status_code == 404


def test_one_of_a_merged_record_leads_to_the_customer_that_stays(as_agent, task, url, account):
    kept = AccountFactory(name="Larkspur Group")
    account.merged_into = kept
    account.save()

    assert as_agent.get(url).context["account"] == kept


def test_the_page_asks_little(as_agent, make, agent, colleague, now, django_assert_max_num_queries):
    task = make(owner=agent)
    for until in (1, 2, 3):
        actions.snooze(task, until=now + until * DAY, reason="Away", by=agent, at=now)
    HandoffFactory(task=task, sender=agent, receiver=colleague)

    with django_assert_max_num_queries(11):
        as_agent.get(task.get_absolute_url())
