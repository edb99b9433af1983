import csv
import datetime
import io

import pytest
from django.db import DataError, connection
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.actions import batch_writing
from apps.accounts.models import Account, Contact, Identity
from apps.history import kinds
from apps.history.models import Event, Timeline
from apps.imports import actions
from apps.imports.actions import Busy, FileRefused, import_file
from apps.imports.mapping import BadMapping, read_mapping
from apps.imports.models import Batch
from tests.factories.accounts import AccountFactory, TierThresholdFactory
from tests.factories.users import make_person
from tests.factories.workspace import WorkspaceFactory
from tests.imports.files import HEADER, TELCO, mapping, row, telco, write
from tests.imports.test_mapping import SHIPPED

TABLES = (Account, Contact, Identity, Event, Timeline, Batch)


def everything():
    """All that an import could touch."""
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def counts(result):
    return (result.rows, result.created, result.updated, result.unchanged, result.errors)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.csv"


def test_customers_contacts_and_leaving_come_from_one_file(db, path, now, agent):
    write(
        path,
        row("C-1", Mail="ann@b.example", Person="Ann Lee", Phone="+44 161 496 0142"),
        row("C-2", name="Quill Legal", Left="2026-06-01"),
    )

    result = import_file(path, mapping(), by=agent, at=now)

    assert counts(result) == (2, 2, 0, 0, 0)
    assert (result.churned, result.problems, result.earlier) == (1, [], None)
    first, second = Account.objects.order_by("reference")
    assert (first.name, second.churned_on) == ("Larkspur Dental", datetime.date(2026, 6, 1))
    assert first.contacts.get().phone == "+441614960142"
    events = Event.objects.filter(timeline__account__isnull=False).order_by("id")
    assert [(e.kind, e.payload, e.actor) for e in events] == [
        ("accounts.created", {"source": "import customers.csv"}, agent),
        ("accounts.created", {"source": "import customers.csv"}, agent),
        ("accounts.churned", {"on": "2026-06-01", "source": "import customers.csv"}, agent),
    ]


def test_the_file_itself_is_remembered_with_its_own_history(db, path, now, agent):
    AccountFactory(reference="C-1", name="Larkspur Dental", mrr=249)
    AccountFactory(reference="C-2")
    write(path, row("C-1"), row("C-2"), row("C-3"))

    import_file(path, mapping(), by=agent, at=now)

    batch = Batch.objects.get()
    assert (batch.file, batch.mapping, batch.as_of) == ("customers.csv", "test.toml", None)
    assert (batch.rows, batch.created, batch.updated, batch.unchanged) == (3, 1, 1, 1)
    assert (batch.applied_at, batch.applied_by) == (now, agent)
    event = Event.objects.get(timeline=batch.timeline)
    assert (event.kind, event.subject_id) == ("imports.applied", batch.pk)
    assert event.payload == {
        "file": "customers.csv",
        "created": 1,
        "updated": 1,
        "unchanged": 1,
        "churned": 0,
    }
    sentence = render_to_string(kinds.get(event.kind).template, {"event": event})
    assert "<strong>customers.csv imported</strong>" in sentence
    assert "by Ada Lovett: 1 added, 1 changed, 1 as they were" in sentence


def test_the_same_file_again_changes_nothing_and_says_when_it_was_brought(db, path, now):
    write(path, row("C-1", Mail="ann@b.example"), row("C-2", Left="2026-06-01"))
    import_file(path, mapping(), at=now)
    before = everything()

    result = import_file(path, mapping(), at=now + datetime.timedelta(days=1))

    assert counts(result) == (2, 0, 0, 2, 0)
    assert result.earlier == Batch.objects.get()
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing(db, path, now):
    AccountFactory(reference="C-2")
    write(path, row("C-1"), row("C-2", Left="2026-06-01"))
    before = everything()

    tried = import_file(path, mapping(), at=now, dry_run=True)

    assert everything() == before
    assert import_file(path, mapping(), at=now) == tried


def test_people_and_teams_are_named_as_people_name_them(db, path, now, agent, team):
    make_person(email="gone@example.com", is_active=False)
    content = {"account": {"reference": "Ref", "name": "Ref", "owner": "Owner", "team": "Team"}}
    header = ["Ref", "Owner", "Team"]
    write(path, ["C-1", "ADA@example.com", "northern"], header=header)

    import_file(path, mapping(content), at=now)

    account = Account.objects.get()
    assert (account.owner, account.team) == (agent, team)

    write(path, ["C-2", "gone@example.com", "Southern"], header=header)
    with pytest.raises(FileRefused) as caught:
        import_file(path, mapping(content), at=now)
    assert [problem.message for problem in caught.value.result.problems] == [
        "Nobody here has the address “gone@example.com”.",
        "There is no team “Southern”.",
    ]


def test_new_customers_pay_in_the_currency_of_the_workspace(db, path, now):
    WorkspaceFactory(currency="EUR")
    write(path, row())

    import_file(path, mapping(), at=now)

    assert Account.objects.get().currency == "EUR"


def test_a_file_with_errors_is_judged_in_full_and_written_not_at_all(db, path, now):
    AccountFactory(reference="C-1", started_on=datetime.date(2025, 1, 1))
    AccountFactory(reference="C-2", name="Larkspur Dental", mrr=249)
    write(
        path,
        row("C-1", since="", Left="2024-12-31"),
        row("C-2", mrr="NaN"),
        row("C-3"),
        row("C-4", mrr="1e18", since="0000-00-00"),
        ["C-5"],
        row("C-2"),
    )
    before, report = everything(), io.StringIO()

    with pytest.raises(FileRefused, match="The leaving day") as caught:
        import_file(path, mapping(), at=now, report=report)

    assert everything() == before
    assert counts(caught.value.result) == (6, 1, 0, 1, 4)
    report.seek(0)
    lines = [line[:4] for line in csv.reader(report)]
    assert lines == [
        ["line", "verdict", "reference", "column"],
        ["2", "error", "", "Left"],
        ["3", "error", "", "MRR"],
        ["4", "create", "C-3", ""],
        ["5", "error", "", "MRR"],
        ["5", "error", "", "Since"],
        ["6", "error", "", ""],
        ["7", "unchanged", "C-2", ""],
    ]


def test_a_file_that_breaks_off_is_refused_with_what_was_found_before(db, path, now):
    write(path, row("C-1"), row("C-2", mrr="x"))
    path.write_bytes(path.read_bytes() + b"C-3,\xff,,,,,,\n")
    before, report = everything(), io.StringIO()

    with pytest.raises(FileRefused) as caught:
        import_file(path, mapping(), at=now, report=report)

    assert everything() == before
    assert [p.line for p in caught.value.result.problems] == [3, 4]
    assert report.getvalue().count("\n") == 3


def test_a_report_can_be_opened_by_a_spreadsheet(db, path, now):
    write(path, row("'=C-1"), row("C-2"))
    report = io.StringIO()

    import_file(path, mapping(), at=now, report=report)

    assert report.getvalue().splitlines()[1:] == ["2,create,'=C-1,,", "3,create,C-2,,"]
    assert Account.objects.filter(reference="=C-1").exists()


def test_an_import_waits_for_nobody_and_says_so(db, path, now):
    write(path, row())
    other = connection.copy()

    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [actions._TURN])
        with pytest.raises(Busy, match=r"Another import is at work\. Try again"):
            import_file(path, mapping(), at=now)
        cursor.execute("ROLLBACK")
        import_file(path, mapping(), at=now)
    other.close()

    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_failure_at_any_statement_of_the_writing_leaves_nothing(path, now, monkeypatch):
    AccountFactory(reference="C-1")
    write(path, row("C-1", Mail="ann@b.example"), row("C-2", Mail="bea@b.example"))
    before, writes = everything(), batch_writing.WRITES

    for place in range(len(writes) + 1):
        broken = [*writes[:place], "SELECT 1 / 0", *writes[place:]]
        monkeypatch.setattr(batch_writing, "WRITES", broken)
        with pytest.raises(DataError, match="division by zero"):
            import_file(path, mapping(), at=now)
        assert everything() == before


def test_the_steps_are_told_as_they_go(db, path, now):
    write(path, row())
    steps = []

    import_file(path, mapping(), at=now, progress=lambda *step: steps.append(step))

    assert steps == [("read", 1), ("compare", 0), ("compare", 1), ("write", 0), ("write", 1)]


# --- The telco sample: its columns, with rows of our own ------------------------


@pytest.fixture
def telco_mapping():
    return read_mapping(SHIPPED / "telco.toml")


def test_the_telco_columns_give_start_and_leaving_from_the_day_of_the_file(
    db, path, now, telco_mapping
):
    TierThresholdFactory(currency="USD", mid_from=50, high_from=100)
    write(
        path,
        telco("0001-AAAAA", tenure="0", charges="20.05"),
        telco("0002-BBBBB", tenure="25", charges="50.00", churn="Yes"),
        header=TELCO,
    )

    result = import_file(path, telco_mapping, at=now)

    stayed, left = Account.objects.order_by("reference")
    assert (result.created, result.churned) == (2, 1)
    assert (stayed.name, stayed.plan, stayed.currency) == (
        "Household 0001-AAAAA",
        "One year",
        "USD",
    )
    assert (stayed.started_on, stayed.churned_on) == (datetime.date(2026, 2, 1), None)
    assert (left.started_on, left.churned_on) == (
        *(datetime.date(2024, 1, 1), datetime.date(2026, 2, 1)),
    )
    assert [(a.stage, a.tier) for a in (stayed, left)] == [
        ("retention", "standard"),
        ("churn", "mid"),
    ]
    assert Batch.objects.get().as_of == datetime.date(2026, 2, 1)


def test_a_later_file_of_the_same_customers_moves_no_day_that_is_known(
    db, path, now, telco_mapping
):
    write(path, telco("0001-AAAAA", "1"), telco("0002-BBBBB", churn="Yes"), header=TELCO)
    import_file(path, telco_mapping, at=now)
    later = actions.replace(telco_mapping, as_of=datetime.date(2026, 3, 15))
    write(
        path,
        telco("0001-AAAAA", "2", churn="Yes"),
        telco("0002-BBBBB", churn="Yes"),
        header=TELCO,
    )

    result = import_file(path, later, at=now)

    assert counts(result) == (2, 0, 1, 1, 0)
    first, second = Account.objects.order_by("reference")
    assert (first.started_on, first.churned_on) == (
        *(datetime.date(2026, 1, 1), datetime.date(2026, 3, 15)),
    )
    assert second.churned_on == datetime.date(2026, 2, 1)


def test_a_day_of_the_file_that_is_still_to_come_is_refused(db, path, now, telco_mapping):
    write(path, telco("0001-AAAAA"), header=TELCO)
    tomorrow = actions.replace(telco_mapping, as_of=now.date() + datetime.timedelta(days=1))

    with pytest.raises(BadMapping, match="can't be right"):
        import_file(path, tomorrow, at=now)


# --- Whatever the file ----------------------------------------------------------

NAMES = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=20).filter(
    lambda name: name.strip()
)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2023, 12, 31)).map(str)
ROWS = st.lists(
    st.builds(
        row,
        reference=st.integers(0, 10**6).map("C-{}".format),
        name=NAMES,
        mrr=st.decimals(0, 10**6, places=2).map(str),
        since=DAYS,
        Left=st.sampled_from(["", "2024-02-29", "2026-06-01", "2027-01-01"]),
        Person=st.one_of(st.just(""), NAMES),
        Mail=st.sampled_from(["", "ann@b.example", "Bea@b.example", "c@d.example"]),
        Phone=st.sampled_from(["", "+441614960142", "+44 161 496 0143"]),
    ),
    max_size=8,
    unique_by=lambda cells: cells[0],
)
BAD = st.sampled_from(
    [
        row("BAD", mrr="1,00"),
        row("BAD", since="2026-02-30"),
        row("BAD", name="=1+1"),
        row("BAD", name=""),
        row("BAD", Left="2019-12-31"),
        ["BAD"],
        row(""),
    ]
)
WHEN = datetime.datetime(2026, 6, 9, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory):
    return tmp_path_factory.mktemp("imports") / "any.csv"


def fresh():
    """Undo what the last example wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE accounts_account, history_timeline, imports_batch RESTART IDENTITY CASCADE"
        )


@pytest.mark.django_db(transaction=True)
@given(ROWS)
@settings(max_examples=25, deadline=None)
def test_importing_twice_is_importing_once(anywhere, rows):
    fresh()
    write(anywhere, *rows)
    first = import_file(anywhere, mapping(), at=WHEN)
    before = everything()

    second = import_file(anywhere, mapping(), at=WHEN + datetime.timedelta(days=2))

    assert counts(first) == (len(rows), len(rows), 0, 0, 0)
    assert counts(second) == (len(rows), 0, 0, len(rows), 0)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
@given(ROWS, BAD, st.integers(0, 8))
@settings(max_examples=25, deadline=None)
def test_one_bad_line_anywhere_means_that_nothing_is_written(anywhere, rows, bad, place):
    fresh()
    write(anywhere, *rows[:place], bad, *rows[place:])
    before = everything()

    with pytest.raises(FileRefused) as caught:
        import_file(anywhere, mapping(), at=WHEN)

    assert caught.value.result.errors == 1
    assert {problem.line for problem in caught.value.result.problems} == {min(place, len(rows)) + 2}
    assert everything() == before


def test_the_header_of_these_tests_is_what_the_mapping_asks_for():
    assert {source.column for source in mapping().sources} == set(HEADER)
