"""What the people of the demo workspace have to do."""

import pytest
from django.utils import timezone

from apps.desk.demo import tasks
from apps.desk.demo.load import load
from apps.history.models import Event
from apps.tasks.models import Handoff, Queue, Task
from apps.tasks.queries.crew import crew, loads
from apps.users.models import User
from tests.conftest import NOW


def test_both_teams_have_tasks_in_every_state_and_somebody_has_too_much(db):
    load(220, now=NOW, progress=lambda done: None)

    assert set(Task.objects.values_list("state", flat=True)) == {
        *("open", "in_progress", "done", "cancelled")
    }
    assert Task.objects.waiting().count() == 8
    assert Task.objects.filter(found_nobody=True, queue__is_fallback=True).count() == 1
    assert Task.objects.filter(snoozed_until__gt=NOW).count() == 12
    assert set(Task.objects.values_list("escalated", flat=True)) == {0, 1, 2}
    assert Task.objects.open().filter(due_at__lt=NOW).count() > 8
    assert Handoff.objects.filter(answer="").count() == 2
    assert Queue.objects.count() == 3
    told = Event.objects.filter(kind="tasks.created").values_list("subject_id", flat=True)
    assert set(told) == set(Task.objects.values_list("pk", flat=True))
    assert not Task.objects.filter(made_at__gt=NOW).exists()

    for name in ("Helen", "Daniel"):
        manager = User.objects.get(name__startswith=name)
        found = crew(manager, "", on=NOW.date())
        load_of = {
            each.person.name.split()[0]: each
            for each in loads(found.people, hours=found.hours, at=NOW)
        }
        agents = [each for each in load_of.values() if each.count]
        assert len(agents) == 3
        assert any(each.over for each in agents) == (name == "Helen")


def test_a_workspace_of_one_customer_has_few(db):
    load(1, now=NOW, progress=lambda done: None)

    assert 30 < Task.objects.count() < 60


def test_the_pages_of_the_demo_show_them(client, db):
    load(60, now=timezone.now(), progress=lambda done: None)
    client.force_login(User.objects.get(email="helen@demo.example"))

    page = client.get("/tasks/team/").context["page"]

    assert page.count > 25
    assert [tab.count > 0 for tab in page.tabs[:4]] == [True] * 4


def test_half_of_many_customers_have_an_open_task(db, monkeypatch):
    monkeypatch.setattr(tasks, "LARGE", 40)
    load(60, now=NOW, progress=lambda done: None)

    filled = Task.objects.filter(cause__startswith="fill:")
    assert filled.count() == 30
    assert filled.filter(owner=None).count() == 1
    pacific = User.objects.filter(team__name=tasks.PACIFIC, member__role="agent")
    assert pacific.count() == tasks.PEOPLE
    assert pytest.approx(0, abs=4) == filled.filter(owner__email="amara@demo.example").count()
