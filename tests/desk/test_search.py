import pytest

from apps.desk.queries import search
from tests.factories.accounts import AccountFactory, ContactFactory


@pytest.fixture
def larkspur(db):
    account = AccountFactory(name="Larkspur Dental", reference="LD-20418")
    ContactFactory(
        account=account,
        name="Dr Nadia Rahman",
        email="nadia@larkspur.example",
        phone="+441614960142",
    )
    return account


@pytest.fixture(autouse=True)
def others(db):
    for name in ("Cobalt Climbing", "Kestrel Cycles", "Élan Études 100%"):
        AccountFactory(name=name)


@pytest.mark.parametrize(
    "text",
    [
        "larkspur",
        "LARK",
        "dental",
        "la",  # too short for trigrams: the beginning of the name
        "LD-20418",
        "20418",
        "nadia",
        "nadia@larkspur.example",
        "+44 161 496 0142",
        "0161 496 0142",
        "(0161) 496-0142",
        "4960142",
        "nadia larkspur",  # both of the contact: the second in the address
        "nadia dental",  # one word of the contact, one of the account
        "larkspr dentl",  # misspelt
        "nadya rahmen",
    ],
)
def test_a_customer_is_found_by_what_a_caller_says(larkspur, text):
    assert search.find(text) == [larkspur.pk]


def test_accents_do_not_matter(larkspur):
    assert len(search.find("elan etudes")) == 1
    assert search.find("Larkspür") == [larkspur.pk]


@pytest.mark.parametrize("text", ["", "   ", "\0", "zzzzqqqq", "_", "%%%"])
def test_what_nobody_is_called_finds_nobody(larkspur, text):
    assert search.find(text) == []


def test_signs_that_mean_something_to_the_database_are_only_signs():
    assert len(search.find("100%")) == 1
    assert search.find("%") == []  # would be everybody
    assert search.find("_obalt climbing") == search.find("cobalt climbing")  # only as a misspelling


def test_the_best_match_comes_first():
    beginning = AccountFactory(name="Harbour Hotels")
    exact = AccountFactory(name="Harbour")
    containing = AccountFactory(name="The Old Harbour Inn")

    assert search.find("harbour") == [exact.pk, beginning.pk, containing.pk]


def test_a_name_that_begins_with_the_words_is_not_crowded_out():
    for n in range(8):
        AccountFactory(name=f"Old Harbour {n}")
    beginning = AccountFactory(name="Harbour Hotels")

    assert beginning.pk in search.find("harbour", cap=3)


def test_a_slip_in_one_word_finds_what_the_others_say(larkspur):
    for name in ("Lockspur Vets", "Kestrel Dental"):
        AccountFactory(name=name)

    assert search.find("lakrspur dental") == [larkspur.pk]


def test_a_word_that_nobody_has_is_forgiven_as_well(larkspur):
    assert search.find("larkspur dental wxyz") == [larkspur.pk]


def test_at_most_so_many_are_returned():
    for n in range(5):
        AccountFactory(name=f"Harbour {n}")

    assert len(search.find("harbour", cap=3)) == 3
    assert len(search.find("ha", cap=3)) == 3
    assert len(search.find("harbuor", cap=3)) == 3
