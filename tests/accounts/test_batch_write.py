import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.actions import batch
from apps.accounts.actions.batch import Overtaken, Problem
from apps.accounts.models import Account, Contact
from apps.history import subscriptions
from apps.history.models import Delivery, Event, Timeline
from tests.accounts.batching import ANN, SOURCE, apply, counts, plan, somebody_else
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
)


@pytest.mark.django_db
def test_rows_that_contradict_what_is_stored_are_problems(now):
    AccountFactory(reference="OLD", started_on=datetime.date(2025, 1, 1))
    AccountFactory(reference="NONE", started_on=None)

    with transaction.atomic():
        planned = plan(
            {"reference": "NEW"},
            {"reference": "OLD", "churned_on": "2024-12-31"},
            {"reference": "NONE", "churned_on": "2024-12-31"},
            {"reference": "GOOD", "name": "Good"},
            at=now,
        )
        verdicts = list(batch.verdicts())

    assert counts(planned) == (1, 0, 0, 0)
    assert planned.problems == [
        Problem(2, "name", "“NEW” is not a customer yet, and there is no name for it."),
        Problem(
            *(3, "churned_on"),
            "The leaving day, 2024-12-31, is before the first day, 2025-01-01.",
        ),
        Problem(4, "churned_on", "There is a leaving day, 2024-12-31, but no first day."),
    ]
    assert verdicts == [
        *((2, "error", "NEW"), (3, "error", "OLD"), (4, "error", "NONE")),
        (5, "create", "GOOD"),
    ]


@pytest.mark.django_db
def test_an_error_in_the_middle_of_writing_leaves_nothing(now, account):
    rows = [
        {"reference": account.reference, "name": "Changed"},
        {"reference": "C-2", "name": "New", "contact_name": "Ann", "contact_channel": "fax"},
    ]

    with pytest.raises(IntegrityError, match="accounts_contact_channel"):
        apply(*rows, at=now)

    account.refresh_from_db()
    assert account.name == "Larkspur Dental"
    assert (Account.objects.count(), Timeline.objects.count()) == (1, 2)  # and the owner's
    assert (Contact.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_account SET plan = 'Team'",
        "UPDATE accounts_contact SET title = 'CEO'",
        "UPDATE accounts_account SET reference = 'C-2'",
    ],
)
def test_somebody_who_was_faster_is_not_overwritten(now, change):
    account = AccountFactory(reference="C-1")
    ContactFactory(account=account, name="Ann Lee")
    rows = [{"reference": "C-1", **ANN}, {"reference": "C-2", "name": "New"}]

    with pytest.raises(Overtaken, match="at the same time"), transaction.atomic():
        plan(*rows, at=now)
        with somebody_else() as cursor:
            cursor.execute(change)
        batch.apply_batch(by=None, at=now, source=SOURCE)

    assert Event.objects.count() == 0
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_is_held_for_too_long_is_not_waited_for(now):
    AccountFactory(reference="C-1")

    with somebody_else() as cursor, pytest.raises(Overtaken), transaction.atomic():
        cursor.execute("BEGIN; SELECT FROM accounts_account FOR UPDATE")
        plan({"reference": "C-1", "name": "Changed"}, at=now)
        with connection.cursor() as ours:
            ours.execute("SET LOCAL lock_timeout = '50ms'")
        batch.apply_batch(by=None, at=now, source=SOURCE)

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_subscribers_hear_of_every_customer(now, ran_jobs):
    heard = []
    subscriptions.subscribe("tests.hear", ["accounts.created"], heard.append)
    try:
        apply({"reference": "A", "name": "A"}, {"reference": "B", "name": "B"}, at=now)

        assert Delivery.objects.filter(subscriber="tests.hear", next_at=now).count() == 2
        assert set(ran_jobs()) == {"history.deliver"}
        assert [event.payload for event in heard] == [{"source": SOURCE}] * 2
    finally:
        subscriptions.unsubscribe("tests.hear")
