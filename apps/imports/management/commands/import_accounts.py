"""`manage.py import_accounts`: customers from a CSV file."""

import contextlib
import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.actions.batch import Overtaken
from apps.imports import actions
from apps.imports.mapping import BadMapping, read_mapping
from apps.users.models import User

MOST_SHOWN = 20  # errors on the screen; the report has all
WIDTH = 30  # of the progress bar


class Command(BaseCommand):
    """Reads a file, says what it would do to each customer, and does it unless told not to."""

    help = _("Bring customers in from a CSV file: all of it, or nothing when a row has an error.")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("The CSV file."))
        parser.add_argument(
            "--mapping",
            type=Path,
            required=True,
            help=_("The TOML file that says what its columns mean; see mappings/."),
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say what would happen and write nothing.")
        )
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DAY",
            help=_("The day that the file was made on, as 2026-06-30."),
        )
        parser.add_argument("--by", metavar="EMAIL", help=_("The person to name in the history."))
        parser.add_argument(
            "--report", type=Path, help=_("Write the verdict on every row into this CSV file.")
        )

    def handle(self, *, file, mapping, dry_run, as_of, by, report, **options):
        began = time.monotonic()
        bar = Bar(self.stderr if self.stderr.isatty() else None)
        try:
            how = read_mapping(mapping)
            with _report(report) as sheet:
                result = actions.import_file(
                    file,
                    replace(how, as_of=as_of) if as_of else how,
                    by=_person(by),
                    at=timezone.now(),
                    dry_run=dry_run,
                    report=sheet,
                    progress=bar.show,
                )
        except actions.FileRefused as refusal:
            bar.clear()
            if refusal.result.is_read:
                self._say_verdicts(file, refusal.result)
            self._say_problems(refusal.result, report)
            raise CommandError(_("Nothing was written.")) from None
        except (BadMapping, actions.Busy, Overtaken) as error:
            bar.clear()
            raise CommandError(str(error)) from None
        bar.clear()
        self._say_verdicts(file, result)
        self.stdout.write(_closing(result, dry_run=dry_run, seconds=time.monotonic() - began))

    def _say_verdicts(self, file, result):
        lines = [
            (_("create"), result.created),
            (_("update"), result.updated),
            (_("unchanged"), result.unchanged),
            (_("error"), result.errors),
        ]
        rows = ngettext("%(count)s row", "%(count)s rows", result.rows)
        self.stdout.write(f"{file.name}: " + rows % {"count": f"{result.rows:,}"})
        for verdict, count in lines:
            self.stdout.write(f"  {verdict:<10}{count:>10,}")
        if result.churned:
            left = ngettext("%(count)s of them left.", "%(count)s of them left.", result.churned)
            self.stdout.write("  " + left % {"count": f"{result.churned:,}"})

    def _say_problems(self, result, report):
        for problem in result.problems[:MOST_SHOWN]:
            where = [_("line %(line)d") % {"line": problem.line}] if problem.line else []
            where += [problem.column] if problem.column else []
            self.stdout.write("  " + ": ".join(filter(None, [", ".join(where), problem.message])))
        hidden = len(result.problems) - MOST_SHOWN
        if hidden > 0:
            more = ngettext("and %(count)d more error", "and %(count)d more errors", hidden)
            where = "" if report else _("; --report FILE lists them all")
            self.stdout.write(f"  … {more % {'count': hidden}}{where}")


def _closing(result, *, dry_run, seconds):
    if result.created + result.updated == 0:
        if result.earlier is None:
            return _("Nothing to do.")
        day = date_format(timezone.localtime(result.earlier.applied_at), "j F Y")
        return _("Nothing to do: this file was imported on %(day)s.") % {"day": day}
    if dry_run:
        return _("Nothing was written: this was a dry run.")
    return _("Done in %(seconds).1f s.") % {"seconds": seconds}


def _person(address):
    if address is None:
        return None
    person = User.objects.filter(email__iexact=address, is_active=True).first()
    if person is None:
        raise CommandError(_("Nobody here has the address %(address)s.") % {"address": address})
    return person


@contextlib.contextmanager
def _report(path):
    """Open the report before anything is done, so that a wrong path costs nothing."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(
            _("%(path)s can't be written: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None
    with file:
        yield file


class Bar:
    """A bar on a terminal; on anything else it stays silent.

    Args:
        out: the terminal, or None.
    """

    def __init__(self, out):
        self.out = out
        self.words = {
            "read": _("Reading"),
            "compare": _("Comparing"),
            "write": _("Writing"),
        }

    def show(self, step, share):
        """Draw how far a step is."""
        done = round(share * WIDTH)
        self._draw(f"{self.words[step]:<10} [{'#' * done}{'.' * (WIDTH - done)}] {share:>4.0%}")

    def clear(self):
        """Take the bar away."""
        self._draw("")

    def _draw(self, line):
        if self.out is not None:
            self.out.write(f"\r\x1b[K{line}", style_func=str, ending="")
            self.out.flush()
