"""Bringing a file in: all of it or nothing."""

import csv
import heapq
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import batch
from apps.accounts.actions.batch import Problem
from apps.accounts.custom import read_definitions
from apps.history import actions as history
from apps.imports import cells, queries
from apps.imports.fields import layout
from apps.imports.models import Batch
from apps.imports.reading import Reader, Unreadable
from apps.saves.actions import watch
from apps.workspace import queries as workspace

# Held by the one import at work; a number of our own, the same in every process.
_TURN = 6_219_840_517


@dataclass(frozen=True)
class Result:
    """What an import did, or would do; rows with an error are in none of the counts."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    churned: int = 0
    problems: list[Problem] = field(default_factory=list)
    is_read: bool = True  # to its end; otherwise nothing was compared and there are no counts
    # The batch that brought the same file earlier, when there was nothing left to do.
    earlier: Batch | None = None

    @property
    def errors(self):
        """How many rows have a problem."""
        return len({problem.line for problem in self.problems if problem.line > 1})


class FileRefused(Exception):
    """The file has errors, so nothing of it was written; carries the result."""

    def __init__(self, result):
        super().__init__(result.problems[0].message)
        self.result = result


class Busy(Exception):
    """Another import is at work."""

    def __init__(self):
        super().__init__(_("Another import is at work. Try again when it has ended."))


def import_file(path, mapping, *, by=None, at, dry_run=False, report=None, progress=None):
    """Bring the customers of a CSV file in, in one transaction; safe to call twice.

    Args:
        path: of the CSV file.
        mapping: what `mapping.read_mapping()` returned; `dataclasses.replace()` sets another
            `as_of`.
        by: who brings it, or None for Mainstay itself.
        at: now.
        dry_run: decide everything, write nothing.
        report: an open text file that gets the verdict on each row, as CSV.
        progress: called with a step ("read", "compare", "write") and the share that is done.

    Returns:
        The result.

    Raises:
        BadMapping: the mapping does not fit this workspace.
        FileRefused: the file has errors; nothing was written.
        Busy: another import is at work.
        accounts.actions.batch.Overtaken: somebody changed the same customers meanwhile.
    """
    progress = progress or _silent
    fields = layout(
        mapping,
        teams=queries.teams(),
        people=queries.people(),
        today=_last_day(at),
        custom=read_definitions() if mapping.is_custom else (),
    )
    reader = Reader(path, mapping, fields, progress=lambda share: progress("read", share))
    with transaction.atomic():
        _take_turn()
        result = _decide(reader, fields, at=at, progress=progress)
        if report is not None:
            _write_report(report, result)
        if result.problems:
            raise FileRefused(result)
        is_news = result.created or result.updated
        if is_news and not dry_run:
            progress("write", 0)
            source = _("import %(file)s") % {"file": reader.path.name}
            batch.apply_batch(by=by, at=at, source=source)
            _remember(reader, result, by=by, at=at)
        if not dry_run:  # a file that changes nothing says that its customers are still there
            watch.hear_batch(at=at, as_of=mapping.as_of if mapping.is_dated else None)
        if not is_news:
            return replace(result, earlier=queries.last_batch_of(reader.hash.hexdigest()))
        if not dry_run:
            progress("write", 1)
    return result


def _silent(step, share):
    """Show nobody how far it is."""


def _last_day(at):
    """The date of a moment where it is latest: no file can be of a later day."""
    return at.astimezone(ZoneInfo("Pacific/Kiritimati")).date()


def _take_turn():
    """Be the one import at work until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TURN])
        if not cursor.fetchone()[0]:
            raise Busy


def _decide(reader, fields, *, at, progress):
    """Take the file in and say what would become of each row."""
    try:
        batch.stage_batch(reader, columns=fields.columns, fields=fields.custom)
    except Unreadable as error:
        problems = [*reader.problems, error.problem]
        return Result(rows=reader.rows, problems=problems, is_read=False)
    progress("compare", 0)
    currency = workspace.current().currency
    plan = batch.plan_batch(at=at, currency=currency, fields=fields.custom)
    progress("compare", 1)
    theirs = [replace(p, column=reader.mapping.column_of(p.column)) for p in plan.problems]
    return Result(
        rows=reader.rows,
        created=plan.created,
        updated=plan.updated,
        unchanged=plan.unchanged,
        churned=plan.churned,
        problems=sorted(reader.problems + theirs, key=lambda problem: problem.line),
    )


def _remember(reader, result, *, by, at):
    """Keep which file it was."""
    mapping = reader.mapping
    row = Batch.objects.create(
        timeline=history.new_timeline(),
        file=reader.path.name[:200],
        mapping=mapping.name[:200],
        sha256=reader.hash.hexdigest(),
        as_of=mapping.as_of if mapping.is_dated else None,
        rows=result.rows,
        created=result.created,
        updated=result.updated,
        unchanged=result.unchanged,
        applied_at=at,
        applied_by=by,
    )
    history.record(
        "imports.applied",
        timeline=row.timeline,
        by=by,
        at=at,
        subject=row,
        file=row.file,
        created=result.created,
        updated=result.updated,
        unchanged=result.unchanged,
        churned=result.churned,
    )


def _write_report(file, result):
    """Write a line for each row of the file, and one more for each further problem of it."""
    writer = csv.writer(file)
    writer.writerow(["line", "verdict", "reference", "column", "message"])
    good = ()
    if result.is_read:
        good = (
            (line, verdict, _inert(reference), "", "")
            for line, verdict, reference in batch.verdicts()
            if verdict != "error"
        )
    bad = ((p.line, "error", "", _inert(p.column), p.message) for p in result.problems)
    writer.writerows(heapq.merge(good, bad, key=lambda row: row[0]))


def _inert(cell):
    """Keep a spreadsheet that opens the report from running a cell."""
    return f"'{cell}" if cell.startswith(cells.FORMULA) else cell
