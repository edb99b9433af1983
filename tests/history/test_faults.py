"""Delivery under faults, each with a control that shows the fault bites without the guard."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from apps.history import actions, kinds, rules, subscriptions
from apps.history.actions import recording
from apps.history.models import Delivery
from tests.factories.history import TimelineFactory
from tests.history.listening import echo, heard


@pytest.fixture(autouse=True)
def listener():
    subscriptions.subscribe("tests.echo", ["history.noted"], echo)
    yield
    subscriptions.unsubscribe("tests.echo")


def note(timeline):
    return actions.record(
        "history.noted", timeline=timeline, by=None, at=timezone.now(), text="Hello"
    )


def run_worker_that_dies(how, marker):
    """Start a real process that is killed after its work and before its commit."""
    environment = os.environ | {
        "TEST_FAILPOINT": f"delivery_before_commit:{marker}",
        "MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.history.child", how], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_its_commit_loses_nothing_and_repeats_nothing(tmp_path):
    event = note(TimelineFactory())

    run_worker_that_dies("careful", tmp_path / "died")
    assert heard() == []
    assert Delivery.objects.get().attempts == 1
    assert not actions.deliver_next(at=timezone.now())  # the lease still holds

    assert actions.deliver_next(at=timezone.now() + rules.LEASE)

    assert heard() == [event.pk]
    assert Delivery.objects.get().state == "done"


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_control_marking_before_the_work_loses_the_event(tmp_path):
    note(TimelineFactory())

    run_worker_that_dies("naive", tmp_path / "died")

    assert not actions.deliver_next(at=timezone.now() + rules.LEASE)
    assert heard() == []


def record_two_out_of_order(timeline, *, patience=0.5):
    """Begin to record one event, record a second meanwhile, and hand over as they commit.

    Args:
        timeline: of both.
        patience: seconds to wait for the second one, which with the lock waits for the first.

    Returns:
        Ids in the order they were written.
    """
    written, may_commit = threading.Event(), threading.Event()
    ids = []

    def slow():
        try:
            with transaction.atomic():
                ids.append(note(timeline).pk)
                written.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    def quick():
        try:
            ids.append(note(timeline).pk)
            actions.deliver_next(at=timezone.now())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    threads[0].start()
    written.wait(10)
    threads[1].start()
    threads[1].join(patience)
    may_commit.set()
    for thread in threads:
        thread.join(10)
    while actions.deliver_next(at=timezone.now()):
        pass
    return sorted(ids)


@pytest.mark.django_db(transaction=True)
def test_events_of_one_timeline_are_heard_in_the_order_of_their_ids():
    ids = record_two_out_of_order(TimelineFactory())

    assert heard() == ids


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_later_event_is_heard_first(monkeypatch):
    monkeypatch.setattr(recording, "_RECORD", recording._RECORD.replace("FOR NO KEY UPDATE", ""))

    ids = record_two_out_of_order(TimelineFactory(), patience=10)

    assert heard() == ids[::-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_of_two_touches_at_once_the_later_one_counts(first, second):
    timeline, begin = TimelineFactory(), timezone.now()
    kinds.register("tests.called", "Call", icon="phone", group="notes", is_touch=True)

    def call(hours):
        actions.record(
            "tests.called",
            timeline=timeline,
            by=None,
            at=begin,
            happened_at=begin - timedelta(hours=hours),
        )

    def meanwhile():
        try:
            call(second)
        finally:
            connections.close_all()

    other = threading.Thread(target=meanwhile)
    try:
        with transaction.atomic():
            call(first)
            other.start()
            other.join(0.5)  # it waits for the timeline
        other.join(10)
    finally:
        del kinds._KINDS["tests.called"]

    timeline.refresh_from_db()
    assert timeline.last_touch_at == begin - timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_many_workers_hand_over_each_event_once():
    timelines = [TimelineFactory() for _ in range(5)]
    events = [note(timeline).pk for timeline in timelines for _ in range(6)]

    def work():
        try:
            while actions.deliver_next(at=timezone.now()):
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    work()

    assert sorted(heard()) == sorted(events)
