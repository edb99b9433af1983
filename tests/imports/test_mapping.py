import datetime
from pathlib import Path

import pytest

from apps.imports.fields import layout
from apps.imports.mapping import BadMapping, parse, read_mapping
from tests.imports.files import mapping

SHIPPED = Path(__file__).parents[2] / "mappings"
TODAY = datetime.date(2026, 6, 9)


def refusal(content):
    with pytest.raises(BadMapping) as caught:
        parse(content, name="test.toml")
    return str(caught.value)


def account(**fields):
    return {"account": {"reference": "Ref", **fields}}


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_the_shipped_mappings_are_right(path):
    shipped = read_mapping(path)

    assert shipped.name == path.name
    layout(shipped, teams={}, people={}, today=TODAY)


def test_settings_have_defaults_that_suit_most_files():
    plain = mapping()

    assert (plain.encoding, plain.delimiter, plain.decimal, plain.dates) == (
        *("utf-8", ",", ".", "YYYY-MM-DD"),
    )
    assert (plain.as_of, plain.region, plain.is_dated) == (None, None, False)


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("encoding", "utf-16", "“encoding” must be an encoding such as utf-8 or cp1252."),
        ("encoding", "klingon", "must be an encoding"),
        ("encoding", 8, "must be an encoding"),
        ("delimiter", "::", "“delimiter” must be one of , ; | or a tab."),
        ("decimal", "'", "“decimal” must be a point or a comma."),
        ("dates", "%d.%m.%Y", "“dates” must be an order of days such as DD.MM.YYYY."),
        ("dates", "YYYY-MMM-DD", "must be an order"),
        ("dates", 1, "must be an order"),
        ("as_of", "2026-06-30", "“as_of” must be a day such as 2026-06-30, without quotes."),
        ("region", "England", "“region” must be a country such as GB."),
        ("decimals", ",", "The file can't say “decimals”; it may say: encoding, delimiter"),
        ("contact", "Name", "“contact” must be a table, [contact]."),
        ("contact", {"mail": "Mail"}, "[contact] can't say “mail”; it may say: name, title"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(key, value, complaint):
    assert complaint in refusal({**account(), key: value})


def test_a_number_of_things_can_be_a_delimiter_or_an_encoding():
    for delimiter in ",;|\t":
        assert mapping(delimiter=delimiter).delimiter == delimiter
    for encoding in ("UTF8", "utf-8-sig", "cp1252", "latin-1", "ISO-8859-15", "mac_roman"):
        assert mapping(encoding=encoding).encoding == encoding


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({}, "[account] must say which column is the reference."),
        ({"account": {"name": "Name"}}, "must say which column is the reference"),
        ({"account": {"reference": {"value": "C-1"}}}, "must say which column is the reference"),
        (account(nam="Name"), "[account] can't say “nam”; it may say: reference, name"),
        (account(name=3), "“name” must be a column's name in quotes or one of"),
        (account(name={"colum": "Name"}), "“name” must be a column's name in quotes or one of"),
        (account(name={"column": 3}), "“column” of “name” must be text in quotes."),
        (account(name=""), "“column” of “name” must be text in quotes."),
        (account(stage={"column": "S", "values": {"A": 1}}), "“values” of “stage” must be text"),
        (account(stage={"column": "S", "values": "A"}), "“values” of “stage” must be text"),
        (
            account(mrr={"months_before_as_of": "tenure"}),
            "“mrr” can't be computed like this; that is for: started_on.",
        ),
        (
            account(started_on={"as_of_when": "Churn", "yes": "Yes", "no": "No"}),
            "“started_on” can't be computed like this; that is for: churned_on.",
        ),
    ],
)
def test_fields_that_make_no_sense_are_refused_by_name(content, complaint):
    assert complaint in refusal(content)


def test_a_file_that_is_missing_or_no_toml_is_refused_by_name(tmp_path):
    with pytest.raises(BadMapping, match=r"no.toml can't be read: No such file or directory\."):
        read_mapping(tmp_path / "no.toml")

    (tmp_path / "bad.toml").write_text("[account\n")
    with pytest.raises(BadMapping, match=r"^bad\.toml: .*line 1"):
        read_mapping(tmp_path / "bad.toml")

    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadMapping, match=r"^bytes\.toml: "):
        read_mapping(tmp_path / "bytes.toml")

    (tmp_path / "odd.toml").write_text('[account]\nname = "Name"\n')
    with pytest.raises(BadMapping, match=r"^odd\.toml: .account. must say"):
        read_mapping(tmp_path / "odd.toml")


def test_a_field_knows_the_column_it_comes_from():
    plain = mapping()

    assert plain.column_of("churned_on") == "Left"
    assert plain.column_of("industry") == "industry"


def test_a_layout_stages_each_source_in_the_order_of_the_file():
    content = {
        "account": {
            "name": {"column": "Name", "prefix": "No. "},
            "reference": "Ref",
            "stage": {"column": "State", "values": {"live": "retention"}},
            "currency": {"value": "usd"},
            "team": {"value": "Northern"},
            "owner": "Agent",
        },
        "contact": {"email": "Mail"},
    }

    found = layout(
        parse(content, name="x"),
        teams={"northern": "7"},
        people={"ada@example.com": "9"},
        today=TODAY,
    )

    assert found.columns == [
        *("line", "reference", "name", "stage", "owner_id", "contact_email", "contact_email_key"),
        *("currency", "team_id"),
    ]
    assert [column for column, _read in found.plan] == [
        *("Ref", "Name", "State", "Agent", "Mail", "Mail"),
    ]
    assert [
        read(cell)
        for (_column, read), cell in zip(
            found.plan,
            ["C-1", "1", "live", "ADA@example.com", "A@b.example", "A@b.example"],
            strict=True,
        )
    ] == ["C-1", "No. 1", "retention", "9", "A@b.example", "a@b.example"]
    assert found.constants == ["USD", "7"]


def test_a_constant_that_its_field_refuses_is_the_mapping_s_fault():
    with pytest.raises(BadMapping, match=r"“team”: There is no team “Southern”."):
        layout(mapping(account(team={"value": "Southern"})), teams={}, people={}, today=TODAY)
    with pytest.raises(BadMapping, match=r"“email”: “ann” is not an e-mail address."):
        layout(
            mapping({**account(), "contact": {"email": {"value": "ann"}}}),
            teams={},
            people={},
            today=TODAY,
        )


@pytest.mark.parametrize(
    ("as_of", "complaint"),
    [
        (None, "counts from the day of the file: give it as --as-of"),
        (datetime.date(2026, 6, 10), "The day of the file, 2026-06-10, can't be right."),
        (datetime.date(26, 6, 1), "can't be right"),
    ],
)
def test_a_mapping_that_counts_needs_a_day_that_has_been(as_of, complaint):
    settings = {"as_of": as_of} if as_of else {}
    dated = mapping(account(started_on={"months_before_as_of": "tenure"}), **settings)

    assert dated.is_dated
    with pytest.raises(BadMapping, match=complaint):
        layout(dated, teams={}, people={}, today=TODAY)
