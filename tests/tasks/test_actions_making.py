"""Making tasks, and for whom they are."""

import datetime
from datetime import time, timedelta

import pytest

from apps.accounts.actions import MergedAway, Removed
from apps.tasks import actions
from apps.tasks.models import Queue, Task
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, UserFactory, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = datetime.date(2026, 6, 9)


@pytest.fixture
def queue_of(team):
    """A queue of Ada's team with a routing."""

    def make(routing, **fields):
        return QueueFactory(team=team, routing=routing, **fields)

    return make


@pytest.fixture
def away():
    """Somebody is away today, and tomorrow: `away(person, stand_in=…)`."""

    def go(user, **fields):
        return OutOfOfficeFactory(user=user, starts_on=TODAY, ends_on=TODAY + DAY, **fields)

    return go


def test_a_task_has_an_owner_and_a_moment(make, account, agent, now, told):
    task = make(owner=agent, due_at=now + DAY, what="Call about prices", effort=30)

    task.refresh_from_db()
    assert (task.owner, task.due_at, task.made_by, task.made_at) == (agent, now + DAY, agent, now)
    assert (task.kind, task.priority, task.effort, task.origin) == ("call", 3, 30, "hand")
    assert told("tasks.created") == [
        {
            "title": "Call about prices",
            "owner": "Ada Lovett",
            "owner_id": agent.pk,
            "queue": "",
            "due_at": "2026-06-10T09:30:00+00:00",
        }
    ]


def test_the_same_cause_makes_one_task(make, agent, told):
    first = make(owner=agent, cause="commitment:42", origin="commitment")
    again = make(owner=agent, cause="commitment:42", origin="commitment")

    assert again == first
    assert len(told("tasks.created")) == 1


def test_the_same_cause_gives_the_task_of_a_customer_who_is_gone(make, account, agent, now):
    first = make(owner=agent, cause="commitment:42")
    account.removed_at = now
    account.save()

    assert make(owner=agent, cause="commitment:42") == first


def test_customers_who_are_gone_get_no_tasks(make, account, agent, now):
    merged = AccountFactory(merged_into=account)
    with pytest.raises(MergedAway):
        make(account=merged, owner=agent)

    account.removed_at = now
    account.save()
    with pytest.raises(Removed):
        make(owner=agent)


def test_a_moment_is_said_in_one_way(make, agent, now):
    with pytest.raises(actions.DueUnclear, match="Say in one way"):
        make(owner=agent, due_at=now + DAY, due_minutes=30)
    with pytest.raises(actions.DueUnclear):
        make(owner=agent, due_at=None)


def test_people_choose_a_moment_that_lies_ahead(make, agent, now):
    with pytest.raises(actions.InThePast, match="lies ahead"):
        make(owner=agent, due_at=now)

    assert make(owner=agent, due_at=now - DAY, origin="commitment").due_at == now - DAY


def test_a_task_is_for_somebody_or_a_queue(make):
    with pytest.raises(actions.NobodyThere, match="Choose a person or a queue"):
        make()


def test_only_what_a_task_has_can_be_said(make, agent):
    with pytest.raises(TypeError, match="colour"):
        make(owner=agent, colour="red")


def test_working_time_counts_where_the_owner_is(make, agent, now):
    # Half past ten in London; nine to five is usual.
    assert make(owner=agent, due_minutes=7 * 60).due_at == now + 23 * HOUR
    assert make(owner=agent, due_clock=time(9, 30)).due_at == now + 23 * HOUR


@pytest.mark.parametrize("gone", ["inactive", "no role", "must not see"])
def test_who_cannot_take_a_task_is_not_given_it(gone, make, account, agent, team, outsider):
    person = {
        "inactive": lambda: make_person(team=team, is_active=False),
        "no role": UserFactory,
        "must not see": make_person,
    }[gone]()
    if gone == "must not see":
        team.is_private = True
        team.save()

    with pytest.raises(actions.CannotTake, match="Choose somebody else"):
        make(owner=person)


def test_members_the_lead_the_manager_and_admins_see_a_private_team(
    make, account, team, agent, manager
):
    team.is_private, team.lead = True, make_person()
    team.save()

    for person in [agent, team.lead, manager, make_person("admin")]:
        assert make(owner=person).owner == person


def test_the_stand_in_has_what_is_due_while_somebody_is_away(make, agent, colleague, away, told):
    away(agent, stand_in=colleague)

    task = make(owner=agent)

    assert (task.owner, task.found_nobody) == (colleague, False)
    assert told("tasks.created")[0]["instead_of"] == "Ada Lovett"


def test_what_is_due_later_is_theirs_when_they_are_back(make, agent, colleague, away, now):
    away(agent, stand_in=colleague)

    assert make(owner=agent, due_at=now + 3 * DAY).owner == agent


@pytest.mark.parametrize("routing", ["round_robin", "least_busy"])
def test_a_queue_gives_nothing_to_admins(routing, make, agent, admin, team, fallback):
    made = [make(queue=QueueFactory(team=team, routing=routing)) for _ in range(2)]
    assert {task.owner for task in made} == {agent}

    alone = make_person("admin", team=TeamFactory())
    lost = make(queue=QueueFactory(team=alone.team, routing=routing))

    assert (lost.owner, lost.queue, lost.found_nobody) == (None, fallback, True)


@pytest.mark.parametrize("stand_in", ["none", "away", "gone"])
def test_without_a_stand_in_it_waits_where_somebody_looks(
    stand_in, make, agent, colleague, away, fallback, told
):
    away(agent, stand_in=None if stand_in == "none" else colleague)
    if stand_in == "away":
        away(colleague)
    if stand_in == "gone":
        colleague.is_active = False
        colleague.save()

    task = make(owner=agent)

    assert (task.owner, task.queue, task.found_nobody) == (None, fallback, True)
    assert told("tasks.created")[0]["instead_of"] == "Ada Lovett"


def test_without_a_stand_in_and_a_fallback_it_stays_with_who_was_named(make, agent, away):
    away(agent)

    task = make(owner=agent)

    assert (task.owner, task.queue, task.found_nobody) == (agent, None, False)


def test_people_take_the_next_one_themselves(make, queue, agent):
    task = make(queue=queue)

    assert (task.owner, task.queue, task.found_nobody) == (None, queue, False)


def test_a_task_comes_to_the_customers_owner(make, queue_of, agent, colleague, away, account):
    queue = queue_of("owner")
    assert make(queue=queue).owner == agent

    away(agent, stand_in=colleague)
    assert make(queue=queue).owner == colleague


@pytest.mark.parametrize("gone", [True, False])
def test_a_customer_without_an_owner_has_tasks_in_the_fallback(
    gone, make, queue_of, account, fallback, agent
):
    account.owner = UserFactory(is_active=False) if gone else None
    account.save()

    task = make(queue=queue_of("owner"))

    assert (task.owner, task.queue, task.found_nobody) == (None, fallback, True)


def test_without_a_fallback_it_waits_in_its_own_queue_and_says_so(make, queue_of, account):
    account.owner = None
    account.save()
    queue = queue_of("owner")

    task = make(queue=queue)

    assert (task.owner, task.queue, task.found_nobody) == (None, queue, True)


def test_each_has_their_turn(make, queue_of, agent, colleague, manager):
    third, queue = make_person(team=agent.team), queue_of("round_robin")

    owners = [make(queue=queue).owner for _ in range(4)]

    assert owners == [agent, colleague, third, agent]
    assert Queue.objects.get().turn == agent


def test_who_is_away_today_or_when_it_is_due_has_no_turn(
    make, queue_of, agent, colleague, away, now
):
    away(agent)
    OutOfOfficeFactory(user=colleague, starts_on=TODAY + 3 * DAY, ends_on=TODAY + 3 * DAY)
    queue = queue_of("round_robin")

    assert make(queue=queue).owner == colleague
    assert make(queue=queue, due_at=now + 3 * DAY).owner is None


def test_the_least_busy_has_it(make, queue_of, agent, colleague, account):
    TaskFactory(account=account, owner=agent, effort=120)
    TaskFactory(account=account, owner=colleague, effort=60)
    queue = queue_of("least_busy")

    owners = [make(queue=queue, effort=45).owner for _ in range(3)]

    assert owners == [colleague, colleague, agent]


def test_days_away_are_no_time_for_work(make, queue_of, agent, colleague, account, now):
    # Both have nothing to do; Ada is away for two days, later this week.
    OutOfOfficeFactory(user=agent, starts_on=TODAY + 2 * DAY, ends_on=TODAY + 3 * DAY)

    assert make(queue=queue_of("least_busy")).owner == colleague


def test_a_merged_records_owner_is_the_kept_ones(account, agent, queue_of, manager, now):
    merged = AccountFactory(merged_into=account, owner=None)
    task = TaskFactory(account=merged, owner=manager, due_at=now + DAY)

    assert actions.assign(task, queue=queue_of("owner"), by=manager, at=now).owner == agent
    assert Task.objects.get().queue.routing == "owner"
