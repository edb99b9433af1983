import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.imports import cells
from apps.imports.cells import BadCell, Memo

AS_OF = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("Larkspur", "Larkspur"),
        ("  Larkspur\n Dental\t", "Larkspur Dental"),
        ("", None),
        ("   ", None),
        ("Ångström 木 👩‍🚒", "Ångström 木 👩‍🚒"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("'  -3", "-3"),
        ("'t Hart", "'t Hart"),
        ("O'Neill & Co =", "O'Neill & Co ="),
    ],
)
def test_text_is_kept_as_it_was_meant(cell, stored):
    assert cells.text(30)(cell) == stored


@pytest.mark.parametrize("sign", cells.FORMULA)
@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "\u00a0 "])
def test_text_that_a_spreadsheet_would_run_is_refused(before, sign):
    with pytest.raises(BadCell, match="begins like a formula"):
        cells.text(30)(f"{before}{sign}1+1")


@given(st.text())
def test_no_text_gets_through_as_a_formula_unless_it_is_marked(cell):
    try:
        stored = cells.text(1000)(cell)
    except BadCell:
        return
    assert stored is None or not stored.startswith(cells.FORMULA) or cell.split()[0][0] == "'"


def test_text_that_is_too_long_is_refused_with_its_length():
    with pytest.raises(BadCell, match=r"“a{40}…” has 61 characters; there is room for 60\."):
        cells.text(60)("a" * 61)


def test_text_with_an_invisible_control_character_is_refused():
    with pytest.raises(BadCell, match="unreadable character"):
        cells.text(60)("Lark\x07spur")


def test_words_can_be_put_before_text():
    read = cells.prefixed("No. ", cells.text(8))

    assert [read("12"), read(" ")] == ["No. 12", None]
    with pytest.raises(BadCell, match="formula"):
        read(" =1")
    with pytest.raises(BadCell, match="room for 8"):
        read("12345")


def test_cells_can_be_translated_before_they_are_read():
    read = cells.translated({"A": "retention", "B": "onboarding"}, cells.stage())

    assert [read(" A "), read("B"), read("")] == ["retention", "onboarding", None]
    with pytest.raises(BadCell, match="“C” is not among the values"):
        read("C")


@pytest.mark.parametrize(
    ("decimal", "cell", "stored"),
    [
        (".", "29.85", "29.85"),
        (".", " 0 ", "0"),
        (".", "9999999999.99", "9999999999.99"),
        (".", "", None),
        (",", "29,85", "29.85"),
        (",", "1200", "1200"),
    ],
)
def test_amounts_are_read_with_their_decimal_mark(decimal, cell, stored):
    assert cells.amount(decimal)(cell) == stored


@pytest.mark.parametrize(
    ("decimal", "cell", "complaint"),
    [
        (".", "1,00", "“1,00” is not an amount such as 1234.50."),
        (",", "1.00", "“1.00” is not an amount such as 1234,50."),
        (".", "1,234.50", "is not an amount"),
        (".", "29.855", "is not an amount"),
        (".", "NaN", "“NaN” is not an amount"),
        (".", "Infinity", "is not an amount"),
        (".", "1e18", "“1e18” is not an amount"),
        (".", "10000000000", "is not an amount"),
        (".", "١٢", "is not an amount"),
        (".", "£12", "is not an amount"),
        (".", "-1", "“-1” is below zero."),
        (".", "−1", "is below zero"),
        (".", "=1", "formula"),
        (".", "+1", "formula"),
    ],
)
def test_impossible_amounts_are_refused(decimal, cell, complaint):
    with pytest.raises(BadCell, match=complaint):
        cells.amount(decimal)(cell)


@pytest.mark.parametrize(
    ("order", "cell", "stored"),
    [
        ("YYYY-MM-DD", "2026-02-28", "2026-02-28"),
        ("DD.MM.YYYY", " 1.2.2026 ", "2026-02-01"),
        ("MM/DD/YYYY", "02/28/2026", "2026-02-28"),
        ("YYYYMMDD", "20260228", "2026-02-28"),
        ("YYYY-MM-DD", "", None),
    ],
)
def test_dates_are_read_in_the_order_of_the_mapping(order, cell, stored):
    assert cells.day(order)(cell) == stored


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("2026-02-30", "There is no day “2026-02-30”."),
        ("2026-13-01", "There is no day"),
        ("0001-01-01", "There is no day"),
        ("9999-12-31", "There is no day"),
        ("30/06/2026", "“30/06/2026” is not a date such as 2026-06-30."),
        ("2026-06-30 00:00:00", "is not a date"),
        ("=TODAY()", "formula"),
    ],
)
def test_impossible_dates_are_refused(cell, complaint):
    with pytest.raises(BadCell, match=complaint):
        cells.day("YYYY-MM-DD")(cell)


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("0", "2026-03-31"),
        ("1", "2026-02-28"),
        ("25", "2024-02-29"),
        ("12", "2025-03-31"),
        ("3", "2025-12-31"),
        (" ", None),
    ],
)
def test_months_are_counted_back_from_the_day_of_the_file(cell, stored):
    assert cells.months_before(AS_OF)(cell) == stored


@pytest.mark.parametrize("cell", ["-1", "1.5", "12000", "1201", "a", "=1"])
def test_what_is_no_number_of_months_is_refused(cell):
    with pytest.raises(BadCell):
        cells.months_before(AS_OF)(cell)


@given(st.dates(datetime.date(1950, 1, 1)), st.integers(0, cells.MOST_MONTHS))
def test_going_back_keeps_the_day_or_takes_the_last_of_the_month(day, months):
    back = cells.earlier(day, months)

    assert (back.year * 12 + back.month) == (day.year * 12 + day.month) - months
    assert back.day == day.day or (back + datetime.timedelta(days=1)).day == 1


def test_a_yes_is_the_day_of_the_file_and_nothing_but_yes_and_no_is_taken():
    read = cells.flag(AS_OF, yes="Yes", no="No")

    assert [read("Yes"), read(" No"), read("")] == ["2026-03-31", None, None]
    with pytest.raises(BadCell, match=r"“yes” is neither “Yes” nor “No”."):
        read("yes")


def test_known_words_are_found_whatever_their_case():
    assert cells.time_zone()("europe/LONDON") == "Europe/London"
    assert cells.channel()("E-mail".replace("-", "")) == "email"
    assert cells.stage()(" Wandering_Eye ") == "wandering_eye"
    assert cells.stage()("") is None
    with pytest.raises(BadCell, match=r"“gone” is not a stage. Use one of: lead, conversion"):
        cells.stage()("gone")
    with pytest.raises(BadCell, match="not a time zone such as Europe/London"):
        cells.time_zone()("Mars/Olympus")


@pytest.mark.parametrize(
    ("read", "cell", "stored"),
    [
        (cells.currency, "gbp", "GBP"),
        (cells.currency, " ", None),
        (cells.language, "pt-BR", "pt-BR"),
        (cells.language, "", None),
        (cells.address, " Ann@Example.com ", "Ann@Example.com"),
        (cells.address, "o'neill@example.com", "o'neill@example.com"),
        (cells.address, "", None),
        (cells.address_key, "Ann@Example.com", "ann@example.com"),
        (cells.address_key, "ann@exämple.com", "ann@example.com"),
        (cells.address_key, "", None),
    ],
)
def test_codes_and_addresses_are_read(read, cell, stored):
    assert read(cell) == stored


@pytest.mark.parametrize(
    ("read", "cell", "complaint"),
    [
        (cells.currency, "Pounds", "not a currency such as GBP"),
        (cells.language, "English", "not a language such as en"),
        (cells.address, "ann at example.com", "not an e-mail address"),
        (cells.address, "=ann@example.com", "formula"),
        (cells.address, "a" * 250 + "@example.com", "too long"),
    ],
)
def test_wrong_codes_and_addresses_are_refused(read, cell, complaint):
    with pytest.raises(BadCell, match=complaint):
        read(cell)


@pytest.mark.parametrize(
    ("region", "cell"),
    [
        (None, "+441614960142"),
        (None, "+44 161 496-0142"),
        (None, "+44 (0)161 496 0142"),
        (None, "'+44 161 496 0142"),
        ("GB", "0161 496 0142"),
        ("US", "+44 161 4960142"),
    ],
)
def test_phone_numbers_get_their_international_form(region, cell):
    assert cells.phone(region)(cell) == "+441614960142"


def test_a_national_prefix_after_the_country_is_dropped():
    read = cells.phone(None)

    assert [read("+4401614960142"), read("+4401614960143")] == ["+441614960142", "+441614960143"]


def test_what_is_no_phone_number_is_refused_with_advice():
    with pytest.raises(BadCell, match=r"“0161” is not a phone number. Write it with \+"):
        cells.phone(None)("0161")
    with pytest.raises(BadCell, match=r"“4.41615E\+11” is not a phone number\.$"):
        cells.phone("GB")("4.41615E+11")
    for impossible in ("+999123456789", "+4412", "161 496"):
        with pytest.raises(BadCell, match="not a phone number"):
            cells.phone("GB")(impossible)
    assert cells.phone("GB")("  ") is None


def test_a_memo_asks_once_for_each_cell_and_forgets_when_it_is_full(monkeypatch):
    monkeypatch.setattr(Memo, "MOST", 2)
    asked = []
    memo = Memo(lambda cell: asked.append(cell) or cell.upper())

    assert [memo[cell] for cell in "aabca"] == ["A", "A", "B", "C", "A"]
    assert asked == ["a", "b", "c", "a"]
