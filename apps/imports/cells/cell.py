"""What all readers of cells share: refusing, quoting and remembering."""

from django.utils.translation import gettext as _

# A spreadsheet runs a cell that begins with one of these, blanks before it or not; the wide
# forms are what some input methods type.
FORMULA = tuple("=+-@＝＋－＠")  # noqa: RUF001


class BadCell(ValueError):
    """A cell that its field does not accept."""


class Memo(dict):
    """Remembers what a reader made of a cell: most columns repeat a few values.

    Args:
        reader: function of a cell; asked once for each text.
    """

    MOST = 50_000

    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def __missing__(self, cell):
        if len(self) >= self.MOST:
            self.clear()
        value = self[cell] = self.reader(cell)
        return value


def shown(cell):
    """Return a cell as a message quotes it."""
    cell = " ".join(cell.split())
    return f"“{cell[:40]}…”" if len(cell) > 40 else f"“{cell}”"


def refuse_formula(cell):
    """Raise `BadCell` for a stripped cell that a spreadsheet would run."""
    if cell.startswith(FORMULA):
        raise BadCell(
            _("%(cell)s begins like a formula. Put a ' before it if it is text.")
            % {"cell": shown(cell)}
        )
