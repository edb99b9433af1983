"""Putting tasks off, and waking them."""

from datetime import timedelta

import pytest

from apps.accounts import actions as accounts
from apps.core import jobs
from apps.history import actions as history
from apps.tasks import actions
from apps.tasks.models import Task
from tests.factories.accounts import AccountFactory
from tests.factories.tasks import TaskFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def put_off(task, agent, now):
    """Ada puts her task off for a day."""

    def snooze(**words):
        words = {"until": now + DAY, "reason": "They are away.", "at": now, "by": agent} | words
        return actions.snooze(task, **words)

    return snooze


@pytest.fixture
def contact(account, agent):
    """Contact with the customer at a moment: `contact(at)`."""

    def record(at, whose=account, **words):
        payload = dict.fromkeys(
            ["reason", "reason_id", "category_id", "solvable", "mrr", "currency", "tier"], ""
        )
        history.record(
            "saves.stayed",
            timeline=whose.timeline,
            by=agent,
            at=at,
            stage="",
            seconds=1,
            **payload,
            **words,
        )
        jobs.run_all()

    return record


def asleep():
    return Task.objects.get().snoozed_until is not None


def test_a_task_is_put_off_until_a_moment_for_a_reason(put_off, agent, now, told, task):
    actions.start(task, by=agent, at=now)
    put_off()
    later = put_off()

    assert (later.snoozed_until, later.snoozed_by, later.state) == (now + DAY, agent, "open")
    assert later.snooze_reason == "They are away."
    (payload,) = told("tasks.snoozed")
    assert payload["until"] == "2026-06-10T09:30:00+00:00"


def test_a_task_is_put_off_to_a_moment_ahead_by_whose_it_is(put_off, now, colleague):
    with pytest.raises(actions.InThePast):
        put_off(until=now)
    with pytest.raises(actions.WhyMissing):
        put_off(reason="")
    with pytest.raises(actions.NotYours):
        put_off(by=colleague)


def test_somebody_wakes_it(put_off, task, agent, colleague, now, told):
    put_off()
    with pytest.raises(actions.NotYours):
        actions.wake(task, by=colleague, at=now)

    actions.wake(task, by=agent, at=now)
    awake = actions.wake(task, by=agent, at=now)

    assert (awake.snoozed_until, awake.snooze_reason) == (None, "")
    (payload,) = told("tasks.woken")
    assert (payload["because"], payload["reason"]) == ("", "They are away.")


def test_it_wakes_when_its_moment_has_come(put_off, now, time_machine, told):
    put_off()
    time_machine.move_to(now + DAY - timedelta(seconds=1))
    assert "tasks.wake_up" not in jobs.ring_due()

    time_machine.move_to(now + DAY)
    assert "tasks.wake_up" in jobs.ring_due()
    jobs.run_all()

    assert not asleep()
    assert [each["because"] for each in told("tasks.woken")] == ["moment"]
    assert "tasks.wake_up" not in jobs.ring_due()


def test_one_that_somebody_put_off_again_meanwhile_sleeps_on(put_off, now):
    task = put_off()

    assert actions.wake_due(at=now + DAY, limit=0) == 0
    assert actions.snoozing._wake_one(task.pk, at=now) is False
    assert actions.snoozing._wake_one(0, at=now) is False


def test_contact_with_the_customer_wakes_it(put_off, contact, now, told):
    put_off()

    contact(now + HOUR)

    assert not asleep()
    assert [each["because"] for each in told("tasks.woken")] == ["customer"]


def test_a_customer_who_leaves_or_stays_after_all_wakes_it(put_off, account, agent, now, told):
    put_off()
    accounts.mark_churned(account, on=now.date() + DAY, by=agent, at=now + HOUR)
    jobs.run_all()
    assert not asleep()

    put_off(at=now + 2 * HOUR)
    accounts.withdraw_churn(account, by=agent, at=now + 3 * HOUR)
    jobs.run_all()
    assert not asleep()
    assert [each["because"] for each in told("tasks.woken")] == ["customer", "customer"]


def test_what_we_write_down_about_the_customer_wakes_nothing(put_off, account, agent, now):
    put_off()

    history.add_note(account.timeline, text="Hello", by=agent, at=now + HOUR)
    jobs.run_all()

    assert asleep()


def test_contact_on_a_merged_record_wakes_it_too(put_off, contact, account, now):
    put_off()

    contact(now + HOUR, whose=AccountFactory(merged_into=account))

    assert not asleep()


def test_what_happened_before_it_was_put_off_wakes_nothing(put_off, contact, now):
    put_off()
    put_off(until=now + 2 * DAY, at=now + 2 * HOUR)

    contact(now + 3 * HOUR, happened_at=now + HOUR)

    assert asleep()


def test_other_customers_wake_nothing(put_off, contact, now):
    put_off()

    contact(now + HOUR, whose=AccountFactory())

    assert asleep()


def test_a_task_that_no_history_tells_of_wakes_too(account, agent, contact, now):
    TaskFactory(
        account=account,
        owner=agent,
        snoozed_until=now + DAY,
        snoozed_by=agent,
        snooze_reason="Later.",
    )

    contact(now)

    assert not asleep()


def test_the_worker_takes_many_in_batches(account, agent, now):
    for _ in range(3):
        TaskFactory(
            account=account,
            owner=agent,
            snoozed_until=now,
            snoozed_by=agent,
            snooze_reason="Later.",
        )

    assert actions.wake_due(at=now, limit=2) == 2
    assert actions.wake_due(at=now, limit=2) == 1


def test_after_a_day_without_a_worker_each_wakes_once(account, agent, now, told):
    until = {"snoozed_until": now - DAY, "snoozed_by": agent, "snooze_reason": "They are away."}
    for _ in range(3):
        TaskFactory(account=account, owner=agent, due_at=now + DAY, **until)

    assert [actions.wake_due(at=now), actions.wake_due(at=now)] == [3, 0]

    assert len(told("tasks.woken")) == 3
    assert not Task.objects.filter(snoozed_until__isnull=False).exists()
