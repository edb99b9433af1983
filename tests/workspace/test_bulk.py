"""Changes to many rows: each row once, a result for each, and one undo."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.core import jobs
from apps.users.models import Team, User
from apps.workspace import bulk_kinds as kinds
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange, BulkRow
from apps.workspace.models.bulk import UNDO_FOR
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import BulkChangeFactory, BulkRowFactory

PREFIX = "bulk "


def apply(ids, *, by, at, prefix=PREFIX):
    """Rename teams: those called Same need nothing, those called Bad can't be read."""
    results = {}
    for team in Team.objects.select_for_update().filter(pk__in=list(ids)):
        if team.name.startswith("Bad"):
            raise RuntimeError(team.name)
        if team.name.startswith("Same"):
            results[team.pk] = kinds.Skipped("It has this name already.")
            continue
        results[team.pk] = kinds.Done({"name": team.name})
        team.name = prefix + team.name
        team.save()
    return results


def restore(befores, *, by, at, prefix=PREFIX):
    """Give teams their names back, unless somebody renamed them since."""
    results = {}
    for team in Team.objects.filter(pk__in=list(befores)):
        name = befores[team.pk]["name"]
        if team.name != prefix + name:
            results[team.pk] = kinds.Skipped("Renamed since.")
            continue
        results[team.pk] = kinds.Done()
        team.name = name
        team.save()
    return results


@pytest.fixture(autouse=True)
def kind():
    """A kind of change that renames teams."""
    kinds.register(
        "tests.rename", right="accounts.assign", apply=apply, undo=restore, forecast=lambda ids: []
    )
    yield "tests.rename"
    kinds.unregister("tests.rename")


@pytest.fixture
def small(monkeypatch):
    """Chunks of three rows."""
    monkeypatch.setattr(bulk, "CHUNK", 3)


def teams(*names):
    """Make teams and return the pairs that a preview fixes."""
    made = [TeamFactory(name=name).pk for name in names]
    return Team.objects.filter(pk__in=made).order_by("pk").values_list("pk", "name")


def names(rows):
    """Return what the teams are called now."""
    pks = [pk for pk, _name in rows]
    found = Team.objects.filter(pk__in=pks).order_by("pk")
    return [team.name for team in found]


def begin(rows, by, at, **more):
    change = bulk.preview("tests.rename", rows=rows, by=by, at=at, key=uuid.uuid4(), **more)
    return bulk.confirm(change, by=by, at=at)


def told(change):
    return list(change.rows.order_by("pk").values_list("label", "outcome", "why"))


def counts(change):
    return (change.total, change.done, change.skipped, change.failed)


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        kinds.register("tests.rename", right="", apply=apply, undo=restore, forecast=apply)
    with pytest.raises(LookupError, match="tests.unknown"):
        kinds.get("tests.unknown")


def test_a_preview_fixes_the_rows_and_changes_none(manager, now):
    rows, key = list(teams("A", "B")), uuid.uuid4()
    query = Team.objects.filter(pk__in=[pk for pk, _ in rows]).order_by("pk")

    for _ in range(2):
        change = bulk.preview(
            "tests.rename", rows=query.values_list("pk", "name"), by=manager, at=now, key=key
        )

    assert (change.state, change.total) == ("preview", 2)
    assert told(change) == [("A", "waiting", ""), ("B", "waiting", "")]
    assert names(rows) == ["A", "B"]
    assert not BulkChange.objects.due(now).exists()
    assert not change.is_at_work


def test_a_preview_of_nothing_has_no_rows(manager, now):
    none = Team.objects.filter(pk__in=[]).values_list("pk", "name")

    change = bulk.preview("tests.rename", rows=none, by=manager, at=now, key=uuid.uuid4())

    assert change.total == 0
    assert bulk.work(bulk.confirm(change, by=manager, at=now)).state == "done"


def test_the_preview_of_somebody_else_is_not_ours(manager, agent, now):
    change = bulk.preview("tests.rename", rows=teams("A"), by=manager, at=now, key=uuid.uuid4())

    for act in (
        lambda: bulk.preview("tests.rename", rows=teams("B"), by=agent, at=now, key=change.key),
        lambda: bulk.choose(change, arguments={}, label="x", by=agent),
        lambda: bulk.confirm(change, by=agent, at=now),
        lambda: bulk.undo(change, by=agent, at=now),
    ):
        with pytest.raises(bulk.NotYours):
            act()


def test_what_is_done_may_be_chosen_until_it_is_confirmed(manager, now):
    rows = list(teams("A"))
    change = bulk.preview("tests.rename", rows=teams("X"), by=manager, at=now, key=uuid.uuid4())
    bulk.choose(change, arguments={"prefix": "old "}, label="Old", by=manager)
    bulk.choose(change, arguments={"prefix": "new "}, label="New", by=manager)
    for _ in range(2):
        bulk.confirm(change, by=manager, at=now)

    change = bulk.choose(change, arguments={"prefix": "late "}, label="Late", by=manager)
    change = bulk.work(change)

    assert (change.label, change.arguments) == ("New", {"prefix": "new "})
    assert Team.objects.filter(name="new X").exists()
    assert names(rows) == ["A"]


def test_every_row_has_its_result_and_one_that_raises_stops_no_other(manager, now, small):
    rows = list(teams("A", "Bad", "Same", "C", "D", "Gone"))
    change = begin(
        Team.objects.filter(pk__in=[pk for pk, _ in rows]).order_by("pk").values_list("pk", "name"),
        manager,
        now,
    )
    Team.objects.filter(name="Gone").delete()

    change = bulk.work(change, clock=lambda: now)

    assert counts(change) == (6, 3, 1, 2)
    assert (change.state, change.finished_at) == ("done", now)
    went_wrong = "Something went wrong with this one. Change it on its own page."
    assert told(change) == [
        ("A", "done", ""),
        ("Bad", "failed", went_wrong),
        ("Same", "skipped", "It has this name already."),
        ("C", "done", ""),
        ("D", "done", ""),
        ("Gone", "failed", went_wrong),
    ]
    assert names(rows) == ["bulk A", "Bad", "Same", "bulk C", "bulk D"]
    assert (change.settled, change.to_settle) == (6, 6)


def test_the_request_does_the_first_rows_and_workers_the_rest(manager, ran_jobs, small):
    rows = list(teams(*"ABCDEFGH"))
    change = begin(teams(*"STUVWXYZ"), manager, timezone.now())

    change = bulk.work(change, limit=4)

    assert (change.state, change.done) == ("running", 6)
    assert ran_jobs() == ["workspace.bulk"]
    change.refresh_from_db()
    assert (change.state, change.done) == ("done", 8)
    assert ran_jobs() == []
    assert names(rows) == list("ABCDEFGH")


def test_a_change_that_nobody_rang_for_is_rung_for_by_the_ticker(manager, ran_jobs):
    change = begin(teams("A"), manager, timezone.now())
    assert "workspace.bulk" in jobs.ring_due()

    ran_jobs()

    change.refresh_from_db()
    assert change.state == "done"
    assert "workspace.bulk" not in jobs.ring_due()
    jobs.run("workspace.bulk", {})


def test_work_stops_when_its_time_is_up(manager, now, small):
    change = begin(teams(*"ABCDEFGH"), manager, now)
    ticks = iter(now + timedelta(seconds=second) for second in range(100))

    change = bulk.work(change, seconds=4, clock=lambda: next(ticks))

    assert (change.state, change.done) == ("running", 6)


def test_whoever_holds_the_lease_works_alone(manager, now):
    change = begin(teams("A"), manager, now)
    BulkChange.objects.filter(pk=change.pk).update(leased_until=now + bulk.LEASE)

    assert bulk.work(change, clock=lambda: now).done == 0
    assert bulk.work(change, clock=lambda: now + bulk.LEASE).done == 1
    assert bulk.work(change, clock=lambda: now + bulk.LEASE).done == 1


def test_who_was_too_slow_leaves_the_rest_to_whoever_took_over(manager, now, small):
    change = begin(teams(*"ABCDEFGH"), manager, now)
    calls = []

    def clock():
        calls.append(now)
        if len(calls) == 3:  # between two chunks, somebody else takes the lease
            BulkChange.objects.filter(pk=change.pk).update(leased_until=now + timedelta(hours=1))
        return now

    slow = bulk.work(change, clock=clock)

    assert (slow.state, slow.done) == ("running", 3)
    assert slow.leased_until == now + timedelta(hours=1)


def test_a_lease_that_was_taken_over_is_not_given_back(manager, now):
    change = begin(teams("A"), manager, now)

    bulk._let_go(change, now + bulk.LEASE, at=now)

    change.refresh_from_db()
    assert change.leased_until == now
    assert jobs.run_all() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_each_row_is_done_once(monkeypatch):
    person = make_person("manager")
    monkeypatch.setattr(bulk, "CHUNK", 5)
    rows = list(teams(*[f"Team {n:02}" for n in range(40)]))
    pks = [pk for pk, _name in rows]
    query = Team.objects.filter(pk__in=pks).order_by("pk")
    change = begin(query.values_list("pk", "name"), person, timezone.now())
    # Leases that end at once, so that both take over from each other all the time.
    monkeypatch.setattr(bulk, "LEASE", timedelta())
    gate = threading.Barrier(4)

    def go():
        gate.wait()
        while bulk.work(change, limit=5).state != "done":
            pass
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    change.refresh_from_db()
    assert counts(change) == (40, 40, 0, 0)
    assert names(rows) == [f"bulk {name}" for _pk, name in rows]


# --- undo ---------------------------------------------------------------------


def test_undo_restores_what_nobody_touched_since_and_names_the_rest(manager, now, small):
    rows = list(teams("A", "Same", "C", "D", "E"))
    query = Team.objects.filter(pk__in=[pk for pk, _ in rows]).order_by("pk")
    change = bulk.work(begin(query.values_list("pk", "name"), manager, now), clock=lambda: now)
    Team.objects.filter(name="bulk D").update(name="Dee")
    later = now + UNDO_FOR - timedelta(seconds=1)

    for _ in range(2):
        change = bulk.undo(change, by=manager, at=later)
    assert (change.state, change.settled, change.to_settle) == ("undoing", 0, 4)
    change = bulk.work(change, clock=lambda: later)

    assert (change.state, change.undone_at, change.undone_by) == ("undone", later, manager)
    assert (change.restored, change.spared, change.settled) == (3, 1, 4)
    assert names(rows) == ["A", "Same", "C", "Dee", "E"]
    spared = change.rows.get(undo="spared")
    assert (spared.label, spared.undo_why) == ("D", "Renamed since.")
    with pytest.raises(bulk.TooLate):
        bulk.undo(change, by=manager, at=later)


def test_undo_ends_after_ten_minutes(manager, now):
    change = bulk.work(begin(teams("A"), manager, now), clock=lambda: now)

    assert change.undo_until == now + timedelta(minutes=10)
    with pytest.raises(bulk.TooLate, match="any more"):
        bulk.undo(change, by=manager, at=now + timedelta(minutes=10))


def test_a_change_that_did_nothing_has_nothing_to_undo(manager, now):
    change = bulk.work(begin(teams("Same"), manager, now), clock=lambda: now)

    assert not change.can_undo(now)


def test_an_admin_may_undo_what_somebody_else_did(manager, admin, agent, now):
    change = bulk.work(begin(teams("A"), manager, now), clock=lambda: now)

    bulk.undo(change, by=admin, at=now)

    assert bulk.work(change, clock=lambda: now).undone_by == admin
    assert list(BulkChange.objects.confirmed().visible_to(admin)) == [change]
    assert list(BulkChange.objects.visible_to(manager)) == [change]
    assert list(BulkChange.objects.visible_to(agent)) == []


def test_who_lost_the_right_meanwhile_changes_nothing_more(manager, now):
    rows = list(teams("A"))
    change = begin(teams("B"), manager, now)
    User.objects.filter(pk=manager.pk).update(is_active=False)

    change = bulk.work(change, clock=lambda: now)

    assert counts(change) == (1, 0, 0, 1)
    assert told(change) == [("B", "failed", "Whoever asked for this may not any more.")]
    assert names(rows) == ["A"]


# --- sweeping -----------------------------------------------------------------


def test_old_previews_and_results_are_swept(db, ran_jobs):
    now = timezone.now()
    kept = [
        BulkChangeFactory(),
        BulkChangeFactory(state="done", finished_at=now - timedelta(days=80)),
    ]
    BulkRowFactory(change=kept[0])
    assert "workspace.forget_old_bulk" not in jobs.ring_due()
    old = BulkChangeFactory(created_at=now - timedelta(days=2))
    BulkRowFactory.create_batch(3, change=old)
    BulkChangeFactory(state="undone", finished_at=now - timedelta(days=91))

    assert "workspace.forget_old_bulk" in jobs.ring_due()
    ran_jobs()

    assert list(BulkChange.objects.order_by("pk")) == kept
    assert BulkRow.objects.count() == 1
    assert bulk.forget_old(at=now) == 0
