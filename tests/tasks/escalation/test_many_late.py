"""Of many tasks that are late already somebody is told in one message."""

from collections import Counter
from datetime import timedelta

import pytest

from apps.history.models import Event
from apps.notifications.models import Notification
from apps.tasks.actions import escalation as actions
from apps.tasks.models import Escalation, Task
from apps.tasks.queries import people
from apps.users.models import User
from tests.factories.accounts import AccountFactory
from tests.factories.tasks import TaskFactory
from tests.factories.users import make_person
from tests.tasks.escalation.telling import events, said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_after_a_day_down_there_is_one_message_and_not_many(policy, agent, lead, now, ran_jobs):
    for number in range(5):
        account = AccountFactory(owner=agent, team=agent.team)
        TaskFactory(account=account, owner=agent, due_at=now - DAY + number * HOUR)

    actions.fire_due(at=now)
    ran_jobs()

    assert said() == [(1, "Ada Lovett", "notify")] * 5
    assert events() == ["tasks.escalated_together"]
    event = Event.objects.get(kind="tasks.escalated_together")
    assert event.timeline_id == agent.member.timeline_id
    assert Notification.objects.get().user == agent
    assert set(Task.objects.values_list("escalated", flat=True)) == {1}


def test_a_few_late_ones_are_told_one_by_one(policy, agent, account, now, ran_jobs):
    for _ in range(3):
        TaskFactory(account=account, owner=agent, due_at=now - DAY)

    actions.fire_due(at=now)
    ran_jobs()

    assert events() == ["tasks.escalated"] * 3
    assert Notification.objects.filter(user=agent).count() == 3


def test_a_second_batch_of_late_ones_is_silent_for_an_hour(
    policy, agent, lead, account, now, monkeypatch
):
    monkeypatch.setattr(actions, "CHUNK", 4)
    for _ in range(9):
        TaskFactory(account=account, owner=agent, due_at=now - DAY)

    assert actions.fire_due(at=now) == 9

    assert events() == ["tasks.escalated_together"]
    assert Escalation.objects.filter(is_bundled=True).count() == 9


def test_what_somebody_was_told_in_earlier_batches_counts(policy, team, account, now, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    people = [make_person(name=name, team=team) for name in ("Bea", "Cy", "Dee")]
    for number in range(30):
        TaskFactory(account=account, owner=people[number % 3], due_at=now - DAY)

    assert actions.fire_due(at=now) == 30

    # Two, three and three: more are not told one by one.
    assert Counter(events()) == {"tasks.escalated": 8, "tasks.escalated_together": 3}
    assert Escalation.objects.filter(is_bundled=True).count() == 22
    together = Event.objects.filter(kind="tasks.escalated_together")
    assert set(together.values_list("timeline", flat=True)) == {
        person.member.timeline_id for person in people
    }


def test_what_somebody_was_told_in_time_does_not_count(policy, agent, account, now):
    for late in (timedelta(), timedelta(), timedelta(), DAY):
        TaskFactory(account=account, owner=agent, due_at=now - late)

    actions.fire_due(at=now)
    TaskFactory(account=account, owner=agent, due_at=now - DAY)
    actions.fire_due(at=now)

    assert events() == ["tasks.escalated"] * 5


def test_the_levels_after_a_late_one_are_late_as_well(policy, team, lead, manager, account, now):
    for _ in range(2):
        owner = make_person(team=team)
        for _ in range(2):  # of each owner no more than are told one by one
            TaskFactory(account=account, owner=owner, due_at=now - DAY)

    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)

    assert [level for level, *_rest in said()] == [1] * 4 + [2] * 4 + [3] * 4
    assert events() == ["tasks.escalated"] * 4 + ["tasks.escalated_together"] * 2
    together = Event.objects.filter(kind="tasks.escalated_together").order_by("pk")
    assert [event.payload["told_id"] for event in together] == [lead.pk, manager.pk]


@pytest.mark.parametrize("does", ["reassign", "both"])
def test_who_gets_many_late_tasks_is_told_once_and_so_is_who_had_them(
    policy, agent, lead, account, now, ran_jobs, does
):
    policy.levels.filter(number=1).delete()
    policy.levels.filter(number=2).update(does=does)
    for _ in range(5):
        TaskFactory(account=account, owner=agent, due_at=now - DAY)

    actions.fire_due(at=now)
    ran_jobs()

    assert set(Task.objects.values_list("owner__name", flat=True)) == {"Lea Gray"}
    assert Counter(events()) == {"tasks.assigned": 5, "tasks.escalated_together": 2}
    told = Notification.objects.values_list("user__name", "event__kind", "event__payload__did")
    assert sorted(told) == [
        ("Ada Lovett", "tasks.escalated_together", "taken"),
        ("Lea Gray", "tasks.escalated_together", "given"),
    ]


def test_who_cannot_take_many_late_tasks_hears_of_them_once(
    policy, queue, lead, account, now, monkeypatch
):
    policy.levels.filter(number=2).update(does="reassign")
    monkeypatch.setattr(people, "who_see", lambda account: User.objects.none())
    for _ in range(5):
        TaskFactory(account=account, owner=None, queue=queue, due_at=now - DAY)

    actions.fire_due(at=now)

    (event,) = Event.objects.filter(kind__startswith="tasks.")
    assert (event.kind, event.payload) == (
        "tasks.escalated_together",
        {"told_id": lead.pk, "did": "late"},
    )


def test_what_waited_in_a_queue_is_taken_from_nobody(policy, queue, lead, account, now):
    policy.levels.filter(number=2).update(does="both")
    for _ in range(5):
        TaskFactory(account=account, owner=None, queue=queue, due_at=now - DAY)

    actions.fire_due(at=now)

    together = Event.objects.filter(kind="tasks.escalated_together")
    assert [event.payload for event in together] == [{"told_id": lead.pk, "did": "given"}]
    assert Task.objects.filter(owner=lead).count() == 5
