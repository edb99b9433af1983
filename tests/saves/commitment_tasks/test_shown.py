"""How pages show a commitment and its task: once, and each leads to the other."""

import pytest
from django.urls import reverse

from apps.saves import origins
from apps.tasks.models import Task
from apps.tasks.origins import register
from apps.tasks.queries import mine


def test_my_queue_shows_it_once_as_a_commitment(make, agent, now):
    first, second = make(), make(text="Think about it", is_visible=False)

    [group] = mine.my_queue(agent, at=now).groups

    rows = {row.what: row for row in group.rows}
    assert set(rows) == {"Send a card reader", "Think about it"}
    told = {what: (row.about.words, row.about.url) for what, row in rows.items()}
    assert told == {
        "Send a card reader": ("Commitment", first.get_absolute_url()),
        "Think about it": (
            "Commitment, the customer does not know",
            second.get_absolute_url(),
        ),
    }
    asks = 'hx-get="{}complete/?back=mine"'
    assert all(asks.format(row.url) in row.html for row in rows.values())
    # That says more than the kind and the origin would.
    meta = f'<a href="{first.get_absolute_url()}">Commitment</a></p>'
    assert meta in rows[first.text].html


def test_a_task_and_its_commitment_lead_to_each_other(as_agent, said):
    task = as_agent.get(said.task.get_absolute_url()).content.decode()
    commitment = as_agent.get(said.get_absolute_url()).content.decode()

    assert f'href="{said.get_absolute_url()}">Commitment</a>' in task
    assert f'href="{said.task.get_absolute_url()}">Open the task</a>' in commitment


def test_the_customer_page_says_it_with_the_commitments_alone(as_agent, account, said):
    page = as_agent.get(account.get_absolute_url()).context["page"]

    assert page.tasks.count == 0
    assert [line.text for line in page.commitments.lines] == ["Send a card reader"]


def test_my_queue_asks_little_of_commitments(as_agent, make, django_assert_max_num_queries):
    for number in range(5):
        make(text=f"Call {number}")

    with django_assert_max_num_queries(12):
        as_agent.get(reverse("tasks:mine"))


def test_one_room_says_what_an_origin_is():
    with pytest.raises(ValueError, match="described already"):
        register(Task.Origin.COMMITMENT, origins.describe)
