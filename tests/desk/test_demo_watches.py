"""The demo's saves stand where the rule of the house puts them, and history tells how."""

import json
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import Account
from apps.desk.demo import book, heroes, people
from apps.desk.demo.clock import Clock
from apps.desk.demo.story import Life, Why, World
from apps.history.models import Event
from apps.saves.actions import watch
from apps.saves.models import Rung, Watch
from tests.conftest import NOW
from tests.desk.test_demo import write


@pytest.fixture(scope="module")
def rows():
    return write(1500)


def told(rows):
    return [
        json.loads(each["payload"])
        for each in rows["event"]
        if each["kind"] == "saves.watch_changed"
    ]


def test_saves_stand_on_every_rung(rows):
    stood = Counter(each["rung"] for each in rows["watch"])

    assert set(stood) == set(Rung.values)
    assert min(stood.values()) > 3
    assert stood["unknown"] / stood.total() < 0.1
    assert {each["rung"] for each in told(rows)} == set(Rung.values) - {"deflected"}


def test_of_each_customer_one_save_is_the_last(rows):
    last = Counter(each["account_id"] for each in rows["watch"] if each["is_last"])

    assert set(last.values()) == {1}
    assert set(last) == {each["account_id"] for each in rows["watch"]}


def test_the_history_of_a_save_ends_where_it_stands(rows):
    ends = {each["case"]: (each["rung"], each["day"]) for each in told(rows)}

    for each in rows["watch"]:
        stands = (each["rung"], each["day"])
        assert ends.get(each["case_id"], ("deflected", 0)) == stands


@pytest.fixture
def life():
    """Kestrel's, who has been a customer for long; what happened is told by the test."""
    teams = {name: number for number, name in enumerate(people.ZONES, start=1)}
    users = {entry: number for number, entry in enumerate(people.STAFF, start=1)}
    sides = people.sides(teams, users)
    world = World(random.Random(1), Clock(NOW), book.Book(), sides, [], [])  # noqa: S311
    life = Life(world, heroes.KESTREL, owner=None, born=400, started=600)
    life.contacts = [(1, heroes.KESTREL.contacts[0])]
    return life


def stay(life, day):
    why = Why(1, "Price rise", "Price", 1, "partly")
    by = life.side.agents[0]
    life.call(life.at(day, 40_000), by, why, "stayed", "…", seconds=60, contact=0)


def test_who_left_and_came_back_did_leave(life):
    stay(life, 100)
    at = life.at(80, 40_000)
    life.leave(at.date() + timedelta(days=10), at, None)
    life.come_back(life.at(20, 40_000), None)

    life.close()

    (row,) = life.world.book.rows["watch"]
    assert row[3:6] == ("left", date(2026, 2, 27), row[5])
    assert row[5] == (at.date() + timedelta(days=10) - row[4]).days


def test_loaded_saves_stand_where_reckoning_puts_them(db, capsys):
    call_command("load_demo", "--size", "70")
    at = timezone.now()
    before = list(Watch.objects.order_by("pk").values())
    events = Event.objects.count()

    for account in Account.objects.filter(merged_into=None):
        watch.reckon(account, at=at)

    assert list(Watch.objects.order_by("pk").values()) == before
    assert (len(before) > 10, Event.objects.count()) == (True, events)
