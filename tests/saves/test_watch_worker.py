"""The worker takes watches further when their day has come."""

import datetime
import threading
from datetime import timedelta

import pytest
from django.db import connections

from apps.core import jobs
from apps.history.models import Event
from apps.saves.actions import watch
from apps.saves.models import Watch
from apps.saves.queries import watches
from tests.factories.saves import WatchFactory

DAY = timedelta(days=1)


def test_the_day_comes_in_the_customers_zone(call, account, now, time_machine):
    account.time_zone = "America/Los_Angeles"
    account.save()
    call(now)  # on the 9th; day 30 begins on the 9th of July at seven in Greenwich
    assert not watches.is_due(datetime.datetime(2026, 7, 9, 6, 59, tzinfo=datetime.UTC))
    assert watches.is_due(datetime.datetime(2026, 7, 9, 7, tzinfo=datetime.UTC))

    time_machine.move_to(datetime.datetime(2026, 7, 9, 7, tzinfo=datetime.UTC))
    assert "saves.reckon_watches" in jobs.ring_due()
    jobs.run_all()

    assert Watch.objects.get().rung == "unknown"
    assert "saves.reckon_watches" not in jobs.ring_due()


def test_the_worker_takes_many_in_batches(db, now, monkeypatch):
    monkeypatch.setattr(watch, "CHUNK", 2)
    for _ in range(3):
        WatchFactory(case__opened_at=now, saved_on=now.date())

    assert watch.reckon_due(at=now + 31 * DAY) == 3
    assert set(Watch.objects.values_list("rung", flat=True)) == {"unknown"}


def test_one_run_of_the_worker_ends_in_time(db, now, monkeypatch):
    monkeypatch.setattr(watch, "CHUNK", 1)
    monkeypatch.setattr(watch, "ROUNDS", 2)
    for _ in range(3):
        WatchFactory(case__opened_at=now, saved_on=now.date())

    assert watch.reckon_due(at=now + 31 * DAY) == 2
    assert watches.is_due(now + 31 * DAY)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_of_a_change_once(now):
    for _ in range(20):
        WatchFactory(case__opened_at=now, saved_on=now.date())
    start = threading.Barrier(2)

    def work():
        start.wait()
        for _ in range(3):
            watch.reckon_due(at=now + 31 * DAY)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Event.objects.filter(kind="saves.watch_changed").count() == 20
    assert not watches.is_due(now + 31 * DAY)
