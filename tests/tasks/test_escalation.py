"""Tasks that are nearly or past due come before those whom they concern, once for each level."""

import datetime
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction

from apps.core import jobs
from apps.history.models import Event
from apps.notifications.models import Notification
from apps.tasks import actions as tasks
from apps.tasks.actions import escalation as actions
from apps.tasks.actions import many
from apps.tasks.models import Deadline, Escalation, Task
from apps.tasks.queries import escalation, people
from apps.tasks.rules import Due
from apps.tasks.rules import escalation as rules
from apps.users.models import User
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import (
    EscalationFactory,
    LevelFactory,
    PolicyFactory,
    QueueFactory,
    TaskFactory,
)
from tests.factories.users import TeamFactory, UserFactory, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lead(team):
    person = make_person("agent", name="Lea Gray", email="lea@example.com", team=team)
    team.lead = person
    team.save()
    return person


@pytest.fixture
def policy(db):
    """The owner at once, the lead after an hour, the manager after two."""
    policy = PolicyFactory(name="Every task")
    for number in (1, 2, 3):
        LevelFactory(policy=policy, number=number, minutes=60 * (number - 1))
    return policy


def said():
    """Return (level, who, what) of every message, in order."""
    rows = Escalation.objects.order_by("pk").select_related("told")
    return [(row.level, row.told.name, row.does) for row in rows]


def events():
    kinds = Event.objects.filter(kind__startswith="tasks.").order_by("pk")
    return list(kinds.values_list("kind", flat=True))


def test_one_message_per_level(task, policy, lead, manager, now):
    for minutes in range(0, 200, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert said() == [
        (1, "Ada Lovett", "notify"),
        (2, "Lea Gray", "notify"),
        (3, "Max Brandt", "notify"),
    ]
    assert events() == ["tasks.escalated"] * 3
    task.refresh_from_db()
    assert task.escalated == 3
    assert task.deadline.look_at is None
    assert not escalation.is_due(now + DAY)


def test_each_is_told_in_their_bell(task, policy, lead, manager, now, ran_jobs):
    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)
    ran_jobs()

    rows = Notification.objects.order_by("pk").values_list("user__name", "event__payload__level")
    assert list(rows) == [("Ada Lovett", 1), ("Lea Gray", 2)]


def test_the_owner_is_reminded_before_the_moment(task, policy, now):
    task.due_at = now + 3 * HOUR
    task.save()

    for minutes in range(0, 180, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert said() == [(0, "Ada Lovett", "notify")]
    assert Escalation.objects.get().fired_at == now + 2 * HOUR
    assert events() == ["tasks.reminded"]
    task.refresh_from_db()
    assert task.escalated == 0


def test_nothing_is_said_outside_working_hours(task, policy, now):
    evening = now.replace(hour=18)
    task.due_at = evening
    task.save()

    actions.fire_due(at=evening)
    assert said() == []
    assert not escalation.is_due(evening + timedelta(minutes=59))
    morning = now.replace(hour=8) + DAY  # nine in London
    for hours in range(15):
        actions.fire_due(at=evening + hours * HOUR)

    assert Escalation.objects.get().fired_at == morning


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


def test_what_is_done_cancelled_or_put_off_is_left_alone(task, policy, agent, now):
    actions.fire_due(at=now - 4 * HOUR)
    assert Deadline.objects.count() == 1
    tasks.snooze(task, until=now + 2 * HOUR, reason="They asked", by=agent, at=now - 3 * HOUR)

    actions.fire_due(at=now)
    assert (said(), Deadline.objects.count()) == ([], 0)
    tasks.wake(task, at=now + HOUR)
    actions.fire_due(at=now + HOUR)
    assert said() == [(1, "Ada Lovett", "notify")]

    tasks.complete(task, by=agent, at=now + HOUR)
    actions.fire_due(at=now + 2 * HOUR)
    assert Deadline.objects.count() == 0
    tasks.reopen(task, by=agent, at=now + HOUR)
    actions.fire_due(at=now + 2 * HOUR)
    assert len(said()) == 1  # of this moment the owner has heard


def test_a_new_moment_can_be_missed_anew(task, policy, agent, lead, now):
    actions.fire_due(at=now)
    tasks.reschedule(task, due_at=now + 2 * HOUR, by=agent, at=now + HOUR / 2)
    task.refresh_from_db()
    assert task.escalated == 0
    for minutes in range(30, 180, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert [level for level, *_rest in said()] == [1, 0, 1]


def test_the_lead_gets_the_task_and_the_history_says_why(task, policy, agent, lead, now, ran_jobs):
    policy.levels.filter(number=2).update(does="both")

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)
    ran_jobs()

    task.refresh_from_db()
    assert (task.owner, task.escalated) == (lead, 2)
    assert events() == ["tasks.escalated", "tasks.escalated", "tasks.assigned"]
    assigned = Event.objects.get(kind="tasks.assigned")
    assert (assigned.actor, assigned.payload["why"]) == (None, "It was not done in time.")
    told = Notification.objects.filter(user=lead).values_list("event__kind", flat=True)
    assert list(told) == ["tasks.escalated"]  # one message for one act
    assert not Notification.objects.filter(user=lead, event=assigned).exists()


def test_without_a_message_the_assignment_is_the_message(task, policy, lead, now):
    policy.levels.filter(number=2).update(does="reassign")

    actions.fire_due(at=now)
    actions.fire_due(at=now + HOUR)

    assert events() == ["tasks.escalated", "tasks.assigned"]
    task.refresh_from_db()
    assert (task.owner, task.escalated) == (lead, 2)


def test_who_cannot_take_it_hears_of_it(task, policy, lead, now, monkeypatch):
    policy.levels.filter(number=2).update(does="reassign")
    actions.fire_due(at=now)
    monkeypatch.setattr(people, "who_see", lambda account: User.objects.none())

    actions.fire_due(at=now + HOUR)

    task.refresh_from_db()
    assert task.owner != lead
    assert events() == ["tasks.escalated", "tasks.escalated"]


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


@pytest.mark.parametrize("does", ["reassign", "both"])
def test_who_has_the_task_already_is_told_of_it(policy, lead, account, now, does):
    policy.levels.filter(number=1).delete()
    policy.levels.filter(number=2).update(does=does)
    TaskFactory(account=account, owner=lead, due_at=now)

    actions.fire_due(at=now + HOUR)

    assert said() == [(2, "Lea Gray", does)]
    assert events() == ["tasks.escalated"]


def test_a_run_ends_in_time(policy, agent, account, now, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    monkeypatch.setattr(actions, "ROUNDS", 2)
    for _ in range(5):
        TaskFactory(account=account, owner=agent, due_at=now)

    assert actions.fire_due(at=now) == 4
    assert escalation.is_due(now)


def test_many_tasks_are_looked_at_in_few_queries(
    policy, agent, lead, manager, queue, account, now, django_assert_max_num_queries
):
    for number in range(20):
        owner = None if number % 2 else agent
        TaskFactory(account=account, owner=owner, queue=queue, due_at=now + 4 * HOUR)

    with django_assert_max_num_queries(25):
        actions.fire_due(at=now)

    assert Deadline.objects.count() == 20


def test_the_worker_is_rung_when_a_task_is_due(task, policy, now, time_machine):
    time_machine.move_to(now, tick=False)
    assert "tasks.escalate" in jobs.ring_due()
    jobs.run_all()

    assert said() == [(1, "Ada Lovett", "notify")]
    assert "tasks.escalate" not in jobs.ring_due()


def test_the_database_refuses_a_second_message_of_a_level(task):
    EscalationFactory(task=task)

    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationFactory(task=task)


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


def test_what_was_moved_with_many_others_is_looked_at_with_its_new_moment(
    task, policy, manager, now
):
    for hours in range(4):
        actions.fire_due(at=now + hours * HOUR)
    assert len(said()) == 2  # nobody is lead
    later = now + 5 * HOUR
    many.reschedule([task.pk], due=Due(at=later), by=manager, at=now + 4 * HOUR)

    for minutes in range(240, 330, 10):
        actions.fire_due(at=now + timedelta(minutes=minutes))

    assert [level for level, *_rest in said()] == [1, 3, 0, 1]


def test_a_moment_far_ahead_is_not_looked_at(task, policy, now):
    task.due_at = now + 8 * DAY
    task.save()

    assert not escalation.is_due(now)
    assert escalation.is_due(datetime.datetime.combine(task.due_at, datetime.time(9), datetime.UTC))


def test_people_choose_apart_how_they_hear_of_late_tasks(task, policy, agent, now, ran_jobs):
    actions.fire_due(at=now)
    ran_jobs()

    notice = Notification.objects.get()
    assert (notice.user, notice.why) == (agent, "late")
    assert notice.letter.state == "waiting"


def test_one_task_that_cannot_be_looked_at_does_not_hold_up_the_others(
    policy, agent, account, now, monkeypatch, caplog
):
    bad, good = (TaskFactory(account=account, owner=agent, due_at=now) for _ in range(2))
    decide = rules.decide

    def fail(plan, standing, at):
        if fail.left:
            fail.left -= 1
            raise ZeroDivisionError
        return decide(plan, standing, at)

    fail.left = 2  # in the batch, and alone
    monkeypatch.setattr(rules, "decide", fail)

    assert actions.fire_due(at=now) == 2

    assert Escalation.objects.get().task == good
    assert f"Could not look at task {bad.pk}." in caplog.text
    assert bad.deadline.look_at == now + HOUR
    actions.fire_due(at=now + HOUR)
    assert Escalation.objects.filter(task=bad).count() == 1


def test_without_a_database_no_task_is_blamed(task, policy, now, monkeypatch):
    def away(*_args):
        raise OperationalError

    monkeypatch.setattr(rules, "decide", away)

    with pytest.raises(OperationalError):
        actions.fire_due(at=now)


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


def test_what_was_seen_is_not_walked_past(task, policy, now):
    """The question of every few seconds reads an index that holds what was not seen yet."""
    seen = [
        TaskFactory.build(account=task.account, owner=task.owner, due_at=now, seen_due_at=now)
        for _ in range(500)
    ]
    Task.objects.bulk_create(seen)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tasks_task")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {escalation.DUE}", escalation.due_values(now, 1))
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "tasks_task_unseen" in plan
    assert "tasks_deadline_look" in plan


# --- the policies with which a workspace begins


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
