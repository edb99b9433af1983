"""Customers in bulk: staging rows, writing them, and reading what came of it."""

from contextlib import contextmanager

from django.db import connection, transaction

from apps.accounts.actions import batch
from apps.history.models import Event

SOURCE = "import customers.csv"

ANN = {
    "contact_name": "Ann Lee",
    "contact_email": "Ann@b.example",
    "contact_email_key": "ann@b.example",
    "contact_phone": "+441614960142",
}


def plan(*rows, at, currency="GBP"):
    """Stage rows, given as dicts of texts, and plan them."""
    columns = ["line", "reference", *sorted({name for row in rows for name in row} - {"reference"})]
    staged = [
        (str(line), *(row.get(name) for name in columns[1:])) for line, row in enumerate(rows, 2)
    ]
    batch.stage_batch(staged, columns=columns)
    return batch.plan_batch(at=at, currency=currency)


def apply(*rows, at, by=None, **options):
    """Stage, plan and write."""
    with transaction.atomic():
        planned = plan(*rows, at=at, **options)
        assert planned.problems == []
        batch.apply_batch(by=by, at=at, source=SOURCE)
    return planned


def counts(planned):
    return (planned.created, planned.updated, planned.unchanged, planned.churned)


def told(account):
    """(kind, payload) of the customer's events in the order they were written."""
    events = Event.objects.filter(timeline=account.timeline_id).order_by("id")
    return [(event.kind, event.payload) for event in events]


@contextmanager
def somebody_else():
    """A cursor of another connection, which commits by itself."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()
