"""The page of one task, and the forms with which something is done with it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.tasks import actions
from apps.tasks.models import Handoff, Task
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import (
    CalendarFactory,
    OutOfOfficeFactory,
    PersonCalendarFactory,
)
from tests.factories.saves import CommitmentFactory, SaveCaseFactory
from tests.factories.tasks import HandoffFactory, QueueFactory, TaskFactory
from tests.factories.users import make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def url(task):
    return task.get_absolute_url()


def text(response):
    return " ".join(response.content.decode().split())


def words(**more):
    return {
        "what": "Call about the card",
        "kind": "call",
        "priority": "2",
        "effort": "30",
        "details": "They are in until noon.",
        "when": "4h",
        "moment": "",
        "key": str(uuid.uuid4()),
        **more,
    }


# --- the page


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


def test_asking_for_a_hand_off_asks_the_same_for_many_colleagues(
    as_agent, url, team, django_assert_max_num_queries
):
    for _ in range(4):
        make_person("agent", team=team)

    with django_assert_max_num_queries(17):
        as_agent.get(f"{url}hand-off/")


# --- by a button alone


def test_what_a_button_does_is_told(as_agent, account, agent, queue, now):
    task = TaskFactory(account=account, owner=None, queue=queue, kind="check")
    url = task.get_absolute_url()

    def post(verb):
        response = as_agent.post(f"{url}{verb}/", follow=True)
        task.refresh_from_db()
        return text(response)

    assert "It is yours." in post("claim")
    assert task.owner == agent
    assert "You are at it." in post("start")
    assert task.state == "in_progress"
    actions.snooze(task, until=now + HOUR, reason="Away", by=agent, at=now)
    assert "It is there again." in post("wake")
    assert task.snoozed_until is None
    assert "Put back. Somebody else can take it." in post("release")
    assert task.owner is None
    actions.complete(task, by=agent, at=now)
    assert "Undone." in post("reopen")
    assert task.state == "open"


def test_a_button_that_came_too_late_shows_how_things_are(as_agent, account, manager, queue):
    task = TaskFactory(account=account, owner=manager, queue=queue)

    response = as_agent.post(f"{task.get_absolute_url()}claim/")

    assert response.status_code == 409
    assert "Max Brandt has taken this task. Take the next one." in text(response)
    assert "Error:" in text(response)


# --- done, cancelled


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


# --- put off


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2h", datetime(2026, 6, 9, 11, 30, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 6, 10, 8, 0, tzinfo=UTC)),
        ("week", datetime(2026, 6, 16, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_task_is_put_off_in_working_time(as_agent, task, url, until, moment):
    data = {"until": until, "moment": "", "reason": "They are away"}
    response = as_agent.post(f"{url}snooze/", data, follow=True)

    assert "Put off." in text(response)
    task.refresh_from_db()
    assert (task.snoozed_until, task.snooze_reason) == (moment, "They are away")


def test_a_moment_of_ones_own_wins(as_agent, task, url):
    data = {"until": "2h", "moment": "2026-06-12T15:00", "reason": "Away"}
    as_agent.post(f"{url}snooze/", data)

    task.refresh_from_db()
    assert task.snoozed_until == datetime(2026, 6, 12, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"moment": "2026-06-09T10:00"}, "Choose a moment that lies ahead."),
        ({"moment": "2046-06-09T10:00"}, "Choose a day within the next ten years."),
        ({"moment": "tomorrow"}, "Choose the day and the time."),
        ({"until": ""}, "Choose until when."),
        ({"until": "never"}, "Choose until when from the list."),
        ({"reason": " "}, "Write why it waits, in a few words."),
    ],
)
def test_what_is_wrong_with_it_is_said(as_agent, url, task, data, said):
    data = {"until": "2h", "moment": "", "reason": "Away", **data}
    response = as_agent.post(f"{url}snooze/", data)

    assert response.status_code == 422
    assert said in text(response)
    task.refresh_from_db()
    assert task.snoozed_until is None


def test_who_never_works_chooses_a_moment(as_agent, agent, task, url):
    PersonCalendarFactory(user=agent, calendar=CalendarFactory())

    data = {"until": "tomorrow", "moment": "", "reason": "Away"}
    response = as_agent.post(f"{url}snooze/", data)

    assert "Your calendar has no working time. Choose a moment." in text(response)


def test_what_woke_early_is_put_off_again_to_the_same_moment(as_agent, task, url, agent, now):
    for until in (now + HOUR, now + 2 * DAY):
        actions.snooze(task, until=until, reason="They are away", by=agent, at=now)
        actions.wake(task, at=now, because="customer")
    form = as_agent.get(f"{url}snooze/").context["form"]
    assert form.initial == {"moment": now + 2 * DAY, "reason": "They are away"}

    page = text(as_agent.get(f"{url}snooze/"))
    assert 'value="2026-06-11T10:30"' in page


def test_what_woke_when_it_had_to_is_put_off_anew(as_agent, task, url, agent, now, clock):
    actions.snooze(task, until=now + HOUR, reason="They are away", by=agent, at=now)
    actions.wake(task, at=now + HOUR, because="moment")
    clock.move_to(now + HOUR)

    assert as_agent.get(f"{url}snooze/").context["form"].initial == {}


# --- moved, given, corrected


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


# --- a new one


@pytest.fixture
def new_url(account):
    return reverse("desk:new-task", args=[account.pk])


def test_a_task_is_added_from_the_customer(as_agent, account, agent, new_url):
    form = as_agent.get(new_url).context["form"]
    assert form.initial["whose"] == f"person-{agent.pk}"

    data = words(whose=f"person-{agent.pk}")
    response = as_agent.post(new_url, data, follow=True)
    as_agent.post(new_url, data)

    assert response.redirect_chain == [(f"{account.get_absolute_url()}#tasks", 302)]
    page = text(response)
    assert "Task added. It is yours, due today, 14:30." in page
    assert "You. Due today, 14:30." in page
    made = Task.objects.get()
    assert (made.what, made.priority, made.effort, made.made_by) == (
        "Call about the card",
        2,
        30,
        agent,
    )


def test_a_colleague_is_asked_and_until_they_accept_it_is_the_senders(
    as_agent, account, agent, new_url, colleague
):
    CommitmentFactory(account=account, owner=agent, text="Send a reader", due_on="2026-06-10")
    assert "A colleague is asked. Until they accept, it is yours." in text(as_agent.get(new_url))
    data = words(whose=f"person-{colleague.pk}", why="She knows chairs")

    added = as_agent.post(new_url, data, follow=True)
    as_agent.post(new_url, data)

    assert "Task added. It is yours until Bea Stone accepts, due today, 14:30." in text(added)
    handoff = Handoff.objects.get()
    assert (handoff.task.owner, handoff.receiver, handoff.why) == (
        agent,
        colleague,
        "She knows chairs",
    )
    assert handoff.summary == "We said: Send a reader (Ada Lovett, by tomorrow)."


def test_a_colleague_is_not_asked_without_a_reason(as_agent, new_url, colleague):
    response = as_agent.post(new_url, words(whose=f"person-{colleague.pk}", why=" "))

    assert response.status_code == 422
    assert "Write why, in a sentence." in text(response)
    assert Task.objects.count() == 0


def test_a_colleague_who_is_away_is_not_asked_and_no_task_is_left(as_agent, new_url, colleague):
    OutOfOfficeFactory(user=colleague, starts_on="2026-06-09", ends_on="2026-06-09")

    response = as_agent.post(new_url, words(whose=f"person-{colleague.pk}", why="She knows"))

    assert response.status_code == 422
    assert "Bea Stone is away then." in text(response)
    assert Task.objects.count() == 0


def test_whoever_is_away_asks_nobody_where_their_stand_in_has_it(
    as_agent, agent, new_url, colleague, manager
):
    OutOfOfficeFactory(user=agent, starts_on="2026-06-09", ends_on="2026-06-09", stand_in=manager)

    response = as_agent.post(
        new_url, words(whose=f"person-{colleague.pk}", why="She knows"), follow=True
    )

    assert "Task added. Max Brandt has it," in text(response)
    assert Handoff.objects.count() == 0


def test_a_manager_gives_one_at_once_and_anybody_to_a_queue(
    client, as_agent, new_url, manager, colleague, queue
):
    anybodys = as_agent.post(new_url, words(whose=f"queue-{queue.pk}"), follow=True)
    client.force_login(manager)
    hers = client.post(new_url, words(whose=f"person-{colleague.pk}"), follow=True)

    assert "why" not in client.get(new_url).context["form"].fields
    assert "Task added. Bea Stone has it, due today," in text(hers)
    assert Handoff.objects.count() == 0
    assert "Task added. It waits in Follow-ups, due today," in text(anybodys)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": " "}, "Write what is to be done."),
        ({"when": ""}, "Choose when it is due."),
        ({"when": "soon"}, "Choose when it is due from the list."),
        ({"moment": "2026-06-09T10:00"}, "Choose a moment that lies ahead."),
        ({"whose": ""}, "Choose a person or a queue."),
        ({"key": ""}, "This page is out of date. Load it again."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(as_agent, agent, new_url, change, said):
    response = as_agent.post(new_url, words(whose=f"person-{agent.pk}") | change)

    assert response.status_code == 422
    assert said in text(response)
    assert "They are in until noon." in text(response)
    assert Task.objects.count() == 0


def test_one_that_is_refused_is_kept_as_it_was_typed(
    as_agent, agent, account, new_url, colleague, monkeypatch
):
    def refuse(**_words):
        raise actions.CannotTake(None, colleague)

    monkeypatch.setattr(actions, "create", refuse)
    response = as_agent.post(new_url, words(whose=f"person-{agent.pk}"))

    assert response.status_code == 422
    assert "Bea Stone can’t take tasks of this customer." in text(response)


def test_only_who_may_see_a_private_customer_is_offered(client, outsider, private_account, agent):
    client.force_login(outsider)
    form = client.get(reverse("desk:new-task", args=[private_account.pk])).context["form"]

    assert list(form.fields["whose"].people) == [f"person-{outsider.pk}"]


# --- handed off


def test_the_form_draws_up_what_the_receiver_should_know(
    as_agent, task, url, account, agent, colleague, queue
):
    SaveCaseFactory(account=account, agent=agent, verbatim="Too dear.", reason_text="Price")
    CommitmentFactory(account=account, owner=agent, text="Send a reader", due_on="2026-06-10")
    TaskFactory(account=account, what="Ring them", owner=None, queue=queue)

    form = as_agent.get(f"{url}hand-off/").context["form"]

    assert form.initial["summary"].splitlines() == [
        "Last call today: stayed, because of Price.",
        "They said: “Too dear.”",
        "We said: Send a reader (Ada Lovett, by tomorrow).",
        "Also open: Ring them (nobody yet).",
    ]
    labels = [label for _value, label in form.fields["to"].choices]
    assert labels == [
        "Choose a colleague",
        "Bea Stone: 0 min of work, 40 h of time in 7 days",
    ]


def test_of_a_customer_without_a_past_nothing_is_drawn_up(as_agent, url):
    assert as_agent.get(f"{url}hand-off/").context["form"].initial["summary"] == ""


def test_a_call_without_words_is_told_all_the_same(as_agent, url, account, agent):
    SaveCaseFactory(account=account, agent=agent, verbatim="", reason_text="Price")

    assert "said" not in as_agent.get(f"{url}hand-off/").context["form"].initial["summary"]


def test_a_task_is_handed_off_and_accepted(client, as_agent, task, url, agent, colleague):
    data = {"to": colleague.pk, "why": "You know them", "summary": "They are angry."}
    response = as_agent.post(f"{url}hand-off/", data, follow=True)
    assert "Asked. It stays yours until they accept." in text(response)
    assert "Waits for Bea Stone to accept" in text(response)

    handoff = Handoff.objects.get()
    assert handoff.summary == "They are angry."
    client.force_login(colleague)
    assert "Ada Lovett hands it to you" in text(client.get(url))
    client.post(reverse("tasks:accept", args=[handoff.pk]))
    task.refresh_from_db()
    assert task.owner == colleague


def test_a_task_is_declined_with_a_reason(client, task, url, agent, colleague):
    handoff = HandoffFactory(task=task, sender=agent, receiver=colleague)
    client.force_login(colleague)
    decline = reverse("tasks:decline", args=[handoff.pk])

    assert "Why not?" in text(client.get(decline))
    assert client.post(decline, {"note": ""}).status_code == 422
    response = client.post(decline, {"note": "Away", "back": "mine"}, follow=True)

    assert "Declined. It stays with Ada Lovett." in text(response)
    task.refresh_from_db()
    assert task.owner == agent


def test_one_takes_back_what_one_asked(as_agent, task, url, agent, colleague):
    handoff = HandoffFactory(task=task, sender=agent, receiver=colleague)

    response = as_agent.post(reverse("tasks:withdraw", args=[handoff.pk]), follow=True)

    assert "Taken back. It stays yours." in text(response)


def test_a_third_person_can_not_answer(as_manager, task, agent, colleague):
    handoff = HandoffFactory(task=task, sender=agent, receiver=colleague)
    page = text(as_manager.get(task.get_absolute_url()))
    assert "Waits for Bea Stone" in page
    assert "Take it back" not in page

    response = as_manager.post(reverse("tasks:accept", args=[handoff.pk]))

    assert response.status_code == 409


def test_nobody_is_chosen(as_agent, url):
    response = as_agent.post(f"{url}hand-off/", {"to": "0", "why": ""})

    page = text(response)
    assert "Choose a colleague from the list." in page
    assert "Write why, in a sentence." in page


# --- on the customer's page


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
