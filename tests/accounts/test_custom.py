"""Custom fields: what each kind accepts, stores and shows."""

import datetime
import json
from decimal import Decimal

import pytest
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import custom
from apps.accounts.custom import BadValue, Field, UnknownField
from tests.factories.accounts import AccountFactory, CustomFieldFactory


def field(kind, **more):
    return Field("key", "Label", kind, **more)


BODIES = field("choice", choices=("GDC", "HCPC"), former=("Guild",))


@pytest.mark.parametrize(
    ("definition", "text", "value"),
    [
        (field("text"), "  two   words ", "two words"),
        (field("text"), "  ", None),
        (field("number"), "12", 12),
        (field("number"), "7.50", 7.5),
        (field("number"), "-3", -3),
        (field("number"), "−3", -3),
        (field("money"), "199.20", 199.2),
        (field("money"), "0", 0),
        (field("date"), "2026-06-30", "2026-06-30"),
        (BODIES, "GDC", "GDC"),
        (BODIES, "gdc", "GDC"),
        (BODIES, "Guild", "Guild"),
        (field("yes_no"), "Yes", True),
        (field("yes_no"), "0", False),
        (field("link"), "https://book.example/x?a=1", "https://book.example/x?a=1"),
        (field("link"), "book.example", "https://book.example"),
    ],
)
def test_a_text_is_read_by_the_kind_of_its_field(definition, text, value):
    read = definition.parse(text)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("definition", "text", "words"),
    [
        (field("text"), "x" * 201, "Write 200 characters at most."),
        (field("text"), "a\0b", "There is an unreadable character. Write it again."),
        (field("text"), "a\ud800b", "There is an unreadable character. Write it again."),
        (field("number"), "twelve", "“twelve” is not a number such as 1250.50."),
        (field("number"), "NaN", "“NaN” is not a number such as 1250.50."),
        (field("number"), "1e5", "“1e5” is not a number such as 1250.50."),
        (field("number"), "1,5", "“1,5” is not a number such as 1250.50."),
        (field("money"), "1.234", "“1.234” is not an amount such as 1250.50."),
        (field("date"), "2026-02-30", "“2026-02-30” is not a date such as 2026-06-30."),
        (field("date"), "1066-10-14", "“1066-10-14” is not a date such as 2026-06-30."),
        (field("date"), "soon", "“soon” is not a date such as 2026-06-30."),
        (BODIES, "BVA", "“BVA” is not among the values: GDC, HCPC."),
        (field("yes_no"), "maybe", "“maybe” is neither yes nor no."),
        (
            field("link"),
            "javascript:alert(1)",
            "“javascript:alert(1)” is not an address such as https://www.customer.example.",
        ),
        (
            field("link"),
            "ftp://book.example",
            "“ftp://book.example” is not an address such as https://www.customer.example.",
        ),
        (
            field("link"),
            "book.example/" + "x" * 500,
            f"“book.example/{'x' * 27}…” is not an address such as https://www.customer.example.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_words(definition, text, words):
    with pytest.raises(BadValue) as refused:
        definition.parse(text)

    assert str(refused.value) == words


def test_a_file_may_write_decimals_with_a_comma():
    assert field("number").parse("1250,5", decimal=",") == 1250.5
    with pytest.raises(BadValue, match="such as 1250,50"):
        field("number").parse("1250.5", decimal=",")


@given(st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=3))
def test_a_number_comes_back_from_json_as_it_was_typed(number):
    stored = json.loads(json.dumps(field("number").parse(str(number))))

    assert Decimal(field("number").plain(stored)) == number
    assert field("number").check(stored) == stored


@given(st.decimals(min_value=-(10**10) + 1, max_value=10**10 - 1, places=2))
def test_an_amount_comes_back_from_json_as_it_was_typed(amount):
    stored = json.loads(json.dumps(field("money").parse(str(amount))))

    assert Decimal(field("money").plain(stored)) == amount
    assert field("money").check(stored) == stored


KINDS = [
    *(field(kind) for kind in ("text", "number", "money", "date", "yes_no", "link")),
    BODIES,
]


@given(st.sampled_from(KINDS), st.text() | st.sampled_from(["yes", "12", "2026-06-30", "gdc"]))
def test_whatever_is_read_is_accepted_shown_and_read_again(definition, text):
    try:
        value = definition.parse(text)
    except BadValue:
        return

    assert definition.parse(definition.plain(value)) == value
    assert json.loads(json.dumps(value)) == value
    assert bool(definition.html(value, "GBP")) == (value is not None)
    if value is not None:
        assert definition.check(value) == value


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        (field("text"), 12),
        (field("number"), True),
        (field("number"), float("nan")),
        (field("number"), 10**12),
        (field("number"), "12"),
        (field("yes_no"), "yes"),
        (field("date"), datetime.date(2026, 6, 30)),
        (field("text"), " "),
        (BODIES, "Guild"),
        (BODIES, "BVA"),
    ],
)
def test_a_value_that_does_not_belong_is_refused(definition, value):
    with pytest.raises(BadValue):
        definition.check(value)


@pytest.mark.parametrize(
    ("definition", "value", "plain", "told", "words"),
    [
        (field("text"), "Hello", "Hello", "Hello", "Hello"),
        (field("number"), 1200.5, "1200.5", "1200.5", "1,200.5"),
        (field("money"), 1200, "1200.00", "£1,200", "£1,200"),
        (field("money"), 199.2, "199.20", "£199.20", "£199.20"),
        (field("date"), "2024-06-30", "2024-06-30", "2024-06-30", "30 June 2024"),
        (field("yes_no"), False, "no", "No", "No"),
        (field("yes_no"), True, "yes", "Yes", "Yes"),
        (BODIES, None, "", "", ""),
    ],
)
def test_a_value_is_written_for_files_history_and_people(definition, value, plain, told, words):
    assert definition.plain(value) == plain
    assert definition.told_as(value, "GBP") == told
    assert (definition.words(value, "GBP"), definition.html(value, "GBP")) == (words, words)


def test_a_link_is_shown_short_and_safe():
    link = field("link")

    assert link.html("https://www.book.example/", "GBP") == (
        '<a class="link" href="https://www.book.example/"'
        ' rel="noopener noreferrer nofollow">book.example</a>'
    )
    assert ">book.example/" + "x" * 26 + "…<" in link.html(
        "https://book.example/" + "x" * 60, "GBP"
    )
    assert link.html("javascript:alert(1)", "GBP") == "javascript:alert(1)"


def test_a_field_knows_what_it_is_called_elsewhere():
    seats = Field("seats", "Seats", "number")

    assert (seats.name, seats.told, seats.has_range) == ("cf_seats", "custom.Seats", True)
    assert not BODIES.has_range


# --- Which there are ----------------------------------------------------------------


def test_definitions_are_read_once_in_a_while(db, django_assert_num_queries, now):
    CustomFieldFactory(key="b", label="B", group="Practice", position=2)
    CustomFieldFactory(key="a", label="A", group="Practice", kind="choice", choices=["x"])
    CustomFieldFactory(key="c", label="C")
    CustomFieldFactory(key="gone", retired_at=now)

    with django_assert_num_queries(1):
        first, second = custom.definitions(), custom.definitions()

    assert [each.key for each in first] == ["c", "a", "b"]
    assert first == second
    assert first[1] == Field("a", "A", "choice", choices=("x",), group="Practice")
    custom.forget()
    assert caches["process"].get("accounts-custom-fields") is None


def test_the_page_shows_known_values_by_group_in_their_order(db):
    CustomFieldFactory(key="chairs", label="Chairs", kind="number", group="Practice")
    CustomFieldFactory(key="fee", label="Setup fee", kind="money", group="Contract")
    CustomFieldFactory(key="greeting", label="Greeting")
    CustomFieldFactory(key="empty", label="Empty", group="Practice")
    account = AccountFactory(
        custom={"chairs": 3, "fee": 99.5, "greeting": "Hiya", "unheard": 1}, currency="EUR"
    )

    assert custom.facts(account) == [
        ("", [("Greeting", "Hiya")]),
        ("Contract", [("Setup fee", "€99.50")]),
        ("Practice", [("Chairs", "3")]),
    ]
    assert custom.facts(AccountFactory()) == []


# --- Changing -----------------------------------------------------------------------


def test_changes_are_told_by_label_in_words(db):
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    CustomFieldFactory(key="fee", label="Setup fee", kind="money")
    CustomFieldFactory(key="reader", label="Card reader", kind="yes_no")
    account = AccountFactory(custom={"chairs": 3, "fee": 99.5, "old": "kept"})

    values, changes = custom.altered(
        account, {"chairs": 4, "fee": None, "reader": True}, currency="GBP"
    )

    assert values == {"chairs": 4, "old": "kept", "reader": True}
    assert changes == {
        "custom.Chairs": ["3", "4"],
        "custom.Setup fee": ["£99.50", ""],
        "custom.Card reader": ["", "Yes"],
    }


def test_an_amount_is_told_in_the_currency_that_it_had_and_has(db):
    CustomFieldFactory(key="fee", label="Fee", kind="money")
    account = AccountFactory(custom={"fee": 99.5}, currency="GBP")

    _values, changes = custom.altered(account, {"fee": 120}, currency="EUR")

    assert changes == {"custom.Fee": ["£99.50", "€120"]}


def test_what_stays_the_same_is_not_asked_about(db, django_assert_num_queries):
    account = AccountFactory(custom={"chairs": 3})

    with django_assert_num_queries(0):
        assert custom.differing(account, {"chairs": 3, "fee": None}) == {}
        assert custom.altered(account, {}, currency="GBP") == ({"chairs": 3}, {})


def test_another_spelling_of_the_same_number_is_no_change(db):
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    account = AccountFactory(custom={"chairs": 3})

    assert custom.altered(account, {"chairs": 3.0}, currency="GBP") == ({"chairs": 3}, {})


def test_unknown_and_retired_fields_are_refused(db, now):
    CustomFieldFactory(key="gone", retired_at=now)
    account = AccountFactory()

    for key in ("gone", "never"):
        with pytest.raises(UnknownField):
            custom.altered(account, {key: "x"}, currency="GBP")


def test_a_bad_value_names_its_field(db):
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")

    with pytest.raises(BadValue, match="Chairs: This is no value of the field"):
        custom.altered(AccountFactory(), {"chairs": "3"}, currency="GBP")
