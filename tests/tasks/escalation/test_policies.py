"""Which policy counts for a task, and those with which a workspace begins."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from apps.tasks import actions as tasks
from apps.tasks.actions import escalation as actions
from apps.tasks.models import Deadline
from apps.tasks.queries import escalation
from tests.factories.tasks import PolicyFactory
from tests.tasks.escalation.telling import said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_pages_show_a_task_as_at_risk_as_the_policy_says(policy, django_assert_num_queries):
    PolicyFactory(kind="call", priority=1, at_risk_minutes=240)
    policy.kind = "email"
    policy.save()

    with django_assert_num_queries(1):
        risks = escalation.risks()
    with django_assert_num_queries(0):
        assert escalation.risks() == risks
    assert risks["call", 1] == 240
    assert risks["email", 3] == 60
    assert risks["check", 4] == 60  # nobody said anything: the last hour


def test_a_policy_that_is_not_in_use_says_nothing(task, policy, now):
    policy.is_on = False
    policy.save()

    actions.fire_due(at=now)

    assert (said(), Deadline.objects.get().look_at) == ([], None)


@pytest.mark.parametrize("field", ["kind", "priority"])
def test_what_was_seen_without_a_policy_is_looked_at_when_one_counts_for_it(
    task, policy, agent, now, field
):
    new = {"kind": "call", "priority": 1}[field]
    setattr(policy, field, new)
    policy.save()
    actions.fire_due(at=now)
    assert not escalation.is_due(now + DAY)

    tasks.edit(task, by=agent, at=now, version=1, what="Call them")
    assert not escalation.is_due(now + DAY)
    tasks.edit(task, by=agent, at=now, version=2, **{field: new})

    actions.fire_due(at=now)
    assert said() == [(1, "Ada Lovett", "notify")]


def test_what_was_seen_without_a_policy_is_looked_at_with_an_edited_one(task, policy, admin, now):
    policy.kind = "call"
    policy.save()
    actions.fire_due(at=now)
    assert not escalation.is_due(now + DAY)

    policy.kind = ""
    actions.save_policy(policy, levels=[(1, 0, "notify")], by=admin, at=now)

    actions.fire_due(at=now)
    assert said() == [(1, "Ada Lovett", "notify")]


def test_a_new_workspace_begins_with_policies_that_escalate_sensibly(
    task, agent, lead, now, capsys
):
    call_command("load_policies")
    call_command("load_policies")

    assert capsys.readouterr().out.split("\n")[:2] == [
        "Added 2 escalation policies.",
        "Added 0 escalation policies.",
    ]
    assert [plan.name for plan in escalation.plans()] == ["Every task", "Urgent tasks"]
    for hours in range(30):
        actions.fire_due(at=now + hours * HOUR)
    assert said() == [(1, "Ada Lovett", "notify"), (2, "Lea Gray", "notify")]


def test_what_was_seen_without_a_policy_is_looked_at_with_the_first_ones(task, agent, now):
    actions.fire_due(at=now)
    assert not escalation.is_due(now + DAY)

    actions.load_policies(at=now)

    assert escalation.is_due(now)
