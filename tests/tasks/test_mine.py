"""My queue: what it shows, in which order, and what can be done from it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.tasks import actions
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import mine
from tests.factories.accounts import AccountFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "/tasks/"
LATE = mine.SHOWN["overdue"]


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def due(account, agent, now):
    """Make a task of Ada's that is due so long from now: `due(2 * HOUR)`."""

    def make(after, **words):
        return TaskFactory(
            **{"account": account, "owner": agent, "due_at": now + after, "made_at": now - HOUR}
            | words
        )

    return make


def text(response):
    return " ".join(response.content.decode().split())


def groups(response):
    return {group.key: [row.pk for row in group.rows] for group in response.context["queue"].groups}


def focus(response):
    """Return the id of the task whose row takes the focus."""
    page = response.content.decode()
    return int(re.search(r'href="/tasks/(\d+)/" data-open-row data-focus', page)[1])


# --- what it shows


def test_tasks_stand_by_when_they_are_due(as_agent, due):
    later, week, today, late, later_today = (
        due(after) for after in (8 * DAY, 2 * DAY, HOUR, -HOUR, 2 * HOUR)
    )

    response = as_agent.get(URL)

    assert groups(response) == {
        "overdue": [late.pk],
        "today": [today.pk, later_today.pk],
        "week": [week.pk],
        "later": [later.pk],
    }
    page = text(response)
    assert "5 open tasks, 1 h 15 min of work." in page
    assert "1 overdue" in page


def test_others_tasks_and_those_that_are_closed_are_not_there(as_agent, due, manager, now):
    due(HOUR, owner=manager)
    due(HOUR, state="done", closed_at=now - HOUR, outcome="Fine")

    response = as_agent.get(URL)

    assert groups(response) == {}
    assert "Nothing to do." in text(response)


def test_tasks_of_customers_out_of_sight_are_not_there(as_agent, due, private_account, now):
    due(HOUR, account=private_account)
    due(-HOUR, account=private_account)
    due(HOUR, account=AccountFactory(removed_at=now))

    assert groups(as_agent.get(URL)) == {}


def test_a_task_of_a_merged_record_names_the_customer_that_stays(as_agent, due, account):
    due(HOUR, account=AccountFactory(name="Larkspur twice", merged_into=account))

    (group,) = as_agent.get(URL).context["queue"].groups

    assert (group.rows[0].customer, group.rows[0].customer_url) == (
        "Larkspur Dental",
        account.get_absolute_url(),
    )


def test_what_was_put_off_stands_apart_with_until_when_and_why(as_agent, due, agent, now):
    put_off = due(-HOUR)
    actions.snooze(put_off, until=now + DAY, reason="They are away", by=agent, at=now)

    response = as_agent.get(URL)

    assert groups(response) == {}
    assert response.context["queue"].overdue == 0
    assert "Until tomorrow, 10:30: They are away" in text(response)


def test_a_row_says_what_is_known_of_it(as_agent, due, agent, queue, manager, now):
    task = due(
        HOUR,
        queue=queue,
        priority=1,
        escalated=1,
        origin="commitment",
        kind="email",
        state="in_progress",
    )
    HandoffFactory(task=task, sender=agent, receiver=manager)

    page = text(as_agent.get(URL))

    for words in ("Urgent", "Follow-ups", "Commitment", "E-mail", "Escalated", "At it"):
        assert words in page
    assert "Waits for Max Brandt" in page


def test_a_long_group_is_cut_and_shown_whole_on_demand(as_agent, due):
    for _ in range(LATE + 2):
        due(-HOUR)

    cut, whole = as_agent.get(URL), as_agent.get(URL, {"show": "overdue"})

    assert len(groups(cut)["overdue"]) == LATE
    assert "Show 2 more" in text(cut)
    assert len(groups(whole)["overdue"]) == LATE + 2
    assert "17 overdue" in text(cut)


@pytest.mark.parametrize("asked", ["nothing", "", "\0", "off' OR true --", "x" * 3000])
def test_a_group_that_there_is_not_makes_none_longer(agent, due, now, asked):
    for _ in range(LATE + 1):
        due(-HOUR)

    found = mine.my_queue(agent, at=now, show=asked)

    assert (found.show, len(found.groups[0].rows)) == ("", LATE)


def test_what_was_put_off_is_cut_too(as_agent, due, agent, now):
    for _ in range(mine.SHOWN["off"] + 1):
        put_off = {"snoozed_until": now + DAY, "snoozed_by": agent, "snooze_reason": "Away"}
        due(HOUR, **put_off)

    assert "Show 1 more" in text(as_agent.get(URL))


def test_the_questions_do_not_grow_with_the_rows(
    as_agent, due, agent, queue, manager, now, django_assert_max_num_queries
):
    for _ in range(3):
        due(-HOUR), due(HOUR), due(DAY), due(9 * DAY)
        due(DAY, snoozed_until=now + DAY, snoozed_by=agent, snooze_reason="Away")
        due(DAY, owner=None, queue=queue)
        HandoffFactory(task=due(DAY, owner=manager), sender=manager, receiver=agent)
        due(HOUR, state="done", closed_at=now, closed_by=agent, outcome="Fine")

    with django_assert_max_num_queries(12):
        as_agent.get(URL)


def test_htmx_gets_the_list_alone(as_agent, htmx):
    response = as_agent.get(URL, headers=htmx("my-tasks"))

    assert response.templates[0].name == "tasks/_mine.html"


def test_a_manager_is_led_to_the_team(as_manager):
    assert "Mine" in text(as_manager.get(URL))


def test_keys_are_named_unless_they_are_off(as_agent, agent):
    assert "hand off" in text(as_agent.get(URL))

    agent.has_shortcuts = False
    agent.save()
    assert "hand off</p>" not in text(as_agent.get(URL))


# --- the navigation


def test_the_navigation_counts_what_is_overdue(as_agent, due, private_account):
    due(-HOUR), due(-HOUR), due(HOUR), due(-HOUR, account=private_account)

    assert '2<span class="sr"> overdue' in text(as_agent.get("/"))


def test_who_must_not_see_some_customers_is_counted_the_rest(
    as_agent, due, agent, account, private_account
):
    due(-HOUR), due(-HOUR, account=private_account)
    NotificationFactory(user=agent, event__timeline=account.timeline)
    NotificationFactory(user=agent, event__timeline=private_account.timeline)

    page = text(as_agent.get("/"))

    assert '1<span class="sr"> overdue' in page
    assert "Notifications, 1 unread" in page


def test_the_navigation_counts_no_further_than_99():
    assert [mine.Overdue(count).figure for count in (99, 100)] == ["99", "99+"]


# --- claim next


def test_claim_next_takes_what_matters_most(as_agent, due, queue, agent):
    due(HOUR, owner=None, queue=queue)
    urgent = due(DAY, owner=None, queue=queue, priority=1, what="Call about the card")
    assert as_agent.get(URL).context["queue"].waiting == 2

    response = as_agent.post(reverse("tasks:next"), follow=True)

    assert response.redirect_chain == [(f"{URL}#task-{urgent.pk}", 302)]
    assert "Taken: Call about the card." in text(response)
    urgent.refresh_from_db()
    assert urgent.owner == agent


def test_claim_next_answers_htmx_with_the_list_and_the_row_to_be_on(as_agent, due, queue, htmx):
    task = due(HOUR, owner=None, queue=queue)

    response = as_agent.post(reverse("tasks:next"), headers=htmx("my-tasks"))

    assert groups(response) == {"today": [task.pk]}
    assert focus(response) == task.pk
    assert "data-focus" in text(response)
    assert "Taken" in response["HX-Trigger"]


def test_when_nothing_waits_it_says_so(as_agent, due, htmx):
    due(HOUR, owner=None, queue=QueueFactory())  # another team's

    plain = as_agent.post(reverse("tasks:next"), follow=True)
    swapped = as_agent.post(reverse("tasks:next"), headers=htmx("my-tasks"))

    assert "Nothing waits any more." in text(plain)
    assert '"tone": "warn"' in swapped["HX-Trigger"]


# --- rows


def test_a_row_is_done_where_it_stands_and_can_be_undone(as_agent, due, agent, htmx):
    task, other = due(HOUR, kind="check"), due(2 * HOUR)
    url = f"{task.get_absolute_url()}complete/"

    done = as_agent.post(url, {"back": "mine"}, headers=htmx("my-tasks"))

    assert groups(done) == {"today": [other.pk]}
    assert f"/tasks/{task.pk}/reopen/?back=mine" in done["HX-Trigger"]
    assert "Just now" in text(done)
    # The short message posts this by itself.
    undone = as_agent.post(f"/tasks/{task.pk}/reopen/?back=mine", headers=htmx(""))
    assert (undone.status_code, undone["HX-Redirect"]) == (204, URL)
    assert groups(as_agent.get(URL)) == {"today": [task.pk, other.pk]}


def test_an_undo_on_the_queue_goes_on_from_the_task(as_agent, due, htmx):
    task, other = due(HOUR, kind="check"), due(2 * HOUR)
    as_agent.post(f"{task.get_absolute_url()}complete/", {"back": "mine"}, headers=htmx("my-tasks"))

    headers = {**htmx(""), "HX-Current-URL": f"http://testserver{URL}"}
    undone = as_agent.post(f"/tasks/{task.pk}/reopen/?back=mine", headers=headers)

    assert (undone["HX-Retarget"], undone["HX-Reswap"]) == ("#my-tasks", "outerHTML")
    assert groups(undone) == {"today": [task.pk, other.pk]}
    assert focus(undone) == task.pk


def test_a_cancelled_one_stands_under_just_now_too(as_agent, due, agent, now):
    actions.cancel(due(HOUR), why="Twice", by=agent, at=now)

    assert len(as_agent.get(URL).context["queue"].just_now) == 1


def test_a_call_asks_what_came_of_it_in_a_dialog(as_agent, due, htmx):
    task = due(HOUR, kind="call")
    url = f"{task.get_absolute_url()}complete/"

    asked = as_agent.get(f"{url}?back=mine", headers=htmx("task-dialog"))
    empty = as_agent.post(url, {"back": "mine"}, headers=htmx("my-tasks"))
    done = as_agent.post(url, {"back": "mine", "outcome": "Sorted"}, headers=htmx("my-tasks"))

    assert "<dialog" in text(asked)
    assert "autofocus" in text(asked)
    assert (empty.status_code, empty["HX-Retarget"]) == (422, "#task-dialog")
    assert "Write what came of it, in a few words." in text(empty)
    assert groups(done) == {}


def test_what_is_refused_stays_in_the_dialog_as_it_was_typed(as_agent, due, manager, htmx, now):
    task = due(HOUR, kind="call")
    actions.complete(task, outcome="I did", by=manager, at=now)

    url = f"{task.get_absolute_url()}complete/"
    response = as_agent.post(url, {"back": "mine", "outcome": "Sorted"}, headers=htmx("my-tasks"))

    assert response.status_code == 409
    page = text(response)
    assert "Max Brandt has completed this task." in page
    assert "Sorted" in page


def test_the_list_stays_as_long_as_it_was(as_agent, due, htmx):
    tasks = [due(-HOUR, kind="check") for _ in range(LATE + 2)]
    headers = {**htmx("my-tasks"), "HX-Current-URL": "http://testserver/tasks/?show=overdue"}

    response = as_agent.post(f"{tasks[0].get_absolute_url()}complete/", headers=headers)

    assert len(groups(response)["overdue"]) == LATE + 1


# --- what one is asked to take


def test_one_of_a_customer_out_of_sight_is_not_asked(as_agent, due, manager, agent, now):
    removed = AccountFactory(removed_at=now)
    HandoffFactory(task=due(HOUR, owner=manager, account=removed), receiver=agent)

    assert as_agent.get(URL).context["queue"].to_answer == []


def test_what_one_is_asked_to_take_stands_on_top(as_agent, due, manager, agent, account):
    task = due(HOUR, owner=manager, what="Ring them")
    other = due(HOUR, owner=manager, account=AccountFactory(merged_into=account))
    HandoffFactory(task=task, receiver=agent, why="You know them", summary="Last call: angry")
    HandoffFactory(task=other, receiver=agent)

    page = text(as_agent.get(URL))

    assert "Handed to you" in page
    assert "Max Brandt: You know them" in page
    assert "Last call: angry" in page


def test_it_is_accepted_from_the_list(as_agent, due, manager, agent, htmx):
    handoff = HandoffFactory(task=due(HOUR, owner=manager), sender=manager, receiver=agent)

    response = as_agent.post(
        reverse("tasks:accept", args=[handoff.pk]), {"back": "mine"}, headers=htmx("my-tasks")
    )

    assert groups(response) == {"today": [handoff.task.pk]}
    assert response.context["queue"].to_answer == []


def test_one_that_was_taken_back_meanwhile_is_told_beside_the_list(
    as_agent, due, manager, agent, htmx, now
):
    handoff = HandoffFactory(task=due(HOUR, owner=manager), sender=manager, receiver=agent)
    actions.withdraw(handoff, by=manager, at=now)

    response = as_agent.post(
        reverse("tasks:accept", args=[handoff.pk]), {"back": "mine"}, headers=htmx("my-tasks")
    )

    assert response.status_code == 409
    assert '"tone": "bad"' in response["HX-Trigger"]
    assert Task.objects.get(pk=handoff.task_id).owner == manager
    assert Handoff.objects.get().answer == "withdrawn"
