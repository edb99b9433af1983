"""Keyset paging: each row once, in order, however the rows came and while more come."""

import base64
import datetime
import json
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.core.pages import Page, keyset
from apps.history.models import Event
from apps.users.models import User
from tests.factories.accounts import AccountFactory
from tests.factories.history import TimelineFactory
from tests.factories.users import TeamFactory

START = datetime.datetime(2026, 6, 9, 9, 30, tzinfo=datetime.UTC)

# Few different moments, so that most of them are there more than once.
MOMENTS = st.lists(st.integers(0, 6), max_size=24)

with_database = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def events_at(timeline, moments):
    rows = [
        Event(
            timeline=timeline,
            kind="history.noted",
            happened_at=START + datetime.timedelta(minutes=moment),
            recorded_at=START,
            payload={"text": "x"},
        )
        for moment in moments
    ]
    return Event.objects.bulk_create(rows)


def pages(queryset, **options):
    """Yield the pages from the first to the last."""
    page = keyset(queryset, **options)
    yield page
    while page.older:
        page = keyset(queryset, cursor=page.older, **options)
        yield page


def in_order(rows, key, *, descending):
    return sorted(rows, key=lambda row: (getattr(row, key), row.pk), reverse=descending)


@given(moments=MOMENTS, size=st.integers(1, 7), descending=st.booleans())
@with_database
def test_older_then_newer_visits_each_row_once_in_order(db, moments, size, descending):
    with transaction.atomic():
        timeline = TimelineFactory()
        events_at(timeline, moments)
        rows = Event.objects.on(timeline)
        options = {"key": "happened_at", "size": size, "descending": descending}

        forth = list(pages(rows, **options))
        back = [forth[-1]]
        while back[-1].newer:
            back.append(keyset(rows, cursor=back[-1].newer, **options))
        everything = in_order(rows, "happened_at", descending=descending)
        transaction.set_rollback(True)

    assert [row for page in forth for row in page.rows] == everything
    assert [row for page in reversed(back) for row in page.rows] == everything
    assert all(len(page.rows) == size for page in forth[:-1])
    assert (forth[0].newer, forth[-1].older) == (None, None)


@given(moments=MOMENTS, late=st.lists(st.integers(-2, 8), max_size=12), descending=st.booleans())
@with_database
def test_rows_that_come_meanwhile_move_nothing(db, moments, late, descending):
    with transaction.atomic():
        timeline = TimelineFactory()
        at_first = events_at(timeline, moments)
        rows = Event.objects.on(timeline)
        seen, waiting = [], list(late)
        for page in pages(rows, key="happened_at", size=3, descending=descending):
            seen += page.rows
            events_at(timeline, waiting[:2])
            waiting = waiting[2:]
        transaction.set_rollback(True)

    assert len(seen) == len(set(seen))
    assert seen == in_order(seen, "happened_at", descending=descending)
    assert [row for row in seen if row in set(at_first)] == in_order(
        at_first, "happened_at", descending=descending
    )


def test_rows_that_go_meanwhile_leave_the_others_in_place(db):
    timeline = TimelineFactory()
    people = [User.objects.create_user(f"p{n}@example.com", name="Same") for n in range(6)]
    first = keyset(User.objects.all(), key="name", size=2)
    people[1].delete()  # the very row at which the next page starts

    second = keyset(User.objects.all(), key="name", size=2, cursor=first.older)

    assert timeline.pk
    assert second.rows == people[2:4]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("mrr", [Decimal("10.00"), Decimal("9.99"), Decimal("10.00"), Decimal("249.00")]),
        ("started_on", [datetime.date(2024, 1, n) for n in (3, 1, 3, 2)]),
        ("name_key", ["b", "a", "b", 'Ö"x\\']),
        ("id", [1, 2, 3, 4]),
    ],
)
@pytest.mark.parametrize("descending", [True, False])
def test_any_kind_of_value_can_be_the_key(db, key, values, descending):
    for value in values:
        field = {"name_key": "name", "id": "mrr"}.get(key, key)
        AccountFactory(**{field: value})
    rows = Account.objects.all()

    found = [
        row for page in pages(rows, key=key, size=1, descending=descending) for row in page.rows
    ]

    order = ("-" if descending else "") + key, ("-" if descending else "") + "pk"
    assert found == list(rows.order_by(*order))


def forged(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "%%%",
        "a" * 1000,
        forged(),
        forged("a", "s", "x"),
        forged("c", "s", "x", 1),
        forged("a", "q", "x", 1),
        forged("a", "s", "x", 0),
        forged("a", "s", "x", 2**63),
        forged("a", "s", "x", "y"),
        forged("a", "s", "nul\0", 1),
        forged("a", "n", "ten", 1),
        forged("a", "t", "yesterday", 1),
        forged({}, "s", "x", 1),
        base64.urlsafe_b64encode(b"7").decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_damaged_cursor_gives_the_first_page(db, cursor):
    team = TeamFactory(name="A")

    assert keyset(
        User._meta.get_field("team").related_model.objects, key="name", cursor=cursor
    ) == (Page(rows=[team]))


def test_no_rows_are_a_page_without_neighbours(db):
    assert keyset(User.objects.all(), key="name") == Page(rows=[], newer=None, older=None)


def test_a_page_beyond_the_end_is_empty(db):
    cursor = forged("a", "s", "zzz", 2**62)
    TeamFactory(name="A")

    assert keyset(TeamFactory._meta.model.objects.all(), key="name", cursor=cursor) == Page()
