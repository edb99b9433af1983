"""My queue stays open: its counts go on, and what is new is offered."""

import pytest
import time_machine

from apps.tasks.queries import news
from tests.factories.tasks import HandoffFactory, TaskFactory
from tests.tasks.test_mine import DAY, HOUR, text

NEWS = "/tasks/news/"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def due(account, agent, now):
    """Make a task of Ada's that is due so long from now: `due(2 * HOUR)`."""

    def make(after, **words):
        first = {"account": account, "owner": agent, "due_at": now + after, "made_at": now - HOUR}
        return TaskFactory(**first | words)

    return make


@pytest.fixture
def look(as_agent, htmx):
    """Ask again as the page does: `look(seen)`."""

    def get(seen, **asked):
        return text(as_agent.get(NEWS, {"seen": seen, **asked}, headers=htmx("my-news")))

    return get


def test_what_has_come_is_offered_and_the_time_goes_on(
    as_agent, look, due, agent, manager, account, now, queue, clock
):
    older = due(HOUR)
    hers = due(2 * HOUR, owner=manager)
    page = as_agent.get("/tasks/")
    seen = page.context["seen"]
    assert f'data-look="{NEWS}?seen={seen}"' in text(page)
    assert "new. Show" not in look(seen)

    clock.move_to(now + 90 * (HOUR / 60))
    hers.owner = agent  # with a number below those that the page shows
    hers.save()
    due(HOUR, owner=None, queue=queue)
    put_off = {"snoozed_until": now + DAY, "snoozed_by": agent, "snooze_reason": "Away"}
    due(HOUR, **put_off)
    HandoffFactory(task=due(HOUR, owner=manager), sender=manager, receiver=agent)
    fresh = look(seen)

    assert "3 new. Show" in fresh
    assert "2 open tasks" in fresh
    assert "1 overdue" in fresh
    assert f'data-due="{older.pk}"' in fresh
    assert "30 min late" in fresh
    assert '<span class="count">1</span>' in fresh


def test_what_is_gone_is_no_news(as_agent, look, due, now):
    task = due(HOUR)
    seen = as_agent.get("/tasks/").context["seen"]
    task.delete()

    assert "new. Show" not in look(seen)


def test_the_group_that_is_shown_whole_is_asked_for_again(as_agent, look, due):
    due(HOUR)
    page = text(as_agent.get("/tasks/", {"show": "today"}))
    assert "&amp;show=today" in page

    assert 'href="/tasks/?show=today"' in look("0", show="today")


@pytest.mark.parametrize("seen", ["", "x", "7.8"])
def test_a_page_with_a_damaged_mark_is_offered_nothing(look, due, seen):
    due(HOUR)

    assert "new. Show" not in look(seen)


def test_a_page_of_too_many_rows_does_not_ask(as_agent, due, monkeypatch):
    monkeypatch.setattr(news, "MOST", 0)
    due(HOUR)

    assert 'data-look="/tasks/' not in text(as_agent.get("/tasks/"))


def test_a_list_that_was_changed_by_htmx_asks_again(as_agent, due, htmx, queue):
    due(HOUR, owner=None, queue=queue)

    page = text(as_agent.post("/tasks/next/", headers=htmx("my-tasks")))

    assert f"{NEWS}?seen=0." in page


def test_whoever_opens_the_news_is_led_to_the_queue(as_agent):
    assert as_agent.get(NEWS)["Location"] == "/tasks/"
