import datetime

import pytest

from apps.imports import reading
from apps.imports.fields import layout
from apps.imports.reading import Reader, Unreadable
from tests.imports.files import HEADER, mapping, row, write


def read(path, how=None, progress=lambda share: None):
    how = how or mapping()
    fields = layout(how, teams={}, people={}, today=datetime.date(2026, 6, 9))
    reader = Reader(path, how, fields, progress=progress)
    return reader, list(reader)


def refusal(path, how=None):
    """(line, message) of a file that can't be read to its end."""
    with pytest.raises(Unreadable) as caught:
        read(path, how)
    return caught.value.problem.line, caught.value.problem.message


def complaints(path, how=None):
    reader, _rows = read(path, how)
    return [(each.line, each.column, each.message) for each in reader.problems]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.csv"


def raw(path, content):
    path.write_bytes(content)
    return path


HEAD = ",".join(HEADER).encode() + b"\n"
GOOD = b"C-1,Larkspur,249.00,2024-01-15,,,,\n"


def test_rows_come_with_their_lines_and_without_what_is_empty(path):
    write(path, row("C-1", Mail="Ann@b.example"), row("C-2", name="", mrr=""))

    reader, rows = read(path)

    assert rows == [
        (
            *(2, "C-1", "Larkspur Dental", "249.00", "2024-01-15", None, None),
            *("Ann@b.example", "ann@b.example", None),
        ),
        (3, "C-2", None, None, "2024-01-15", None, None, None, None, None),
    ]
    assert (reader.rows, reader.problems) == (2, [])


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_files_are_read_in_the_encoding_and_delimiter_of_the_mapping(
    path, encoding, written, delimiter
):
    write(path, row(name="Café, Ltd; | \t"), encoding=written, delimiter=delimiter)

    _reader, rows = read(path, mapping(encoding=encoding, delimiter=delimiter))

    assert rows[0][1:3] == ("C-1", "Café, Ltd; |")


def test_empty_lines_are_skipped_and_quoted_cells_may_hold_line_breaks(path):
    raw(path, HEAD + b'\n"C-1","Lark\nspur ""D""",1,,,,,\n\r\nC-2,B,2,,,,,\n')

    _reader, rows = read(path)

    assert [line[:3] for line in rows] == [(3, "C-1", 'Lark spur "D"'), (6, "C-2", "B")]


def test_unused_columns_may_hold_anything_a_text_can(path):
    write(path, [*row(), "=1+1"], header=[*HEADER, "Other"])

    assert len(read(path)[1]) == 1


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "The file is empty."),
        (HEAD + GOOD + b"C-2,Caf\xe9,1,,,,,\n", 3, "Byte 8 of the line is not utf-8. Save"),
        (HEAD + GOOD + b"C-2,a\0b,1,,,,,\n", 3, "There is a NUL byte. Is this a CSV file?"),
        ("\ufeffRef,Name\n".encode("utf-16-le"), 1, "The file is UTF-16. Save it as UTF-8."),
        (HEAD + GOOD + b'C-2,"open,1,,,,,\nC-3,B,1,,,,,\n', 3, "A quote is opened here and never"),
        (HEAD + b'C-2,"open' + b"\n" * 200_000, 2, "A quote is opened here and never closed."),
        (HEAD + b'C-2,"open" B,1,,,,,\n', 2, "There is a quote inside a quoted cell. Write it"),
        (HEAD + GOOD + b"C-2," + b"x" * 200_000, 3, "A cell is longer than 131,072 characters."),
        (HEAD + GOOD + b"C-2," + b"x" * 1_100_000, 3, "The line is longer than 1,000,000 bytes."),
        (HEAD + b"C-2,B\rC-3,B\n", 2, "There is a line end of an old Mac."),
        (HEAD.replace(b"Mail", b"Name"), 1, "The column “Name” is there twice."),
        (HEAD.replace(b"Mail", b"Post"), 1, "There is no column “Mail”. The file has: Ref, Name"),
        (b"A,B\n", 1, "There are no columns “Ref”, “Name”, “MRR”, “Since”, “Left”, “Person”"),
        (
            HEAD.replace(b",", b";"),
            1,
            "The cells seem to be separated by “;”, the mapping says “,”.",
        ),
        (HEAD.replace(b",", b"\t"), 1, "The cells seem to be separated by tabs, the mapping"),
        (b"Reference\n", 1, "The file has: Reference."),
        (b"\n" + HEAD, 1, "There are no columns"),
    ],
    ids=range(17),
)
def test_a_file_that_makes_no_sense_is_refused_at_its_line(path, content, line, message):
    found = refusal(raw(path, content))

    assert found[0] == line
    assert message in found[1]


def test_a_complaint_of_the_csv_reader_that_nobody_foresaw_is_passed_on():
    assert reading._why("bad thing", is_long=False) == (
        "The line can't be read as CSV (bad thing)."
    )


def test_a_file_that_is_not_there_is_refused(path, tmp_path):
    assert refusal(path) == (0, f"{path} can't be read: No such file or directory.")
    assert refusal(tmp_path) == (0, f"{tmp_path} can't be read: Is a directory.")


def test_utf8_that_is_taken_for_something_else_is_noticed(path):
    write(path, row(), row("C-2", name="Café"), row("C-3", name="Åse"))

    assert refusal(path, mapping(encoding="cp1252")) == (
        *(3, "The file is UTF-8, but the mapping says cp1252."),
    )


def test_bytes_that_only_look_like_utf8_here_and_there_are_left_alone(path):
    write(path, row(name="Ã©t"), row("C-2", name="Café"), encoding="cp1252")

    assert len(read(path, mapping(encoding="cp1252"))[1]) == 2


def test_every_bad_cell_is_named_by_line_and_column_and_good_rows_go_on(path):
    write(
        path,
        row(),
        row("C-2", mrr="1,00", since="2026-02-30"),
        row("", name="Nobody"),
        row("C-4", name="=HYPERLINK()"),
        row("C-1"),
        ["C-6", "Short"],
        ["C-7"],
        row("C-8", Mail="nowhere"),
        row("C-9"),
    )

    reader, rows = read(path)

    assert [each[:2] for each in rows] == [(2, "C-1"), (10, "C-9")]
    assert [(p.line, p.column, p.message) for p in reader.problems] == [
        (3, "MRR", "“1,00” is not an amount such as 1234.50."),
        (3, "Since", "There is no day “2026-02-30”."),
        (4, "Ref", "There is no reference."),
        (5, "Name", "“=HYPERLINK()” begins like a formula. Put a ' before it if it is text."),
        (6, "Ref", "“C-1” is on line 2 already."),
        (7, "", "There are 2 cells, the header has 8."),
        (8, "", "There is 1 cell, the header has 8."),
        (9, "Mail", "“nowhere” is not an e-mail address."),
    ]
    assert reader.rows == 9


def test_the_wrong_decimal_mark_is_a_bad_cell(path):
    write(path, row(mrr="29.85"), delimiter=";")

    assert complaints(path, mapping(delimiter=";", decimal=",")) == [
        (2, "MRR", "“29.85” is not an amount such as 1234,50."),
    ]


def test_reading_stops_when_nearly_everything_is_wrong(path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_PROBLEMS", 3)
    write(path, *[row(f"C-{n}", mrr="x") for n in range(9)])

    assert refusal(path) == (4, "There are too many errors; reading stopped here.")


def test_progress_is_told_up_to_the_end(path, monkeypatch):
    monkeypatch.setattr(reading, "STEP", 2)
    shares = []
    write(path, *[row(f"C-{n}") for n in range(3)])

    read(path, progress=lambda share: shares.append(round(share, 1)))

    assert shares == [0.5, 1.0, 1]
