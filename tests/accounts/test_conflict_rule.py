"""The rule of conflicts: nobody's change is lost in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import conflict
from tests.factories.accounts import AccountFactory

TEXTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "x", "y", "z"]))


@given(opened=TEXTS, theirs=TEXTS, mine=TEXTS)
def test_whatever_two_people_change_nobodys_change_is_lost_in_silence(opened, theirs, mine):
    verdicts = conflict.sort(opened, theirs, mine)

    for name, now in theirs.items():
        typed, was = mine.get(name, now), opened.get(name)
        verdict = verdicts.get(name)
        assert (verdict is None) == (typed == now)
        if verdict == "taken":
            assert typed == was != now
        if verdict == "kept":
            assert now == was != typed
        if verdict == "both":
            assert was is None or now != was != typed
    assert verdicts.keys() <= theirs.keys()


@given(opened=TEXTS, one=TEXTS, other=TEXTS)
def test_it_is_the_same_from_the_other_side(opened, one, other):
    names = opened.keys() & one.keys() & other.keys()
    opened, one, other = ({n: each[n] for n in names} for each in (opened, one, other))
    turned = {"taken": "kept", "kept": "taken", "both": "both"}

    there = conflict.sort(opened, one, other)
    back = conflict.sort(opened, other, one)

    assert there == {name: turned[verdict] for name, verdict in back.items()}


@pytest.mark.parametrize(
    ("theirs", "mine", "verdicts"),
    [
        ({"a": "2", "b": "1"}, {"a": "1", "b": "2"}, {"a": "both", "b": "both"}),
        ({"a": "2", "b": "2"}, {"a": "1", "b": "1"}, {"a": "taken", "b": "taken"}),
        ({"a": "2", "b": "1"}, {"a": "1", "b": "1"}, {"a": "taken"}),
        ({"a": "2", "b": "1"}, {"a": "3", "b": "2"}, {"a": "both", "b": "both"}),
    ],
)
def test_what_belongs_together_is_chosen_together(theirs, mine, verdicts):
    opened = {"a": "1", "b": "1"}

    assert conflict.sort(opened, theirs, mine, linked=[("a", "b")]) == verdicts


def test_what_a_form_carries_is_its_own(account):
    met = conflict.Meeting(verdicts={"plan": "both"})
    sealed = conflict.seal({"plan": "A"}, met, subject=account)

    assert conflict.unseal(sealed, subject=account) == ({"plan": "A"}, met)
    for text in (sealed[:-1], "", None, conflict.seal({}, None, subject=AccountFactory())):
        assert conflict.unseal(text, subject=account) == ({}, None)
