"""Filling texts: what is known is put in, once, and as text."""

import pytest

from apps.reasons import rules


def test_known_places_are_filled_and_the_rest_is_text():
    text = "You are on {plan}, {contact}. {Not} { one } of {these} {}, nor } or {."

    assert rules.fill(text, {"plan": "Studio", "contact": "Nadia"}) == (
        "You are on Studio, Nadia. {Not} { one } of {these} {}, nor } or {."
    )


def test_what_is_filled_in_is_never_read_as_a_place():
    facts = {"words": "Call it {customer} {words}", "customer": "Larkspur {agent}"}

    assert rules.fill("{words} / {customer}", facts) == (
        "Call it {customer} {words} / Larkspur {agent}"
    )


@pytest.mark.parametrize("facts", [{}, {"plan": ""}])
def test_a_place_without_a_fact_says_what_is_missing(facts):
    assert rules.fill("On {plan}", facts) == "On [plan]"


def test_unknown_places_are_found_once_each_in_their_order():
    text = "{words} {plann} {} {Words} {plann} {commitments}"

    assert rules.unknown(text, rules.GUIDANCE) == ["plann", "", "Words", "commitments"]
    assert rules.unknown(text, rules.PROMPT) == ["plann", "", "Words"]


@pytest.mark.parametrize(("words", "quoted"), [(" No. ", "“No.”"), ("", ""), (" \n", "")])
def test_words_are_quoted_unless_there_are_none(words, quoted):
    assert rules.in_quotes(words) == quoted
