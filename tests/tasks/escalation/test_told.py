"""Who is told of a task at each level: whoever is there, and may see the customer."""

from datetime import timedelta

import pytest

from apps.tasks.actions import escalation as actions
from apps.tasks.queries import escalation
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, UserFactory, make_person
from tests.tasks.escalation.telling import said

HOUR = timedelta(hours=1)


def test_whoever_is_away_is_stood_in_for(task, policy, agent, lead, now, colleague):
    today = now.date()
    OutOfOfficeFactory(user=agent, stand_in=colleague, starts_on=today, ends_on=today)

    actions.fire_due(at=now)

    assert said() == [(1, "Bea Stone", "notify")]


@pytest.mark.parametrize("deputy", [None, "away"])
def test_a_level_without_anybody_at_work_is_passed_over(task, policy, agent, lead, now, deputy):
    stand_in = make_person(team=agent.team) if deputy else None
    for user in filter(None, [agent, stand_in]):
        stands_in = stand_in if user == agent else None
        days = {"starts_on": now.date(), "ends_on": now.date()}
        OutOfOfficeFactory(user=user, stand_in=stands_in, **days)

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)

    assert said() == [(2, "Lea Gray", "notify")]


def test_a_task_that_waits_for_somebody_comes_before_the_lead(policy, lead, queue, account, now):
    TaskFactory(account=account, owner=None, queue=queue, due_at=now)

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)

    assert said() == [(2, "Lea Gray", "notify")]


def test_the_team_of_the_queue_is_responsible(policy, agent, account, now):
    other = TeamFactory(lead=make_person(name="Otto"))
    TaskFactory(account=account, owner=agent, queue=QueueFactory(team=other), due_at=now)

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)

    assert said()[-1] == (2, "Otto", "notify")


def test_without_a_team_only_the_owner_is_told(policy, account, now):
    TaskFactory(account=account, owner=make_person(name="Solo", team=None), due_at=now)

    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)

    assert said() == [(1, "Solo", "notify")]


def test_who_may_not_see_the_customer_or_has_left_is_not_told(
    policy, private_account, private_team, outsider, now
):
    private_team.lead = make_person("agent", name="Inside")
    private_team.manager = make_person("manager", name="Gone", is_active=False)
    private_team.save()
    elsewhere = TeamFactory(lead=make_person("agent"), manager=make_person("admin", name="Iris"))
    away = QueueFactory(team=elsewhere)
    TaskFactory(account=private_account, owner=outsider, due_at=now)
    TaskFactory(account=private_account, owner=outsider, queue=away, due_at=now)
    TaskFactory(account=private_account, owner=UserFactory(name="No role"), due_at=now)

    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)

    assert sorted(said()) == [
        (1, "Nour Haddad", "notify"),
        (1, "Nour Haddad", "notify"),
        (2, "Inside", "notify"),
        (2, "Inside", "notify"),  # of the one without a team
        (3, "Iris", "notify"),
    ]


@pytest.mark.parametrize("how", ["moved", "merged", "waiting"])
def test_where_nobody_sees_the_customer_the_private_team_is_told(
    policy, private_account, private_team, agent, lead, manager, queue, now, how
):
    private_team.lead = make_person("agent", name="Inside")
    private_team.manager = make_person("manager", name="Mara")
    private_team.save()
    account = AccountFactory(merged_into=private_account) if how == "merged" else private_account
    owner = None if how == "waiting" else agent
    TaskFactory(account=account, owner=owner, queue=queue, due_at=now)

    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)

    assert said() == [(2, "Inside", "notify"), (3, "Mara", "notify")]


def test_who_sees_the_customer_goes_before_the_private_team(
    policy, private_account, private_team, agent, lead, now
):
    private_team.lead = make_person("agent", name="Inside")
    private_team.save()
    agent.team.manager = make_person("admin", name="Iris")
    agent.team.save()
    TaskFactory(account=private_account, owner=agent, due_at=now)

    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)

    assert said() == [(3, "Iris", "notify")]


@pytest.mark.parametrize("whole", ["removed", "merged"])
def test_nobody_is_told_of_customers_who_were_removed(whole, task, policy, agent, account, now):
    gone = account
    if whole == "merged":
        gone = AccountFactory()
        account.merged_into = gone
        account.save()
    gone.removed_at = now
    gone.save()

    assert actions.fire_due(at=now) == 1
    assert escalation.preview(escalation.plans()[0], at=now).count == 0
    assert (said(), task.deadline.look_at) == ([], now + HOUR)
    assert not escalation.is_due(now)

    gone.removed_at = None
    gone.save()
    actions.fire_due(at=now + HOUR)
    assert said() == [(1, "Ada Lovett", "notify")]
