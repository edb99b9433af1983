"""Reading one cell: what each kind of field accepts, and what it says when it does not.

A reader is a function from the text of a cell to the text that is stored, or None for a cell
that says nothing. It raises `BadCell` with a sentence for a person.
"""

import datetime as dt
import re
import unicodedata
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.accounts.custom import BadValue
from apps.accounts.models import Channel, Stage
from apps.accounts.rules import normalise

# A spreadsheet runs a cell that begins with one of these, blanks before it or not; the wide
# forms are what some input methods type.
FORMULA = tuple("=+-@＝＋－＠")  # noqa: RUF001

MOST_MONTHS = 1200
YEARS = range(1900, 2201)

_AMOUNT = re.compile(r"([0-9]{1,10})(?:[.]([0-9]{1,2}))?")
_PLAIN_ADDRESS = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_WRITTEN_OUT = re.compile(r"\+[1-9][0-9]{6,14}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


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


def text(longest):
    """Return a reader of text.

    Runs of blanks and line breaks become one space. A leading ' before a formula's sign, as
    spreadsheets and our own exports write it, says that the cell is text, and is dropped.

    Args:
        longest: number of characters.
    """

    def read(cell):
        cell = " ".join(cell.split())
        if not cell:
            return None
        if cell[0] == "'" and cell[1:].lstrip().startswith(FORMULA):
            cell = cell[1:].lstrip()
        else:
            refuse_formula(cell)
        if len(cell) > longest:
            raise BadCell(
                _("%(cell)s has %(count)d characters; there is room for %(longest)d.")
                % {"cell": shown(cell), "count": len(cell), "longest": longest}
            )
        if not cell.isprintable() and any(unicodedata.category(c) == "Cc" for c in cell):
            raise BadCell(_("There is an unreadable character in the cell."))
        return cell

    return read


def prefixed(prefix, read):
    """Return a reader that puts words before each cell that says something."""

    def read_with_prefix(cell):
        cell = cell.strip()
        if not cell:
            return None
        refuse_formula(cell)
        return read(prefix + cell)

    return read_with_prefix


def translated(values, read):
    """Return a reader that first looks each cell up in a list of the mapping."""

    def read_translated(cell):
        cell = cell.strip()
        if not cell:
            return None
        if cell not in values:
            raise BadCell(
                _("%(cell)s is not among the values of the mapping.") % {"cell": shown(cell)}
            )
        return read(values[cell])

    return read_translated


def amount(decimal):
    """Return a reader of amounts of money from 0 up.

    Args:
        decimal: what stands before the pence, "." or ",".
    """
    example = f"1234{decimal}50"

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        # The other mark is refused rather than skipped: 1,00 and 100 are not the same.
        match = _AMOUNT.fullmatch(cell if decimal == "." else _swap(cell))
        if match is None:
            if cell.startswith(("-", "−", "－")):  # noqa: RUF001
                raise BadCell(_("%(cell)s is below zero.") % {"cell": shown(cell)})
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not an amount such as %(example)s.")
                % {"cell": shown(cell), "example": example}
            )
        return match[0]

    return read


def _swap(cell):
    return cell.translate({ord(","): ".", ord("."): ","})


def day(order):
    """Return a reader of dates.

    Args:
        order: such as DD.MM.YYYY: how the file writes them.
    """
    pattern = re.escape(order)
    for part, digits in {"YYYY": "{4}", "MM": "{1,2}", "DD": "{1,2}"}.items():
        pattern = pattern.replace(part, f"(?P<{part}>[0-9]{digits})")
    pattern = re.compile(pattern)

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        match = pattern.fullmatch(cell)
        if match is None:
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not a date such as %(example)s.")
                % {"cell": shown(cell), "example": _example(order)}
            )
        return real_day(cell, int(match["YYYY"]), int(match["MM"]), int(match["DD"])).isoformat()

    return read


def _example(order):
    return order.replace("YYYY", "2026").replace("MM", "06").replace("DD", "30")


def real_day(cell, year, month, number):
    """Return a date that exists and that a customer can have.

    Raises:
        BadCell: quoting the cell.
    """
    try:
        if year in YEARS:
            return dt.date(year, month, number)
    except ValueError:
        pass
    raise BadCell(_("There is no day %(cell)s.") % {"cell": shown(cell)})


def months_before(as_of):
    """Return a reader of months: the day so many months before another.

    Args:
        as_of: the day to count from.
    """

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        if not re.fullmatch("[0-9]{1,4}", cell) or int(cell) > MOST_MONTHS:
            refuse_formula(cell)
            raise BadCell(
                _("%(cell)s is not a number of months from 0 to %(most)d.")
                % {"cell": shown(cell), "most": MOST_MONTHS}
            )
        return earlier(as_of, int(cell)).isoformat()

    return read


def earlier(day, months):
    """Return the same day some months earlier, or that month's last when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def flag(as_of, *, yes, no):
    """Return a reader of a yes or no: the day for yes, nothing for no.

    Args:
        as_of: the day that a yes stands for.
        yes: the cell that means yes.
        no: the cell that means no; anything else is refused.
    """

    def read(cell):
        cell = cell.strip()
        if cell == yes:
            return as_of.isoformat()
        if cell in {no, ""}:
            return None
        raise BadCell(
            _("%(cell)s is neither %(yes)s nor %(no)s.")
            % {"cell": shown(cell), "yes": shown(yes), "no": shown(no)}
        )

    return read


def custom(field, decimal):
    """Return a reader of a custom field: a number, an amount, a choice, yes or no, or a link.

    Args:
        field: its definition.
        decimal: what stands before the decimals, "." or ",".
    """

    def read(cell):
        cell = cell.strip()
        try:
            return field.parse(cell, decimal=decimal)
        except BadValue as error:
            # A number may be below zero; anything else that begins like this is a formula.
            refuse_formula(cell)
            raise BadCell(str(error)) from None

    return read


def lookup(words, refusal):
    """Return a reader of one of some known words, whatever their case.

    Args:
        words: from the folded word to what is stored.
        refusal: a sentence with %(cell)s.
    """

    def read(cell):
        cell = cell.strip()
        if not cell:
            return None
        found = words.get(cell.casefold())
        if found is None:
            raise BadCell(refusal % {"cell": shown(cell)})
        return found

    return read


def stage():
    """Return a reader of the stages' names."""
    known = ", ".join(Stage.values)
    return lookup(
        {value: value for value in Stage.values},
        _("%(cell)s is not a stage. Use one of: {known}.").replace("{known}", known),
    )


def channel():
    """Return a reader of the ways to reach somebody."""
    known = ", ".join(Channel.values)
    return lookup(
        {value: value for value in Channel.values},
        _("%(cell)s is not a channel. Use one of: {known}.").replace("{known}", known),
    )


def time_zone():
    """Return a reader of time zones' names."""
    known = available_timezones() - {"localtime"}  # a machine's own, which no database knows
    return lookup(
        {name.casefold(): name for name in known},
        _("%(cell)s is not a time zone such as Europe/London."),
    )


def currency(cell):
    """Read a currency's three letters."""
    cell = cell.strip().upper()
    if not cell:
        return None
    if not re.fullmatch("[A-Z]{3}", cell):
        raise BadCell(_("%(cell)s is not a currency such as GBP.") % {"cell": shown(cell)})
    return cell


def language(cell):
    """Read a language's code."""
    cell = cell.strip()
    if not cell:
        return None
    if not _LANGUAGE.fullmatch(cell):
        raise BadCell(_("%(cell)s is not a language such as en.") % {"cell": shown(cell)})
    return cell


def address(cell):
    """Read an e-mail address."""
    cell = cell.strip()
    if not cell:
        return None
    refuse_formula(cell)
    if not _PLAIN_ADDRESS.fullmatch(cell.lower()):  # the usual one needs no second look
        try:
            validate_email(cell)
        except ValidationError:
            raise BadCell(_("%(cell)s is not an e-mail address.") % {"cell": shown(cell)}) from None
    if len(cell) > 254:
        raise BadCell(_("%(cell)s is too long for an address.") % {"cell": shown(cell)})
    return cell


def address_key(cell):
    """Read an e-mail address in the form by which customers are recognised."""
    cell = address(cell)
    if cell is None or cell.isascii():  # the usual one is quick to fold
        return cell and cell.lower()
    return normalise("email", cell)


def phone(region):
    """Return a reader of phone numbers, which gives them in international form.

    Args:
        region: country of the numbers that have no +, as "GB", or None.
    """
    known = {}

    def read(cell):
        cell = cell.strip().removeprefix("'")
        if not cell:
            return None
        # Whether a number that is written out is possible depends on how it begins and on how
        # long it is; parsing each of a hundred thousand would take most of an import's time.
        bare = cell.replace(" ", "").replace("-", "")
        if _WRITTEN_OUT.fullmatch(bare):
            shape = (bare[:7], len(bare))
            if shape not in known:
                known[shape] = _international(bare, None) == bare
            if known[shape]:
                return bare
        found = _international(cell, region)
        if found is None:
            hint = "" if region else _(" Write it with + and the country, or set region.")
            raise BadCell(_("%(cell)s is not a phone number.") % {"cell": shown(cell)} + hint)
        return found

    return read


def _international(cell, region):
    """Return a number as +441614960142, or None when there can't be such a number."""
    try:
        number = phonenumbers.parse(cell, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
