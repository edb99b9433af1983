"""Escalation under faults: no message twice, and none lost."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from apps.history.models import Event
from apps.tasks.actions import escalation as actions
from apps.tasks.models import Deadline, Escalation
from apps.tasks.queries import escalation
from apps.tasks.rules import escalation as rules
from tests.factories.calendars import CalendarFactory, OpeningFactory, PersonCalendarFactory
from tests.factories.tasks import LevelFactory, PolicyFactory, TaskFactory
from tests.factories.users import make_person
from tests.meanwhile import follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    """Somebody who works day and night, so that these tests may run at any hour."""
    person = make_person(name="Ada Lovett")
    calendar = CalendarFactory(time_zone="UTC")
    for weekday in range(7):
        OpeningFactory(calendar=calendar, weekday=weekday, opens=0, closes=1440)
    PersonCalendarFactory(user=person, calendar=calendar)
    return person


@pytest.fixture
def policy():
    policy = PolicyFactory()
    LevelFactory(policy=policy, number=1, minutes=0)
    return policy


def make(owner, count, late=timedelta(minutes=1)):
    for _ in range(count):
        TaskFactory(owner=owner, due_at=timezone.now() - late)


def told():
    return Event.objects.filter(kind="tasks.escalated").count()


def at_once(number):
    """Let so many workers look at what is due, all at the same moment."""
    start = threading.Barrier(number)

    def work():
        try:
            start.wait()
            for _round in range(3):
                actions.fire_due(at=timezone.now())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_workers_at_once_tell_of_each_task_once(owner, policy, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 5)
    make(owner, 30)

    at_once(2)

    assert told() == Escalation.objects.count() == 30
    assert not escalation.is_due(timezone.now())


def test_control_without_the_lock_the_database_has_to_refuse(owner, policy, monkeypatch):
    monkeypatch.setattr(
        actions, "_CLAIM", actions._CLAIM.replace("FOR NO KEY UPDATE SKIP LOCKED", "")
    )
    both_decided = threading.Barrier(2, timeout=10)
    errors = []
    decide = rules.decide

    def slowly(*args):
        verdict = decide(*args)
        both_decided.wait()
        return verdict

    monkeypatch.setattr(rules, "decide", slowly)
    make(owner, 1)

    def work():
        try:
            actions._fire_some(timezone.now())
        except IntegrityError as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(errors) == 1
    assert told() == 1


def test_a_policy_counts_for_what_a_worker_looks_at_while_it_is_saved(owner):
    make(owner, 1)
    admin, now = make_person("admin"), timezone.now()

    def save():
        levels = [(1, 0, "notify")]
        return actions.save_policy(PolicyFactory.build(), levels=levels, by=admin, at=now)

    follow(lambda: actions._fire_some(now), save)
    actions.fire_due(at=timezone.now())

    assert told() == 1


def run_worker_that_dies(how, marker):
    """Start a real process that is killed when it has told everybody, before it commits."""
    environment = os.environ | {
        "TEST_FAILPOINT": f"escalation_before_commit:{marker}",
        "MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.tasks.child", how], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL


def told_together():
    return Event.objects.filter(kind="tasks.escalated_together").count()


@pytest.mark.processes
def test_what_a_killed_worker_had_begun_another_does_once(owner, policy, tmp_path):
    make(owner, 5, late=timedelta(days=1))

    run_worker_that_dies("careful", tmp_path / "died")
    assert (told_together(), Escalation.objects.count(), Deadline.objects.count()) == (0, 0, 0)
    actions.fire_due(at=timezone.now())
    actions.fire_due(at=timezone.now())

    assert (told_together(), Escalation.objects.count()) == (1, 5)


@pytest.mark.processes
def test_control_without_one_transaction_the_message_is_lost(owner, policy, tmp_path):
    make(owner, 5, late=timedelta(days=1))

    run_worker_that_dies("naive", tmp_path / "died")
    actions.fire_due(at=timezone.now())

    assert (told_together(), Escalation.objects.count()) == (0, 5)
