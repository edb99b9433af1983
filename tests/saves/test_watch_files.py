"""Files that are imported say of watched customers that they are there, or gone."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from apps.accounts.models import Account
from apps.imports.actions import import_file
from apps.saves.actions import watch
from apps.saves.models import Watch
from apps.saves.queries import watches
from tests.imports.files import mapping, row, write
from tests.saves.watching import stands, told

DAY = timedelta(days=1)


@pytest.fixture
def bring(tmp_path, now):
    """Import a file of customers: `bring(at, row(…))`."""

    def run(at, *rows, **options):
        path = tmp_path / "customers.csv"
        write(path, *rows)
        return import_file(path, mapping(), at=at, **options)

    return run


def test_a_file_that_names_the_customer_is_news_even_if_nothing_changes(
    bring, call, now, time_machine
):
    bring(now - DAY, row("C-1"))
    case = call(now, whose=Account.objects.get(reference="C-1"))
    watch.reckon_due(at=now + 31 * DAY)
    assert stands(case) == ("unknown", 0)

    bring(now + 32 * DAY, row("C-1"), dry_run=True)
    assert not watches.is_due(now + 32 * DAY)
    bring(now + 32 * DAY, row("C-1"))

    assert Watch.objects.get().heard_on == (now + 32 * DAY).date()
    watch.reckon_due(at=now + 32 * DAY)
    assert stands(case) == ("verified_30", 0)


def test_a_file_that_does_not_name_them_says_nothing(bring, account, call, now):
    case = call(now)
    bring(now + 32 * DAY, row("C-1"))

    watch.reckon_due(at=now + 33 * DAY)

    assert stands(case) == ("unknown", 0)


def test_a_day_of_leaving_that_a_file_brings_late_is_reckoned_by_the_worker(bring, call, now):
    bring(now - DAY, row("C-1"))
    case = call(now, whose=Account.objects.get(reference="C-1"))
    bring(now + 5 * DAY, row("C-1"))
    watch.reckon_due(at=now + 181 * DAY)
    assert stands(case) == ("verified_180", 0)

    bring(now + 200 * DAY, row("C-1", Left="2026-07-29"))
    assert stands(case) == ("verified_180", 0)
    watch.reckon_due(at=now + 200 * DAY)

    assert stands(case) == ("left", 50)
    assert told() == [("verified_180", "deflected", 0), ("left", "verified_180", 50)]


def test_a_file_of_the_saving_day_is_no_news(bring, call, now):
    bring(now - DAY, row("C-1"))
    call(now, whose=Account.objects.get(reference="C-1"))

    bring(now + timedelta(hours=1), row("C-1"))

    assert Watch.objects.get().heard_on is None


@pytest.mark.django_db(transaction=True)
def test_a_file_that_comes_while_a_watch_is_reckoned_is_not_lost(bring, call, now, monkeypatch):
    """The rung was made from facts without it; the next look must see it."""
    bring(now - DAY, row("C-1"))
    account = Account.objects.get(reference="C-1")
    case = call(now, whose=account)
    read = watch.facts.of

    def read_then_hear(roots):
        found = read(roots)
        thread = threading.Thread(target=hear)
        thread.start()
        thread.join()
        return found

    def hear():
        bring(now + 31 * DAY, row("C-1"))
        connections.close_all()

    monkeypatch.setattr(watch.facts, "of", read_then_hear)
    with transaction.atomic():
        watch.reckon(account, at=now + 31 * DAY)
    monkeypatch.setattr(watch.facts, "of", read)

    assert (stands(case), told()) == (("deflected", 0), [])
    watch.reckon_due(at=now + 31 * DAY)
    assert stands(case) == ("verified_30", 0)
