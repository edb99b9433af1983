"""Custom fields in the customer list: filters, chips and columns."""

import pytest
from django.urls import reverse, reverse_lazy

from apps.desk.queries.columns import Look, available, chosen
from tests.factories.accounts import AccountFactory, CustomFieldFactory

URL = reverse_lazy("desk:customers")


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
        CustomFieldFactory(key=key, label=key.capitalize(), kind=kind, group="Practice")
    CustomFieldFactory(
        key="body", label="Body", kind="choice", choices=["GDC", "HCPC"], former_choices=["Guild"]
    )
    AccountFactory(
        name="Ada",
        custom={
            "chairs": 3,
            "fee": 99.5,
            "reader": True,
            "ends": "2026-06-30",
            "body": "GDC",
            "page": "https://book.example/ada",
            "hello": "Héllo 100% friend",
        },
    )
    AccountFactory(
        name="Ben",
        custom={
            "chairs": 12,
            "fee": 1250,
            "reader": False,
            "ends": "2027-01-31",
            "body": "Guild",
            "page": "https://book.example/ben",
            "hello": "Good day",
        },
    )
    AccountFactory(name="Cy")


@pytest.fixture
def names(as_agent):
    """Who is listed for a question."""

    def ask(question):
        page = as_agent.get(f"{URL}?{question}")
        assert page.status_code == 200, page.content.decode()
        return [row.name for row in page.context["listing"].rows]

    return ask


def says(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("cf_chairs_from=3", ["Ada", "Ben"]),
        ("cf_chairs_from=3.5", ["Ben"]),
        ("cf_chairs_to=11", ["Ada"]),
        ("cf_chairs_from=3&cf_chairs_to=3", ["Ada"]),
        ("cf_fee_from=99.51", ["Ben"]),
        ("cf_ends_from=2026-06-30&cf_ends_to=2026-12-31", ["Ada"]),
        ("cf_reader=yes", ["Ada"]),
        ("cf_reader=no", ["Ben"]),
        ("cf_body=GDC", ["Ada"]),
        ("cf_body=Guild", ["Ben"]),
        ("cf_body=GDC&cf_body=Guild", ["Ada", "Ben"]),
        ("cf_body=HCPC", []),
        ("cf_body=GDC&cf_reader=yes&cf_chairs_to=3", ["Ada"]),
        ("cf_body=GDC&cf_reader=no", []),
        ("cf_page=BOOK.example/b", ["Ben"]),
        ("cf_hello=hello", ["Ada"]),
        ("cf_hello=100%25", ["Ada"]),
        ("cf_hello=l_o", []),
        ("cf_reader=&cf_chairs_from=&cf_hello=&view=all", ["Ada", "Ben", "Cy"]),
        ("cf_reader=yes&q=ada", ["Ada"]),
    ],
)
@pytest.mark.usefixtures("fields")
def test_each_kind_narrows_the_list_in_its_way(names, question, found):
    assert names(question) == found


@pytest.mark.parametrize(
    "question",
    ["cf_chairs_from=many", "cf_chairs=3", "cf_body=BVA", "cf_reader=perhaps", "cf_gone=x"],
)
@pytest.mark.usefixtures("fields")
def test_what_makes_no_sense_is_refused_and_not_ignored(as_agent, question, now):
    CustomFieldFactory(key="gone", retired_at=now)

    assert as_agent.get(f"{URL}?{question}").status_code == 400


@pytest.mark.usefixtures("fields")
def test_chips_say_the_answers_in_words(as_agent):
    question = (
        "cf_chairs_from=1200.5&cf_fee_to=2000&cf_reader=yes&cf_ends_from=2024-06-30"
        "&cf_body=GDC&cf_hello=hi"
    )
    listing = as_agent.get(f"{URL}?{question}").context["listing"]

    assert [(chip.label, chip.value) for chip in listing.chips] == [
        ("Chairs from", "1,200.5"),
        ("Fee up to", "2,000"),
        ("Reader", "Yes"),
        ("Ends from", "30 June 2024"),
        ("Body", "GDC"),
        ("Hello contains", "hi"),
    ]
    assert "cf_reader" not in listing.chips[2].url
    assert "cf_chairs_from=1200.5" in listing.chips[2].url


@pytest.mark.usefixtures("fields")
def test_the_page_of_filters_asks_by_kind_in_groups(as_agent):
    page = says(as_agent.get(f"{reverse('desk:filters')}?cf_chairs_from=3&cf_body=Guild"))

    assert "<legend><strong>More</strong></legend>" in page
    assert "<legend><strong>Practice</strong></legend>" in page
    assert '<input type="number" name="cf_chairs_from" value="3"' in page
    assert 'name="cf_ends_to"' in page
    assert 'name="cf_hello"' in page
    assert '<option value="yes">Yes</option>' in page
    assert 'name="cf_body" value="Guild" id="id_cf_body_2" checked' in page


@pytest.mark.usefixtures("fields")
def test_columns_show_values_and_write_them_for_files(as_agent):
    keys = "cf_chairs.cf_fee.cf_reader.cf_ends.cf_body.cf_page.cf_hello"

    page = says(as_agent.get(f"{URL}?columns={keys}&q=ada"))

    assert '<td role="cell" class="num c-hide">£99.50</td>' in page
    assert 'href="https://book.example/ada" rel="noopener noreferrer nofollow"' in page
    rows = as_agent.get(f"{URL}?columns={keys}").context["listing"].rows
    assert [row.name for row in rows] == ["Ada", "Ben", "Cy"]


def test_a_column_says_plain_text_for_a_file(db, now):
    CustomFieldFactory(key="fee", label="Fee", kind="money")
    (_name, fee) = chosen(("cf_fee",))
    row = AccountFactory(custom={"fee": 99.5})

    assert fee.say(row, Look(now, URL)) == "99.50"
    assert fee.say(AccountFactory(), Look(now, URL)) == ""
    assert (fee.is_money, fee.sort, fee.label) == (True, "", "Fee")
    assert list(available())[-1] == "cf_fee"
    assert available()["cf_fee"] is fee


def test_a_column_that_is_gone_is_refused(as_agent, now):
    CustomFieldFactory(key="gone", retired_at=now)

    assert as_agent.get(f"{URL}?columns=cf_gone").status_code == 400


def test_a_list_that_asks_for_no_custom_field_does_not_read_them(
    as_agent, django_assert_num_queries
):
    CustomFieldFactory.create_batch(9)
    for _twice in range(2):
        AccountFactory()

    with django_assert_num_queries(7) as plain:
        as_agent.get(f"{URL}?tier=high")

    assert not [q for q in plain.captured_queries if "customfield" in q["sql"]]


@pytest.mark.usefixtures("fields")
def test_five_filters_cost_two_queries_of_customers(as_agent, django_assert_max_num_queries):
    question = "cf_body=GDC&cf_reader=yes&cf_chairs_from=2&cf_ends_from=2026-01-01&cf_fee_to=500"

    with django_assert_max_num_queries(9):
        assert as_agent.get(f"{URL}?{question}").status_code == 200
