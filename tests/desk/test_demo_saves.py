"""The demo's calls, what was said on them, and what became of those who left."""

import datetime
from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import Account
from apps.desk.demo import drafts
from apps.history.models import Event
from apps.saves.models import Commitment, Draft
from apps.saves.queries import win_backs
from apps.users.models import User
from tests.conftest import NOW
from tests.desk.test_demo import write

DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def rows():
    return write(1500)


def test_most_endings_say_why(rows):
    words = {
        "stayed": lambda case: case["stay_because"],
        "left": lambda case: case["back_if"],
        "undecided": lambda case: case["waits_for"],
    }
    for outcome, said in words.items():
        cases = [each for each in rows["case"] if each["outcome"] == outcome]
        assert 0.4 < sum(bool(said(each)) for each in cases) / len(cases) < 0.95
        others = [each for each in rows["case"] if each["outcome"] != outcome]
        assert not any(said(each) for each in others)
    assert {each["export_help"] for each in rows["case"]} == {None, True, False}


def test_commitments_are_mostly_kept_and_some_are_due(rows):
    states = Counter(each["state"] for each in rows["commitment"])
    settled = states.total() - states["open"]
    assert 0.7 < states["kept"] / settled < 0.9
    assert 0.05 < states["broken"] / settled < 0.2
    assert states["waived"]
    assert {each["made_good_at"] is None for each in rows["commitment"]} == {True, False}
    assert NOW.date() in {each["due_on"] for each in rows["commitment"]}
    for each in rows["commitment"]:
        assert each["made_at"] <= (each["settled_at"] or NOW) <= NOW
        assert each["due_on"] >= each["made_at"].date()
        assert (each["state"] == "open") == (each["settled_at"] is None)
        if each["state"] == "open":
            assert each["due_on"] >= NOW.date()
        if each["state"] in {"kept", "waived"}:
            assert each["evidence"]
            assert each["settled_at"].date() <= each["due_on"]


def test_who_left_on_a_call_is_left_alone_and_some_are_thought_of(rows):
    gone = {each["id"]: each["churned_on"] for each in rows["account"] if each["churned_on"]}
    current = [each for each in rows["win_back"] if each["ended"] in {"", "rested"}]
    assert len({each["account_id"] for each in current}) == len(current)
    for each in current:
        assert each["not_before"] >= gone[each["account_id"]] + 30 * DAY
    left = {each["id"] for each in rows["case"] if each["outcome"] == "left"}
    assert {each["case_id"] for each in rows["win_back"]} - {None} == left
    assert {each["ended"] for each in rows["win_back"]} == {"", "rested", "returned"}
    assert {each["case_id"] is None for each in current} == {True, False}
    planned = [each for each in current if each["next_on"]]
    for each in planned:
        assert each["changed_at"].date() < each["next_on"]
    texts = ("blocker", "what_changed", "still_uncertain", "path_to_value")
    assert any(all(each[name] for name in texts) for each in planned)
    assert sum(each["ended"] == "rested" for each in current) > len(current) / 3


def test_agents_find_what_they_began_and_who_may_be_asked_again(db):
    call_command("load_demo", "--size", "40")

    amara = User.objects.get(email="amara@demo.example")
    assert Draft.objects.open().by_agent(amara).count() == 2
    assert Draft.objects.open().exclude(agent=amara).count() == 1
    states = set(Commitment.objects.values_list("state", flat=True))
    assert states == {"open", "kept", "broken", "waived"}
    pottery = Account.objects.get(name="Pennine Pottery")
    now = timezone.now()
    assert win_backs.standing(pottery, win_backs.current(pottery), at=now).is_due
    assert [each.name for each in win_backs.due(amara, now).rows][:1] == ["Pennine Pottery"]
    tollgate = Account.objects.get(name="Tollgate Kitchen")
    assert win_backs.barred_until(tollgate, now.date())
    about = Event.objects.filter(subject_label="saves.commitment")
    assert set(about.values_list("subject_id", flat=True)) == set(
        Commitment.objects.values_list("pk", flat=True)
    )


def test_nobody_begins_a_call_with_customers_who_are_not_there(db):
    drafts.make(NOW)

    assert not Draft.objects.exists()
