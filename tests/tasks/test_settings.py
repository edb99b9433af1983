"""The settings pages of queues and of escalation."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.history.models import Event
from apps.tasks.actions import escalation as actions
from apps.tasks.models import Escalation, Policy, Queue
from apps.tasks.queries import escalation
from tests.factories.tasks import LevelFactory, PolicyFactory, QueueFactory, TaskFactory

ADD_QUEUE = reverse("admin:tasks_queue_add")
ADD = reverse("admin:tasks_policy_add")
TYPED = {
    "name": "Urgent calls",
    "kind": "call",
    "priority": "1",
    "at_risk_minutes": "30",
    "reminds": "on",
    "is_on": "on",
    "owner_after": "0",
    "lead_after": "60",
    "lead_does": "both",
    "manager_does": "notify",
}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def on_a_tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


def change(policy):
    return reverse("admin:tasks_policy_change", args=[policy.pk])


def test_an_admin_adds_a_queue_and_changes_it(as_admin, admin, team):
    as_admin.post(ADD_QUEUE, {"name": "Renewals", "team": team.pk, "routing": "round_robin"})
    queue = Queue.objects.get()
    assert (queue.team, queue.routing, queue.is_fallback) == (team, "round_robin", False)
    page = reverse("admin:tasks_queue_change", args=[queue.pk])
    as_admin.post(page, {"name": "Late ones", "team": team.pk, "routing": "claim"})

    assert Queue.objects.get().name == "Late ones"
    events = Event.objects.on(admin.member.timeline).order_by("pk")
    assert [(each.kind, each.payload) for each in events] == [
        ("tasks.queue_saved", {"name": "Renewals", "is_new": True}),
        ("tasks.queue_saved", {"name": "Late ones", "is_new": False}),
    ]
    person = as_admin.get(reverse("access:person", args=[admin.pk])).content.decode()
    assert "added the queue Renewals" in person
    assert "edited the queue Late ones" in person
    listed = as_admin.get(reverse("admin:tasks_queue_changelist")).content.decode()
    assert "Late ones" in listed


def test_there_is_one_fallback_and_it_gives_to_nobody(as_admin, team):
    typed = {"name": "Nobody", "team": team.pk, "routing": "round_robin", "is_fallback": "on"}
    page = as_admin.post(ADD_QUEUE, typed).content.decode()
    assert "From the fallback people take the next one." in page
    as_admin.post(ADD_QUEUE, typed | {"routing": "claim"})
    assert Queue.objects.get().is_fallback

    page = as_admin.post(ADD_QUEUE, typed | {"routing": "claim", "name": "Other"}).content.decode()

    assert "Nobody is the fallback. Untick it there first." in page


def test_an_admin_adds_a_policy_and_changes_it(as_admin, admin):
    as_admin.post(ADD, TYPED)

    policy = Policy.objects.get()
    assert (policy.kind, policy.priority, policy.at_risk_minutes) == ("call", 1, 30)
    levels = policy.levels.order_by("number").values_list("number", "minutes", "does")
    assert list(levels) == [(1, 0, "notify"), (2, 60, "both")]
    page = as_admin.get(change(policy)).content.decode()
    assert 'name="lead_after" value="60"' in page
    as_admin.post(change(policy), TYPED | {"name": "Calls", "lead_after": "", "priority": ""})

    policy.refresh_from_db()
    assert (policy.name, policy.priority, policy.levels.count()) == ("Calls", None, 1)
    events = Event.objects.on(admin.member.timeline).order_by("pk")
    assert [(each.payload["name"], each.payload["is_new"]) for each in events] == [
        ("Urgent calls", True),
        ("Calls", False),
    ]
    person = as_admin.get(reverse("access:person", args=[admin.pk])).content.decode()
    assert "added the escalation policy Urgent calls" in person


def test_two_policies_for_the_same_tasks_are_refused_in_words(as_admin):
    as_admin.post(ADD, TYPED)

    page = as_admin.post(ADD, TYPED | {"name": "Again"}).content.decode()
    assert "Urgent calls is for the same tasks." in page
    as_admin.post(ADD, {**TYPED, "name": "Again", "is_on": ""})
    assert Policy.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lead_after": "0"}, "Let each level come later than the one before it."),
        ({"manager_after": "30"}, "Let each level come later than the one before it."),
        ({"at_risk_minutes": "961"}, "Write 960 minutes at most."),
        ({"lead_does": "sing"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(as_admin, wrong, words):
    page = as_admin.post(ADD, TYPED | wrong | {"_preview": "Preview"}).content.decode()

    assert words in page
    assert "open tasks it is for" not in page
    assert not Policy.objects.exists()


def test_a_preview_says_what_would_happen_now_and_does_nothing(as_admin, agent, team, now):
    team.lead = agent
    team.save()
    late = {"owner": agent, "priority": 1, "due_at": now - HOUR}
    TaskFactory(what="Ring them", account__name="Larkspur", **late)
    TaskFactory(what="Write to them", kind="email", **late)
    soon = {"owner": agent, "priority": 1, "due_at": now + HOUR / 2}
    TaskFactory(what="Ring soon", **soon)
    PolicyFactory(name="For all")

    page = as_admin.post(ADD, TYPED | {"_preview": "Preview"}).content.decode()

    assert "2 messages, of 2 open tasks it is for." in page
    assert "<td>Ring them</td><td>Larkspur</td><td>The owner</td><td>Ada Lovett</td>" in page
    assert "<td>At risk</td><td>Ada Lovett</td><td>Is reminded</td>" in page
    assert "Write to them" not in page
    assert (Policy.objects.count(), Escalation.objects.count()) == (1, 0)


def test_a_stored_policy_shows_what_it_does_now(as_admin, agent, now, monkeypatch):
    policy = PolicyFactory()
    LevelFactory(policy=policy)
    TaskFactory(owner=agent, due_at=now)

    assert "1 message, of 1 open tasks" in as_admin.get(change(policy)).content.decode()
    monkeypatch.setattr(escalation, "MOST_TRIED", 1)
    TaskFactory(owner=agent, due_at=now - HOUR)
    page = as_admin.get(change(policy)).content.decode()
    assert "these are the longest overdue" in page
    assert "What this policy would do now" in as_admin.get(ADD).content.decode()


def test_a_saved_policy_counts_at_once_for_what_is_late_already(admin, agent, now):
    TaskFactory(owner=agent, due_at=now)
    actions.fire_due(at=now)
    assert not escalation.is_due(now + HOUR)

    levels = [(1, 0, "notify")]
    actions.save_policy(Policy(name="New"), levels=levels, by=admin, at=now + HOUR)
    actions.fire_due(at=now + HOUR)

    assert Escalation.objects.get().told == agent


def test_a_queue_that_is_the_fallback_already_may_be_saved_again(as_admin, team):
    queue = QueueFactory(name="Nobody", team=team, is_fallback=True)
    page = reverse("admin:tasks_queue_change", args=[queue.pk])
    typed = {"name": "Left over", "team": team.pk, "routing": "claim", "is_fallback": "on"}

    as_admin.post(page, typed)

    assert Queue.objects.get().name == "Left over"
