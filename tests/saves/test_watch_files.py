"""Files that are imported say of watched customers that they are there, or gone."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.imports.actions import import_file
from apps.saves import rules
from apps.saves.actions import watch
from apps.saves.models import Watch
from apps.saves.queries import watches
from tests.factories.saves import SaveCaseFactory
from tests.imports.files import PLAIN, mapping, row, write
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


# Days after the call of which a file speaks, and how many days later it is brought.
late_files = st.lists(
    st.tuples(st.integers(0, 150), st.integers(0, 40)), max_size=4, unique_by=lambda file: file[0]
)
# Files that know on which day they were made, and who was gone by then.
DATED = {
    **PLAIN,
    "as_of": date(2026, 6, 9),
    "account": {
        **PLAIN["account"],
        "churned_on": {"as_of_when": "Left", "yes": "yes", "no": "no"},
    },
}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(late_files, st.none() | st.integers(1, 40), st.booleans())
def test_files_that_arrive_late_lead_to_where_the_rule_says(
    tmp_path, agent, reason, now, files, left, looks_between
):
    """In the order in which they arrive, which need not be the order of their days."""
    saved_on, end = now.date(), now + 250 * DAY
    days = [saved_on + day * DAY for day, _delay in files]
    if left:
        left = max(days, default=saved_on) + left * DAY

    def bring(at, as_of, gone):
        path = write(tmp_path / "customers.csv", row("C-1", Left=gone))
        import_file(path, replace(mapping(DATED), as_of=as_of), at=at)
        if looks_between:
            watch.reckon_due(at=at)

    with transaction.atomic():
        bring(now - DAY, saved_on - DAY, "no")
        account = Account.objects.get(reference="C-1")
        case = SaveCaseFactory(account=account, agent=agent, reason=reason, opened_at=now)
        watch.reckon(account, at=now)
        for day, delay in sorted(files, key=sum):
            bring(now + (day + delay) * DAY, saved_on + day * DAY, "no")
        if left:
            bring(end, left, "yes")
        watch.reckon_due(at=end)

        known = rules.Facts(leavings=((left, None),) if left else (), heard=tuple(days))
        assert stands(case) == rules.ladder(saved_on, end.date(), known)[:2]
        transaction.set_rollback(True)
