"""The forms with which a task is handed off to a colleague, and answered."""

from django.urls import reverse

from apps.tasks.models import Handoff
from tests.factories.saves import CommitmentFactory, SaveCaseFactory
from tests.factories.tasks import HandoffFactory, TaskFactory
from tests.factories.users import make_person
from tests.tasks.views.pages import text


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


def test_asking_for_a_hand_off_asks_the_same_for_many_colleagues(
    as_agent, url, team, django_assert_max_num_queries
):
    for _ in range(4):
        make_person("agent", team=team)

    with django_assert_max_num_queries(17):
        as_agent.get(f"{url}hand-off/")


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
