"""Custom fields in a file: how a mapping names them, what is refused, what is written."""

import re

import pytest

from apps.accounts.models import Account
from apps.history.models import Event
from apps.imports import actions
from apps.imports.mapping import BadMapping
from tests.factories.accounts import AccountFactory, CustomFieldFactory
from tests.imports.files import mapping, write

HEADER = ["Ref", "Name", "Chairs", "Fee", "Reader", "Ends", "Body", "Page", "Hello", "Currency"]
MAPPING = {
    "account": {"reference": "Ref", "name": "Name", "currency": "Currency"},
    "custom": {
        "chairs": "Chairs",
        "fee": "Fee",
        "reader": {"column": "Reader", "values": {"J": "yes", "N": "no"}},
        "ends": "Ends",
        "body": "Body",
        "page": "Page",
        "hello": "Hello",
    },
}


@pytest.fixture
def fields(db):
    for key, kind in {
        "chairs": "number",
        "fee": "money",
        "reader": "yes_no",
        "ends": "date",
        "page": "link",
        "hello": "text",
    }.items():
        CustomFieldFactory(key=key, label=key.capitalize(), kind=kind)
    CustomFieldFactory(
        key="body", label="100% body", kind="choice", choices=["GDC"], former_choices=["Guild"]
    )


def cells(**named):
    row = {"Ref": "C-1", "Name": "Larkspur", **named}
    return [row.get(column, "") for column in HEADER]


FULL = {
    "Chairs": "7.5",
    "Fee": "1250.50",
    "Reader": "J",
    "Ends": "2026-06-30",
    "Body": "gdc",
    "Page": "book.example/x",
    "Hello": "Hiya, “Doc”",
}
VALUES = {
    "chairs": 7.5,
    "fee": 1250.5,
    "reader": True,
    "ends": "2026-06-30",
    "body": "GDC",
    "page": "https://book.example/x",
    "hello": "Hiya, “Doc”",
}


@pytest.fixture
def bring(tmp_path, now):
    def run(*rows, content=MAPPING, **settings):
        path = write(tmp_path / "c.csv", *rows, header=HEADER)
        return actions.import_file(path, mapping(content, **settings), at=now)

    return run


def changes():
    return [event.payload["changes"] for event in Event.objects.filter(kind="accounts.changed")]


@pytest.mark.usefixtures("fields")
def test_a_new_customer_comes_with_values(bring):
    result = bring(cells(**FULL), cells(Ref="C-2"))

    assert (result.created, result.problems) == (2, [])
    assert dict(Account.objects.values_list("reference", "custom")) == {"C-1": VALUES, "C-2": {}}


@pytest.mark.usefixtures("fields")
def test_the_same_file_again_changes_nothing_and_empty_cells_say_nothing(bring):
    bring(cells(**FULL))

    assert bring(cells(**FULL)).unchanged == 1
    assert bring(cells()).unchanged == 1
    account = Account.objects.get()
    assert (account.custom, account.version) == (VALUES, 1)


@pytest.mark.usefixtures("fields")
def test_history_tells_each_change_as_it_does_for_a_person(bring):
    account = AccountFactory(
        reference="C-1",
        name="Larkspur",
        custom={"chairs": 3, "fee": -5, "reader": False, "body": "Guild", "old": "kept"},
    )

    result = bring(cells(**{**FULL, "Currency": "EUR"}))

    account.refresh_from_db()
    assert result.updated == 1
    assert (account.custom, account.version) == ({**VALUES, "old": "kept"}, 2)
    assert changes() == [
        {
            "currency": ["GBP", "EUR"],
            "custom.Chairs": ["3", "7.5"],
            "custom.Fee": ["−£5", "€1,250.50"],
            "custom.Reader": ["No", "Yes"],
            "custom.Ends": ["", "2026-06-30"],
            "custom.100% body": ["Guild", "GDC"],
            "custom.Page": ["", "https://book.example/x"],
            "custom.Hello": ["", "Hiya, “Doc”"],
        }
    ]


@pytest.mark.usefixtures("fields")
def test_a_value_that_is_no_longer_offered_stays_in_a_file_too(bring):
    AccountFactory(reference="C-1", name="Larkspur", custom={"body": "Guild"})

    assert bring(cells(Body="Guild")).unchanged == 1


@pytest.mark.usefixtures("fields")
def test_bad_cells_are_named_with_line_and_column(bring):
    bad = {
        "Chairs": "many",
        "Fee": "1,5",
        "Reader": "yes",
        "Ends": "30.06.2026",
        "Body": "BVA",
        "Page": "=cmd()",
        "Hello": "+1",
    }
    with pytest.raises(actions.FileRefused) as refused:
        bring(cells(Ref="C-9"), cells(**bad))

    found = [(each.line, each.column, each.message) for each in refused.value.result.problems]
    assert found == [
        (3, "Chairs", "“many” is not a number such as 1250.50."),
        (3, "Fee", "“1,5” is not an amount such as 1250.50."),
        (3, "Reader", "“yes” is not among the values of the mapping."),
        (3, "Ends", "“30.06.2026” is not a date such as 2026-06-30."),
        (3, "Body", "“BVA” is not among the values: GDC."),
        (3, "Page", "“=cmd()” begins like a formula. Put a ' before it if it is text."),
        (3, "Hello", "“+1” begins like a formula. Put a ' before it if it is text."),
    ]
    assert not Account.objects.exists()


@pytest.mark.usefixtures("fields")
def test_decimals_and_dates_are_written_as_the_mapping_says(bring):
    bring(cells(Chairs="-7,5", Ends="30.06.2026"), decimal=",", dates="DD.MM.YYYY")

    assert Account.objects.get().custom == {"chairs": -7.5, "ends": "2026-06-30"}


@pytest.mark.usefixtures("fields")
def test_a_value_may_be_the_same_for_all(bring):
    content = {"account": MAPPING["account"], "custom": {"body": {"value": "GDC"}}}

    bring(cells(), content=content)

    assert Account.objects.get().custom == {"body": "GDC"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("custom", "words"),
    [
        (
            {"rooms": "Rooms"},
            "There is no custom field “rooms” in use; there are: chairs, hello.",
        ),
        ({"gone": "Gone"}, "There is no custom field “gone” in use; there are: chairs, hello."),
        (
            {"chairs": {"value": "many"}},
            "“chairs”: “many” is not a number such as 1250.50.",
        ),
        ({"chairs": {"column": "A", "prefix": "B"}}, "“chairs” can't be computed like this"),
        ("chairs", "“custom” must be a table, [custom]."),
    ],
)
def test_a_mapping_that_does_not_fit_the_fields_says_so(bring, now, custom, words):
    CustomFieldFactory(key="chairs", kind="number", label="A")
    CustomFieldFactory(key="hello", label="B")
    CustomFieldFactory(key="gone", retired_at=now)

    with pytest.raises(BadMapping, match=re.escape(words)):
        bring(cells(), content={"account": MAPPING["account"], "custom": custom})


@pytest.mark.django_db
def test_a_workspace_without_fields_says_so_too(bring):
    with pytest.raises(BadMapping, match="there are: none"):
        bring(cells(), content={"account": MAPPING["account"], "custom": {"a": "A"}})


@pytest.mark.django_db
def test_many_fields_fit_one_file(bring):
    names = [f"f{number}" for number in range(90)]
    for name in names:
        CustomFieldFactory(key=name, label=name)
    content = {"account": MAPPING["account"], "custom": dict.fromkeys(names, "Hello")}

    bring(cells(Hello="a"), content=content)
    bring(cells(Hello="b"), content=content)

    assert Account.objects.get().custom == dict.fromkeys(names, "b")
    assert changes() == [{f"custom.{name}": ["a", "b"] for name in names}]
