import csv
import io

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Account
from apps.history.models import Event
from apps.imports import actions
from apps.imports.management.commands.import_accounts import Bar
from tests.imports.files import TELCO, row, telco, write
from tests.imports.test_mapping import SHIPPED

PLAIN = """
[account]
reference = "Ref"
name = "Name"
mrr = "MRR"
started_on = "Since"
churned_on = "Left"
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.csv"


@pytest.fixture
def plain(tmp_path):
    file = tmp_path / "plain.toml"
    file.write_text(PLAIN)
    return file


@pytest.fixture
def run(db, path, time_machine):
    """Run the command on the file and return what it printed."""
    time_machine.move_to("2026-06-09 09:30Z", tick=False)

    def call(mapping, *options, file=None):
        out = io.StringIO()
        try:
            call_command(
                "import_accounts",
                str(file or path),
                "--mapping",
                str(mapping),
                *options,
                stdout=out,
            )
        except CommandError as error:
            out.write(f"CommandError: {error}\n")
        return out.getvalue()

    return call


def test_a_good_file_is_summed_up(run, path, plain, agent):
    write(path, row("C-1"), row("C-2", Left="2026-06-01"))

    printed = run(plain, "--by", "ADA@example.com")

    assert printed.splitlines()[:6] == [
        "customers.csv: 2 rows",
        "  create             2",
        "  update             0",
        "  unchanged          0",
        "  error              0",
        "  1 of them left.",
    ]
    assert printed.splitlines()[6].startswith("Done in 0.")
    assert {event.actor for event in Event.objects.all()} == {agent}


def test_the_second_time_says_when_the_first_was(run, path, plain):
    write(path, row("C-1"))
    run(plain)

    assert run(plain).splitlines()[-1] == "Nothing to do: this file was imported on 9 June 2026."
    path.write_text(path.read_text() + "\n")
    assert run(plain).splitlines()[-1] == "Nothing to do."


def test_a_dry_run_says_that_nothing_was_written(run, path, plain):
    write(path, row("C-1"))

    assert run(plain, "--dry-run").splitlines() == [
        "customers.csv: 1 row",
        "  create             1",
        "  update             0",
        "  unchanged          0",
        "  error              0",
        "Nothing was written: this was a dry run.",
    ]
    assert Account.objects.count() == 0


def test_errors_are_listed_with_line_and_column(run, path, plain):
    write(path, row("C-1", mrr="1,00"), ["C-2"], row("C-3"))

    assert run(plain).splitlines() == [
        "customers.csv: 3 rows",
        "  create             1",
        "  update             0",
        "  unchanged          0",
        "  error              2",
        "  line 2, MRR: “1,00” is not an amount such as 1234.50.",
        "  line 3: There is 1 cell, the header has 8.",
        "CommandError: Nothing was written.",
    ]
    assert Account.objects.count() == 0


def test_many_errors_are_cut_short_on_the_screen_and_whole_in_the_report(
    run, path, plain, tmp_path
):
    write(path, *[row(f"C-{n}", mrr="x") for n in range(22)])
    report = tmp_path / "report.csv"

    printed = run(plain)
    assert printed.splitlines()[-2] == "  … and 2 more errors; --report FILE lists them all"
    printed = run(plain, "--report", str(report))
    assert printed.splitlines()[-2] == "  … and 2 more errors"

    with report.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 22
    assert lines[0] == {
        "line": "2",
        "verdict": "error",
        "reference": "",
        "column": "MRR",
        "message": "“x” is not an amount such as 1234.50.",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "  The file is empty."),
        (b"Ref\n", "  line 1, Name: There are no columns “Name”, “MRR”, “Since”, “Left”."),
        (b"Ref,Name,MRR,Since,Left\n\xff,\n", "  line 2: Byte 1 of the line is not utf-8."),
    ],
)
def test_a_file_that_can_not_be_read_ends_in_a_sentence(run, path, plain, content, said):
    path.write_bytes(content)

    first, last = run(plain).splitlines()

    assert first.startswith(said)
    assert last == "CommandError: Nothing was written."


def test_a_file_that_is_not_there_ends_in_a_sentence(run, path, plain):
    assert run(plain).splitlines()[0] == f"  {path} can't be read: No such file or directory."


def test_options_that_make_no_sense_end_in_a_sentence(run, path, plain, tmp_path):
    write(path, row())

    assert "no.toml can't be read: No such file" in run(tmp_path / "no.toml")
    assert run(plain, "--by", "no@example.com") == (
        "CommandError: Nobody here has the address no@example.com.\n"
    )
    assert run(plain, "--report", str(tmp_path)) == (
        f"CommandError: {tmp_path} can't be written: Is a directory.\n"
    )
    assert "invalid fromisoformat value" in run(plain, "--as-of", "30.6.2026")


def test_somebody_else_at_work_ends_in_a_sentence(run, path, plain, monkeypatch):
    write(path, row())
    monkeypatch.setattr(actions, "import_file", busy)

    assert run(plain) == ("CommandError: Another import is at work. Try again when it has ended.\n")


def busy(*args, **options):
    raise actions.Busy


def test_the_shipped_mapping_takes_another_day_of_the_file(run, path):
    write(path, telco("0001-AAAAA", tenure="1"), header=TELCO)

    run(SHIPPED / "telco.toml", "--as-of", "2026-05-31")

    assert str(Account.objects.get().started_on) == "2026-04-30"


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(run, path, plain):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    write(path, row())
    call_command("import_accounts", str(path), mapping=plain, stderr=terminal, stdout=io.StringIO())

    drawn = terminal.getvalue().split("\r\x1b[K")
    assert drawn[1] == f"Reading    [{'#' * 30}] 100%"
    assert drawn[2] == f"Comparing  [{'.' * 30}]   0%"
    assert drawn[-2] == f"Writing    [{'#' * 30}] 100%"
    assert drawn[-1] == ""
    Bar(None).show("read", 0.5)
