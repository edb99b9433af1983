"""How long an import takes, beside a bare COPY of the rows that it makes."""

import csv
import time
from contextlib import contextmanager
from statistics import median

from django.db import connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Identifier, Literal

from apps.accounts.models import Account, Contact, Identity
from apps.desk.demo import names
from apps.desk.demo.phones import Phones
from apps.history.models import Delivery, Event, Timeline
from apps.imports import actions
from apps.imports.mapping import parse

LIMIT = 6
# All that an import writes a row of per customer, in the order in which it can be copied back.
TABLES = (Timeline, Account, Contact, Identity, Event, Delivery)
COLUMNS = ("reference", "name", "about", "mrr", "plan", "since", "person", "email", "phone")
MAPPING = {
    "account": {
        "reference": "reference",
        "name": "name",
        "about": "about",
        "mrr": "mrr",
        "plan": "plan",
        "started_on": "since",
        "currency": {"value": "GBP"},
        "time_zone": {"value": "Europe/London"},
    },
    "contact": {"name": "person", "email": "email", "phone": "phone"},
}


def write_file(path, size):
    """Write a file of customers whom nobody knows yet."""
    phones = Phones()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(size):
            writer.writerow(_row(number, phones))


def _row(number, phones):
    def some(words):
        return words[number % len(words)]

    industry = some(names.INDUSTRIES)
    trade, about = some(industry.trades)
    name = f"{some(names.FIRST)}{some(names.SECOND)} {trade} {number}"
    person = f"{some(names.GIVEN['GB'])} {some(names.FAMILY['GB'])}"
    return (
        *(f"NEW-{number}", name, f"{about}.", 19 + number % 480, some(industry.plans)),
        *(f"20{15 + number % 9}-0{1 + number % 9}-11", person, f"p{number}@new.example"),
        phones.take("FR"),
    )


def compare(path, *, rounds):
    """Import a file and copy the same rows in turns; every turn is undone.

    Args:
        path: the file.
        rounds: how many turns.

    Returns:
        Median seconds of the copy and of the import.
    """
    mapping = parse(MAPPING, name="bench")
    imports, copies = [], []
    for _ in range(rounds):
        first = {model: _last_id(model) for model in TABLES}
        with _undone():
            with _timed(imports):
                actions.import_file(path, mapping, at=timezone.now())
                _settle()
            rows = {model: _copy_out(model, after) for model, after in first.items()}
        with _undone(), _timed(copies):
            for model, blocks in rows.items():
                _copy_in(model, blocks)
            _settle()
    return median(copies), median(imports)


@contextmanager
def _undone():
    """Let nothing that happens inside stay."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        transaction.set_rollback(True)


@contextmanager
def _timed(times):
    began = time.perf_counter()
    yield
    times.append(time.perf_counter() - began)


def _settle():
    """Check the foreign keys now, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _last_id(model):
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _copy_out(model, after):
    query = SQL("COPY (SELECT {} FROM {} WHERE id > {}) TO STDOUT").format(
        _columns(model), Identifier(model._meta.db_table), Literal(after)
    )
    with connection.cursor() as cursor, cursor.copy(query) as stream:
        return [bytes(block) for block in stream]


def _copy_in(model, blocks):
    command = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(model._meta.db_table), _columns(model)
    )
    with connection.cursor() as cursor, cursor.copy(command) as stream:
        for block in blocks:
            stream.write(block)


def _columns(model):
    """All columns but those that the database computes."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return SQL(", ").join(Identifier(field.column) for field in fields)
