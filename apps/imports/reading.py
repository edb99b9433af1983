"""Reading a CSV file that somebody's other system wrote, and saying where it is wrong.

The file is read once, line by line and as bytes, so that its size does not matter and every
complaint knows its line.
"""

import codecs
import csv
import hashlib
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.actions.batch import Problem
from apps.imports.cells import BadCell, shown
from apps.imports.mapping import DELIMITERS

MOST_BYTES = 1_000_000  # of one line
MOST_PROBLEMS = 10_000
STEP = 1000  # lines between two signs of progress

MARK = "\ufeff"  # some programs put it before UTF-8
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins


class Unreadable(Exception):
    """The file makes no sense from some line on; carries the problem."""

    def __init__(self, line, message, column=""):
        super().__init__(message)
        self.problem = Problem(line, column, message)


class Reader:
    """The rows of one file.

    Iterating gives a tuple of texts (or None) for each good row, its line first. The bad rows
    are in `problems` afterwards.

    Args:
        path: of the file.
        mapping: how to read it.
        layout: what to read from each row; the first is the reference.
        progress: called now and then with the share of the file that was read, from 0 to 1.
    """

    def __init__(self, path, mapping, layout, *, progress):
        self.path = Path(path)
        self.mapping = mapping
        self.plan = layout.plan
        self.constants = layout.constants
        self.progress = progress
        self.problems = []
        self.rows = 0
        self.bytes = 0
        self.hash = hashlib.sha256()
        self.foreign_line = None
        self.lines = {}

    def __iter__(self):
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                yield from self._rows(file, max(size, 1))
        except OSError as error:
            raise Unreadable(
                0,
                _("%(path)s can't be read: %(why)s.") % {"path": self.path, "why": error.strerror},
            ) from None

    def _rows(self, file, size):
        reader = csv.reader(
            self._decoded(file, size), delimiter=self.mapping.delimiter, strict=True
        )
        begins, header = _next(reader, 1)
        if header is None:
            raise Unreadable(0, _("The file is empty."))
        getters, width = self._columns(header), len(header)
        while True:
            begins, cells = _next(reader, reader.line_num + 1)
            if cells is None:
                break
            if not cells:  # an empty line
                continue
            self.rows += 1
            row = self._row(begins, cells, getters, width)
            if row is not None:
                yield (begins, *row, *self.constants)
            elif len(self.problems) >= MOST_PROBLEMS:
                raise Unreadable(begins, _("There are too many errors; reading stopped here."))
        if self.foreign_line:
            raise Unreadable(
                self.foreign_line,
                _("The file is UTF-8, but the mapping says %(encoding)s.")
                % {"encoding": self.mapping.encoding},
            )

    def _row(self, line, cells, getters, width):
        """Return what is stored of one row, or None and leave a problem."""
        if len(cells) != width:
            message = ngettext(
                "There is %(count)d cell, the header has %(width)d.",
                "There are %(count)d cells, the header has %(width)d.",
                len(cells),
            )
            self._complain(line, "", message % {"count": len(cells), "width": width})
            return None
        try:
            row = [read(cells[index]) for index, read in getters]
        except BadCell:
            self._explain(line, cells, getters)
            return None
        reference = row[0]
        if reference is None:
            self._complain(line, self.plan[0][0], _("There is no reference."))
            return None
        first = self.lines.setdefault(reference, line)
        if first != line:
            message = _("%(reference)s is on line %(line)d already.")
            self._complain(
                line, self.plan[0][0], message % {"reference": shown(reference), "line": first}
            )
            return None
        return row

    def _explain(self, line, cells, getters):
        """Find every bad cell of a row; the fast way stops at the first."""
        seen = set()
        for (column, _reader), (index, read) in zip(self.plan, getters, strict=True):
            try:
                read(cells[index])
            except BadCell as error:
                if column not in seen:  # two fields may read one column
                    self._complain(line, column, str(error))
                seen.add(column)

    def _complain(self, line, column, message):
        self.problems.append(Problem(line, column, message))

    def _columns(self, header):
        """Find the wanted columns in the header."""
        names = [name.strip() for name in header]
        for name in names:
            if name and names.count(name) > 1:
                raise Unreadable(
                    1, _("The column %(name)s is there twice.") % {"name": shown(name)}, name
                )
        missing = list(dict.fromkeys(column for column, _read in self.plan if column not in names))
        if missing:
            raise Unreadable(1, self._missing(missing, names), missing[0])
        return [(names.index(column), read) for column, read in self.plan]

    def _missing(self, missing, names):
        message = ngettext(
            "There is no column %(missing)s.", "There are no columns %(missing)s.", len(missing)
        ) % {"missing": ", ".join(map(shown, missing))}
        if len(names) == 1:
            for other in DELIMITERS:
                if other != self.mapping.delimiter and other in names[0]:
                    return message + _(
                        " The cells seem to be separated by %(other)s, the mapping says %(ours)s."
                    ) % {"other": _named(other), "ours": _named(self.mapping.delimiter)}
        return message + _(" The file has: %(names)s.") % {"names": ", ".join(names)[:500]}

    def _decoded(self, file, size):
        """Yield the lines of the file as text."""
        encoding = self.mapping.encoding
        may_be_utf8 = not codecs.lookup(encoding).name.startswith("utf-8")
        for number, raw in enumerate(iter(lambda: file.readline(MOST_BYTES + 1), b""), 1):
            self.hash.update(raw)
            self.bytes += len(raw)
            if number % STEP == 0:
                self.progress(self.bytes / size)
            _check_bytes(number, raw)
            try:
                line = raw.decode(encoding)
            except UnicodeDecodeError as error:
                message = _("Byte %(at)d of the line is not %(encoding)s. Save the file as UTF-8.")
                values = {"at": error.start + 1, "encoding": encoding}
                raise Unreadable(number, message % values) from None
            if may_be_utf8 and not raw.isascii():
                may_be_utf8 = _is_utf8(raw)
                self.foreign_line = (self.foreign_line or number) if may_be_utf8 else None
            yield line.removeprefix(MARK) if number == 1 else line
        self.progress(1)


def _check_bytes(number, raw):
    """Refuse a line that no text file has."""
    if number == 1 and raw.startswith(_WIDE):
        raise Unreadable(1, _("The file is UTF-16. Save it as UTF-8."))
    if len(raw) > MOST_BYTES:
        message = _("The line is longer than %(most)s bytes. Is this a CSV file?")
        raise Unreadable(number, message % {"most": f"{MOST_BYTES:,}"})
    if b"\0" in raw:
        raise Unreadable(number, _("There is a NUL byte. Is this a CSV file?"))


def _next(reader, begins):
    """Return the line a record begins at and its cells, None at the end."""
    try:
        return begins, next(reader, None)
    except csv.Error as error:
        raise Unreadable(begins, _why(str(error), is_long=reader.line_num > begins)) from None


def _why(error, *, is_long):
    """Put the CSV reader's complaint into words."""
    if "unexpected end" in error or ("field limit" in error and is_long):
        return _("A quote is opened here and never closed.")
    if "field limit" in error:
        return _("A cell is longer than %(most)s characters.") % {
            "most": f"{csv.field_size_limit():,}"
        }
    if "expected after" in error:
        return _('There is a quote inside a quoted cell. Write it twice: "".')
    if "new-line" in error:
        return _("There is a line end of an old Mac. Save the file with ordinary line ends.")
    return _("The line can't be read as CSV (%(why)s).") % {"why": error}


def _named(delimiter):
    return _("tabs") if delimiter == "\t" else f"“{delimiter}”"


def _is_utf8(raw):
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
