"""The form with which a task is added from the customer."""

import pytest
from django.urls import reverse

from apps.tasks import actions
from apps.tasks.models import Handoff, Task
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.saves import CommitmentFactory
from tests.tasks.views.pages import text, words


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
