"""Bells: they ring on commit, carry little, and losing one loses nothing."""

import pytest
from django.db import transaction
from django_q.models import OrmQ

from apps.core import jobs


@pytest.fixture
def job():
    """Register a job for one test: `job("test.x", function, due=…)`."""
    names = []

    def register(name, function=lambda **arguments: None, due=None):
        names.append(name)
        return jobs.job(name, due=due)(function)

    yield register
    for name in names:
        del jobs.REGISTRY[name]


def test_a_bell_rings_with_what_it_was_given(db, job):
    heard = []
    job("test.listen", lambda **arguments: heard.append(arguments))

    jobs.enqueue("test.listen", pk=1, day="2026-06-09")
    jobs.enqueue("test.listen", pk=2)

    assert heard == []  # nothing runs before a worker does it
    assert jobs.run_all() == ["test.listen", "test.listen"]
    assert heard == [{"pk": 1, "day": "2026-06-09"}, {"pk": 2}]
    assert jobs.run_all() == []


def test_a_decorated_function_stays_itself(job):
    def function(**arguments): ...

    assert job("test.same", function) is function


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_bell(job):
    job("test.listen")

    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("test.listen")
        raise RuntimeError("The work failed.")

    assert OrmQ.objects.count() == 0
    with transaction.atomic():
        jobs.enqueue("test.listen")
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_bell_rings(job):
    job("test.listen")

    with pytest.raises(RuntimeError, match="inside the transaction"):
        jobs.enqueue("test.listen")


def test_an_unknown_job_is_refused_when_rung_and_ignored_when_heard(db, caplog):
    with pytest.raises(LookupError, match=r"test\.nobody"):
        jobs.enqueue("test.nobody")

    jobs.run("test.nobody", {})

    assert "unknown job test.nobody" in caplog.text


def test_the_ticker_rings_what_is_due_and_nothing_else(db, job):
    job("test.due", due=lambda: True)
    job("test.later", due=lambda: False)
    job("test.never")

    assert [name for name in jobs.ring_due() if name.startswith("test.")] == ["test.due"]


def test_one_job_that_fails_to_answer_does_not_silence_the_others(db, job, caplog, monkeypatch):
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)  # the test's own connection

    def broken():
        raise ValueError("No idea.")

    job("test.broken", due=broken)
    job("test.due", due=lambda: True)

    assert [name for name in jobs.ring_due() if name.startswith("test.")] == ["test.due"]
    assert "Could not ask whether test.broken is due." in caplog.text


def test_in_a_crowd_the_ticker_stays_silent(db, job, monkeypatch):
    job("test.due", due=lambda: True)
    monkeypatch.setattr(jobs, "CROWDED", 2)
    for _ in range(2):
        jobs.enqueue("test.due")

    assert jobs.ring_due() == []


def test_every_job_is_named_after_its_room():
    for name in jobs.REGISTRY:
        room, verb = name.split(".")
        assert jobs.REGISTRY[name].run.__module__.startswith(f"apps.{room}."), name
        assert verb
