from datetime import date
from types import SimpleNamespace

import pytest

from apps.accounts.completeness import Known, answer, is_missing, is_question, question, reckon
from apps.accounts.custom import Field
from apps.accounts.models import Account, FieldKind

NADIA = SimpleNamespace(
    pk=7, name="Nadia", phone="", email="nadia@customer.example", is_primary=False, statements=[]
)


def known(*, people=(), topics=(), fields=(), **account):
    account = Account(**{"started_on": date(2024, 1, 15), **account})
    return Known(account, list(people), set(topics), tuple(fields))


def asked(known, **more):
    found = reckon(known, **more).question
    return found and found.key


def test_a_new_record_knows_nothing():
    complete = reckon(known())

    assert (complete.known, complete.total, complete.percent) == (0, 7, 0)
    assert (complete.question.key, complete.question.path) == ("contact", "contacts/new/")
    assert (complete.put_off, complete.skip) == ("", "contact")


def test_facts_weigh_differently():
    complete = reckon(known(plan="Club", industry="Fitness", renews_on=date(2026, 9, 1)))

    assert (complete.known, complete.percent) == (3, 33)  # 5 of 15


def test_one_question_follows_another():
    first = known(people=[NADIA])

    assert asked(first) == "renews_on"
    assert asked(first, skip="renews_on") == "driver"
    assert asked(first, skip="renews_on.driver") == "first"
    assert asked(first, skip="renews_on.driver.first") == "permission"
    later = reckon(first, skip="nonsense.renews_on")
    assert (later.put_off, later.skip) == ("renews_on", "renews_on.driver")


def test_an_owner_is_asked_of_those_who_may_choose_one():
    skip = "contact.renews_on.driver"

    assert asked(known(), skip=skip) == "expectations"
    assert asked(known(), skip=skip, may_assign=True) == "owner"


def test_nothing_is_asked_when_all_is_known_or_put_off():
    nadia = SimpleNamespace(**{**vars(NADIA), "is_primary": True, "statements": ["yes"]})
    complete = reckon(
        known(
            people=[nadia],
            topics=["value_driver", "expectation"],
            plan="Club",
            industry="Fitness",
            renews_on=date(2026, 9, 1),
            owner_id=3,
        )
    )

    assert (complete.known, complete.total, complete.percent) == (9, 9, 100)
    assert (complete.question, complete.skip) == (None, "")
    everything = "contact.renews_on.driver.expectations.plan.industry"
    assert reckon(known(), skip=everything).skip == everything


@pytest.mark.parametrize("dates", [{"started_on": None}, {"churned_on": date(2026, 9, 1)}])
def test_a_renewal_is_asked_of_customers_who_stay(dates):
    assert reckon(known(**dates)).total == 6
    assert not is_missing(known(**dates), "renews_on")


@pytest.mark.parametrize(
    ("key", "control", "where"),
    [
        ("contact", "", "contacts/new/"),
        ("renews_on", "date", ""),
        ("driver", "", "insights/new/?topic=value_driver"),
        ("first", "select", ""),
        ("owner", "", "owner/"),
        ("permission", "", "contacts/7/permission/"),
        ("expectations", "", "hand-over/"),
        ("plan", "text", ""),
        ("industry", "text", ""),
    ],
)
def test_each_fact_has_its_question(key, control, where):
    found = question(key, known(people=[NADIA]))

    assert (found.key, found.input, found.path) == (key, control, where)
    assert str(found.text).endswith("?")
    assert bool(found.button) == bool(where)


def test_fields_of_the_workspace_are_asked_when_they_are_required():
    fields = [
        Field("site", "Site", FieldKind.LINK, is_required=True),
        Field("vat", "VAT", FieldKind.YES_NO, is_required=True),
        Field("size", "Size", FieldKind.CHOICE, choices=("S", "L"), is_required=True),
        Field("motto", "Motto", FieldKind.TEXT),
    ]
    partly = known(fields=fields, custom={"site": "https://larkspur.example"})

    assert reckon(partly).total == 10
    assert not is_missing(partly, "cf_site")
    assert is_missing(partly, "cf_vat")
    assert not is_missing(partly, "cf_motto")
    assert question("cf_vat", partly).choices == (("yes", "Yes"), ("no", "No"))
    assert question("cf_size", partly).choices == (("S", "S"), ("L", "L"))
    assert question("cf_site", partly).input == "url"
    assert question("cf_site", partly).text == "What is their Site?"
    assert is_question("cf_motto", tuple(fields))
    assert not is_question("cf_nothing", tuple(fields))


def test_an_answer_is_known_of_what_is_asked_at_once():
    fields = [Field("vat", "VAT", FieldKind.YES_NO), Field("motto", "Motto", FieldKind.TEXT)]
    found = known(people=[NADIA], fields=fields, custom={"vat": False}, plan="Club", owner_id=3)

    assert answer(found, "plan").text == "Club"
    said = answer(found, "cf_vat")
    assert (said.text, said.words, said.told) == ("no", "No", "custom.VAT")
    for key in ("cf_motto", "cf_gone", "industry", "first", "owner", "permission", "renews_on"):
        assert answer(found, key) is None
