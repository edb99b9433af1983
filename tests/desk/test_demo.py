"""The demo workspace: believable, the same every time, and true to the rules of the house."""

import datetime
import json
import random
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Max

from apps.accounts import family
from apps.accounts.models import Account, Contact, Identity, Stage
from apps.accounts.queries import twins
from apps.accounts.rules import normalise, tier
from apps.desk.demo import book, doubles, heroes, lives, load, people, words
from apps.desk.demo.clock import DAYS, Clock
from apps.desk.demo.customers import THRESHOLDS, Maker
from apps.desk.demo.phones import Phones
from apps.desk.demo.story import Life, Why, World
from apps.history import kinds
from apps.history.models import Event, Timeline
from apps.notifications.models import Notification
from apps.reasons.models import Category, Reason
from apps.saves.models import SaveCase
from apps.users.models import User
from apps.workspace.models import BulkChange
from tests.conftest import NOW

DAY = datetime.timedelta(days=1)


def write(size, *, now=NOW, seed=load.SEED):
    """Rows by table, as dicts, without a database."""
    teams = {name: number for number, name in enumerate(people.ZONES, start=1)}
    users = {entry: number for number, entry in enumerate(people.STAFF, start=1)}
    reasons = [
        Why(number * 2 + twice, f"Reason {twice}", name, number, "partly")
        for number, name in enumerate(lives.STAYS, start=1)
        for twice in (0, 1)
    ]
    world = World(
        rng=random.Random(seed),  # noqa: S311
        clock=Clock(now),
        book=book.Book(),
        sides=people.sides(teams, users),
        reasons=reasons,
        competitors=list(enumerate(words.COMPETITORS, start=1)),
    )
    rows = {name: [] for name in book.MODELS}
    for _ in load.write(world, size):
        for name, lines in world.book.empty().items():
            columns = book.COLUMNS[name].split()
            rows[name] += [dict(zip(columns, line, strict=True)) for line in lines]
    return rows


@pytest.fixture(scope="module")
def rows():
    return write(1500)


def test_every_payload_fits_its_kind(rows):
    for event in rows["event"]:
        kinds.get(event["kind"]).check(json.loads(event["payload"]))


def test_every_kind_of_a_customers_life_occurs(rows):
    told = {event["kind"] for event in rows["event"]}
    assert {
        *("accounts.created", "accounts.changed", "accounts.owner_changed", "accounts.churned"),
        *("accounts.stage_changed", "accounts.tier_changed", "accounts.returned"),
        *("accounts.contact_added", "accounts.permission_given"),
        *("accounts.permission_withdrawn", "history.noted", "saves.stayed", "saves.left"),
        *("saves.undecided", "saves.asked_to_cancel"),
    } <= told


def test_the_same_seed_tells_the_same_stories():
    assert write(80) == write(80)
    assert write(80) != write(80, seed=1)


def test_another_day_moves_the_stories_but_does_not_change_them():
    def plot(rows):
        outcomes = [(c["account_id"], c["outcome"], c["verbatim"]) for c in rows["case"]]
        return outcomes, [(a["name"], a["mrr"], a["owner_id"]) for a in rows["account"]]

    assert plot(write(80)) == plot(write(80, now=NOW + 5 * DAY))


def test_more_customers_begin_with_the_same_ones():
    small, large = write(40), write(60)
    assert [each["name"] for each in large["account"][:40]] == [
        each["name"] for each in small["account"]
    ]


def test_nothing_lies_in_the_future_or_before_the_customer_came(rows):
    created = {each["timeline_id"]: each["created_at"] for each in rows["account"]}
    # Written down afterwards: the sale, and days worth a mark.
    of_before = {"accounts.handed_over", "history.annotated"}
    for event in rows["event"]:
        came = created[event["timeline_id"]]
        assert came <= event["recorded_at"] <= NOW
        assert event["happened_at"] <= event["recorded_at"]
        assert came <= event["happened_at"] or event["kind"] in of_before
    assert min(created.values()) < NOW - (DAYS - 3) * DAY


def test_customers_have_a_story(rows):
    larkspur = rows["account"][0]["id"]
    said = [each for each in rows["insight"] if each["account_id"] == larkspur]
    assert {each["topic"] for each in said} >= {"value_driver", "expectation", "success", "risk"}
    assert len({each["account_id"] for each in rows["insight"]}) > 10
    kinds = {each["id"]: each["kind"] for each in rows["event"]}
    assert [kinds[pin["event_id"]] for pin in rows["pin"]] == ["history.noted"] * 2
    assert {"accounts.handed_over", "accounts.learned", "history.annotated"} <= set(kinds.values())


def test_ids_follow_the_order_in_which_a_timeline_was_written(rows):
    last = {}
    for event in rows["event"]:
        assert last.get(event["timeline_id"], event["recorded_at"]) <= event["recorded_at"]
        last[event["timeline_id"]] = event["recorded_at"]


def test_nobody_is_called_back_on_a_weekend(rows):
    moments = [each["call_back_at"] for each in rows["case"] if each["call_back_at"]]
    assert {moment.weekday() for moment in moments} == {0, 1, 2, 3, 4}


def test_some_notes_were_written_down_days_later(rows):
    notes = [each for each in rows["event"] if each["kind"] == "history.noted"]
    late = [each for each in notes if each["recorded_at"] - each["happened_at"] > DAY]
    assert 0.01 < len(late) / len(notes) < 0.06


def test_calls_end_as_they_do_in_the_field(rows):
    ends = Counter(each["outcome"] for each in rows["case"])
    total = ends.total()
    assert 0.52 < ends["stayed"] / total < 0.66
    assert 0.19 < ends["left"] / total < 0.31
    assert 0.09 < ends["undecided"] / total < 0.21
    assert 0.3 < total / len(rows["account"]) < 0.8


def test_a_customer_has_about_ten_entries(rows):
    assert 10 < len(rows["event"]) / len(rows["account"]) < 14
    assert max(Counter(each["timeline_id"] for each in rows["event"]).values()) > 40


def test_worth_and_tiers_spread(rows):
    share = Counter(each["tier"] for each in rows["account"])
    assert share["standard"] > share["mid"] > share["high"] > 100
    assert {each["currency"] for each in rows["account"]} == {"GBP", "USD", "EUR"}
    assert len({each["industry"] for each in rows["account"]}) == 6
    for each in rows["account"]:
        if not each["is_tier_set_by_hand"]:
            assert each["tier"] == tier(each["mrr"], THRESHOLDS[each["currency"]])


def test_stages_agree_with_dates(rows):
    today = NOW.date()
    for each in rows["account"]:
        started, left = each["started_on"], each["churned_on"]
        assert (started is None) == (each["stage"] in {"lead", "conversion"})
        if each["stage"] == "churn":
            assert left <= today
            assert each["renews_on"] is None
        elif left:
            assert left >= today
        elif started:
            assert today < each["renews_on"] <= today + 367 * DAY
    assert {each["stage"] for each in rows["account"]} == set(Stage.values)


def test_a_second_call_continues_the_first_within_a_day(rows):
    cases = {each["id"]: each for each in rows["case"]}
    chains = [each for each in rows["case"] if each["continues_id"]]
    assert chains
    for each in chains:
        first = cases[each["continues_id"]]
        assert first["account_id"] == each["account_id"]
        assert datetime.timedelta() < each["opened_at"] - first["opened_at"] < DAY


def test_who_left_on_a_call_has_a_last_day(rows):
    accounts = {each["id"]: each for each in rows["account"]}
    last = {each["account_id"]: each for each in rows["case"]}
    left = [each for each in last.values() if each["outcome"] == "left"]
    assert left
    for each in left:
        assert accounts[each["account_id"]]["churned_on"] == each["leaves_on"]


def test_names_numbers_and_addresses_belong_to_one_customer(rows):
    for column in ("name", "reference"):
        values = [each[column] for each in rows["account"]]
        assert len(set(values)) == len(values)
    marks = [(each["kind"], each["normalised"]) for each in rows["identity"]]
    assert len(set(marks)) == len(marks)
    for each in rows["identity"]:
        assert each["normalised"] == normalise(each["kind"], each["value"])
    assert all(each["email"].endswith((".example", "")) for each in rows["contact"])


def test_names_repeat_only_with_a_place():
    names = [each["name"] for each in write(4000)["account"]]
    assert len(set(names)) == len(names)


def test_numbers_run_out_instead_of_ringing_somewhere():
    phones = Phones(taken=["+442079460142"])
    given = []
    while number := phones.take("GB"):
        given.append(number)
    assert len(set(given)) == len(given) == 14_000 - 1
    assert not phones.take("GB")


def test_words_fit_when_a_workspace_has_other_reasons():
    why = Why(1, "Moved away", "Weather", 1, "no")
    world = World(None, Clock(NOW), book.Book(), {}, [why], [(1, "Slotwise")])
    assert heroes.why(world, "Price", "Price rise at renewal") == why


def test_two_names_that_read_alike_get_their_own_domains():
    maker = Maker(random.Random(1))  # noqa: S311
    assert maker.domain("Moss Vale") == "mossvale.example"
    assert maker.domain("Mossvale") == "mossvale2.example"


def test_who_comes_back_after_the_last_day_is_kept_again():
    teams = {name: number for number, name in enumerate(people.ZONES, start=1)}
    users = {entry: number for number, entry in enumerate(people.STAFF, start=1)}
    sides = people.sides(teams, users)
    world = World(random.Random(1), Clock(NOW), book.Book(), sides, [], [])  # noqa: S311
    life = Life(world, heroes.KESTREL, owner=None, born=90, started=600)
    life.leave(NOW.date() - 40 * DAY, life.office(50), None)
    assert life.stage == "churn"
    life.come_back(life.office(30), None)
    assert (life.stage, life.churned_on) == ("retention", None)


# --- In the database ----------------------------------------------------------


@pytest.fixture
def loaded(db, capsys):
    """The workspace, and what the command said."""
    call_command("load_demo", "--size", "70")
    return capsys.readouterr().out


def test_the_command_says_how_to_sign_in(loaded):
    assert "70 customers" in loaded
    for entry in people.STAFF:
        assert entry.address in loaded
    assert people.PASSWORD in loaded
    amara = User.objects.get(email="amara@demo.example")
    assert amara.check_password(people.PASSWORD)
    assert amara.has_perm("saves.log")
    assert User.objects.get(email="admin@demo.example").has_perm("access.open_settings")
    assert User.objects.get(email="helen@demo.example").manages.get() == amara.team


def test_the_loaded_customers_are_whole(loaded):
    assert Account.objects.count() == 70 + doubles.COUNT
    assert Account.objects.filter(timeline__events=None).count() == 0
    for account in Account.objects.annotate(touch=Max("save_cases__closed_at")):
        assert account.timeline.last_touch_at == account.touch
    larkspur = Account.objects.get(name="Larkspur Dental")
    assert larkspur.owner.name == "Amara Okafor"
    assert larkspur.save_cases.get().also.count() == 1
    cases = SaveCase.objects.values_list("pk", flat=True)
    told = Event.objects.filter(subject_label="saves.savecase")
    assert set(told.values_list("subject_id", flat=True)) == set(cases)
    assert not SaveCase.objects.exclude(closed_at__gte=F("opened_at")).exists()


def test_people_have_been_told(loaded):
    for name in ("amara", "helen"):
        told = Notification.objects.filter(user__email=f"{name}@demo.example")
        assert told.unread().filter(why="mentioned").exists()
        assert told.exclude(read_at=None).exists()
    mentioning = Event.objects.filter(payload__has_key="mentions")
    assert mentioning.count() > 2
    for event in mentioning:
        assert all(
            f"@{each['name']}" in event.payload["text"] for each in event.payload["mentions"]
        )


def test_customers_who_were_typed_in_twice_are_there_to_be_found(loaded):
    larkspur = Account.objects.get(reference="LD-20418")
    amara = User.objects.get(email="amara@demo.example")
    found = twins.candidates(larkspur, user=amara)[0]
    assert found.account.name == "Larkspur Dental Ltd"
    assert found.reasons == ["Same phone +44 161 496 0942", "Name alike"]
    kestrel = Account.objects.get(reference="KC-20391")
    assert [part.reference for part in family.of(kestrel).parts] == ["KC-21041"]
    assert Account.objects.filter(removed_at__isnull=False).count() == 2
    assert Contact.objects.filter(removed_at__isnull=False).count() == 1


def test_without_the_heroes_nobody_was_typed_in_twice(db):
    doubles.make(Clock(NOW))

    assert not Account.objects.exists()


def test_work_goes_on_after_loading(loaded):
    """Sequences stand behind the last id, whichever table."""
    timeline = Timeline.objects.create()
    account = Account.objects.create(
        timeline=timeline, name="Next", reference="N-1", stage_since=NOW, created_at=NOW
    )
    contact = Contact.objects.create(account=account, name="New", created_at=NOW)
    Identity.objects.create(
        account=account,
        contact=contact,
        kind="email",
        value="new@next.example",
        normalised="new@next.example",
        source="test",
        created_at=NOW,
    )
    Event.objects.create(timeline=timeline, kind="history.noted", happened_at=NOW, recorded_at=NOW)


def test_a_second_run_loads_nothing(loaded, capsys):
    before = Event.objects.aggregate(Count("id"), Max("id"))
    call_command("load_demo")
    assert f"{70 + doubles.COUNT} customers already: nothing was loaded" in capsys.readouterr().out
    assert Event.objects.aggregate(Count("id"), Max("id")) == before


def test_it_goes_beside_what_a_workspace_has(db, admin, agent, capsys):
    """Ids go on after those that are taken, and shipped reasons are not doubled."""
    call_command("load_reasons", stdout=StringIO())
    reasons = Reason.objects.count()
    call_command("load_demo", "--size", "20")
    assert Reason.objects.count() == reasons
    assert Category.objects.count() == 9
    assert Account.objects.count() == 20 + doubles.COUNT


@pytest.mark.django_db
def test_a_silly_size_is_refused_in_words(capsys):
    call_command("load_demo", "--size", "0")
    assert "one customer at least" in capsys.readouterr().out
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_long_load_says_how_far_it_is(monkeypatch, capsys):
    monkeypatch.setattr("apps.desk.management.commands.load_demo.STEP", 20)
    monkeypatch.setattr(load, "CHUNK", 20)
    call_command("load_demo", "--size", "45")
    assert "40 of 45 customers" in capsys.readouterr().out


@pytest.mark.django_db
def test_copy_keeps_odd_characters(agent):
    text = "tab\tline\nback\\slash \\N"
    timeline = Timeline.objects.create()
    row = (
        *(timeline.pk + 7, timeline.pk, "history.noted", NOW, NOW, agent.pk, ""),
        *(json.dumps({"text": text}), "", None, text),
    )
    book.copy({"event": [row]})
    event = Event.objects.get(pk=timeline.pk + 7)
    assert (event.payload, event.key) == ({"text": text}, text)


@pytest.mark.django_db
def test_a_manager_finds_changes_to_many_with_their_results():
    call_command("load_demo", "--size", "60")
    picked, given, taken_back = BulkChange.objects.order_by("pk")
    for change in (picked, given):
        assert (change.by.name, change.state) == ("Helen Adeyemi", "done")
        assert change.done + change.skipped == change.total > 0
    assert 0 < given.skipped < given.total
    assert taken_back.state == "undone"
    assert taken_back.restored == taken_back.done - 1 > 0
    whys = taken_back.rows.exclude(undo_why="").values_list("undo_why", flat=True)
    assert list(whys) == ["Zofia Kowalczyk changed them since."]
