"""Custom fields: what an admin's own facts accept, and how each is stored, shown and written out.

Values lie in `Account.custom` under the field's key as JSON: text, numbers, true or false, and
dates as 2026-06-09. A value nobody knows is not there. Numbers have fifteen digits at most, so
that they come out of JSON as they went in.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.accounts.models import CustomField, FieldKind
from apps.core.templatetags.mainstay import day, money
from apps.history.models import Event

LONGEST_TEXT, LONGEST_LINK = 200, 500
YEARS = range(1900, 2201)
# Seconds for which a process believes what it read; whoever edits a field forgets it at once.
KEPT = 5
SHOWN_EVENTS = 200
# What filters, columns and form fields of a custom field are called begins with this, and
# what the history calls its changes with that.
PREFIX, TOLD = "cf_", "custom."

_CACHED = "accounts-custom-fields"
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.][0-9]{1,3})?")
_MONEY = re.compile(r"-?[0-9]{1,10}(?:[.][0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})
_SWAPPED = str.maketrans({",": ".", ".": ","})
_is_link = URLValidator(schemes=["http", "https"])


class BadValue(ValueError):
    """A text or a value that a field does not accept; says what it wants."""


class UnknownField(LookupError):
    """There is no field with this key, or it is retired."""


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field as everybody reads it, without its row."""

    key: str
    label: str
    kind: str
    hint: str = ""
    choices: tuple = ()
    former: tuple = ()
    is_required: bool = False
    group: str = ""

    @property
    def name(self):
        """What its form field, filter and column are called."""
        return PREFIX + self.key

    @property
    def told(self):
        """What the history calls it; the label stays readable when the field is gone."""
        return TOLD + self.label

    @property
    def has_range(self):
        """Whether one asks for values from and up to something."""
        return self.kind in {FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE}

    def parse(self, text, *, decimal="."):
        """Return the value that a text says, or None for an empty one.

        Args:
            text: from a form, an address or a file.
            decimal: the mark before the decimals, "." or ",".

        Raises:
            BadValue: when the field does not accept it.
        """
        text = " ".join(text.split())
        return _READERS[self.kind](self, text, decimal) if text else None

    def check(self, value):
        """Return a JSON value as it is stored.

        Raises:
            BadValue: when it is no value of this field, or one that is no longer offered.
        """
        if type(value) not in _TYPES[self.kind]:
            raise BadValue(_("This is no value of the field."))
        stored = self.parse(self.plain(value))
        if stored is None or stored in self.former:
            raise BadValue(_("Choose one of the values that are offered."))
        return stored

    def plain(self, value):
        """Write a value so that `parse()` and a spreadsheet read it; nothing for None."""
        if value is None:
            return ""
        if self.kind == FieldKind.YES_NO:
            return "yes" if value else "no"
        if self.kind == FieldKind.MONEY:
            return f"{Decimal(str(value)):.2f}"
        return str(value)

    def told_as(self, value, currency):
        """Write a value as the history keeps it: dates stand as 2026-06-09."""
        if value is None:
            return ""
        if self.kind in {FieldKind.MONEY, FieldKind.YES_NO}:
            return self.words(value, currency)
        return str(value)

    def words(self, value, currency):
        """Say a value as people read it.

        Args:
            value: as it is stored, or None.
            currency: of the customer.
        """
        if value is None:
            return ""
        match self.kind:
            case FieldKind.YES_NO:
                return _("Yes") if value else _("No")
            case FieldKind.MONEY:
                return money(str(value), currency)
            case FieldKind.NUMBER:
                return f"{Decimal(str(value)):,}"
            case FieldKind.DATE:
                return day(datetime.date.fromisoformat(value))
        return value

    def html(self, value, currency):
        """Say a value for a page: a link can be followed, anything else is text."""
        words = self.words(value, currency)
        if self.kind != FieldKind.LINK or not words.startswith(("https://", "http://")):
            return words
        shown = words.split("://", 1)[1].removeprefix("www.").rstrip("/")
        if len(shown) > 40:
            shown = f"{shown[:39]}…"
        return format_html(
            '<a class="link" href="{}" rel="noopener noreferrer nofollow">{}</a>', words, shown
        )


# --- Reading ----------------------------------------------------------------------


def _quoted(text):
    return {"text": f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"}


def _text(field, text, decimal):
    if len(text) > LONGEST_TEXT:
        raise BadValue(_("Write %(longest)d characters at most.") % {"longest": LONGEST_TEXT})
    # What JSON in the database can't hold, or nobody can see.
    if not text.isprintable() and any(c < " " or "\ud800" <= c <= "\udfff" for c in text):
        raise BadValue(_("There is an unreadable character. Write it again."))
    return text


def _number(field, text, decimal):
    return _figure(_NUMBER, text, decimal, _("%(text)s is not a number such as %(example)s."))


def _money(field, text, decimal):
    return _figure(_MONEY, text, decimal, _("%(text)s is not an amount such as %(example)s."))


def _figure(pattern, text, decimal, refusal):
    plain = text.translate(_MINUS)
    # The other mark is refused rather than skipped: 1,00 and 100 are not the same.
    plain = plain if decimal == "." else plain.translate(_SWAPPED)
    if not pattern.fullmatch(plain):
        raise BadValue(refusal % {**_quoted(text), "example": f"1250{decimal}50"})
    number = Decimal(plain)
    return int(number) if number == number.to_integral_value() else float(number)


def is_date(text):
    """Say whether a text is a day such as 2026-06-30 that a customer can have."""
    try:
        return bool(_DATE.fullmatch(text)) and datetime.date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


def _date(field, text, decimal):
    if not is_date(text):
        raise BadValue(_("%(text)s is not a date such as 2026-06-30.") % _quoted(text))
    return text


def _choice(field, text, decimal):
    known = {value.casefold(): value for value in (*field.former, *field.choices)}
    known |= {value: value for value in known.values()}
    found = known.get(text) or known.get(text.casefold())
    if found is None:
        words = {**_quoted(text), "known": ", ".join(field.choices)}
        raise BadValue(_("%(text)s is not among the values: %(known)s.") % words)
    return found


def _yes_no(field, text, decimal):
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    known |= {_("Yes").casefold(): True, _("No").casefold(): False}
    found = known.get(text.casefold())
    if found is None:
        raise BadValue(_("%(text)s is neither yes nor no.") % _quoted(text))
    return found


def _link(field, text, decimal):
    link = text if "://" in text else f"https://{text}"
    try:
        _is_link(link)
    except ValidationError:
        link = None
    if link is None or len(link) > LONGEST_LINK:
        words = _("%(text)s is not an address such as https://www.customer.example.")
        raise BadValue(words % _quoted(text))
    return link


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _link,
}
_TYPES = {
    **dict.fromkeys((FieldKind.NUMBER, FieldKind.MONEY), (int, float)),
    **dict.fromkeys((FieldKind.TEXT, FieldKind.DATE, FieldKind.CHOICE, FieldKind.LINK), (str,)),
    FieldKind.YES_NO: (bool,),
}


# --- Which there are --------------------------------------------------------------


def definitions():
    """Return the fields in use, in their order; what it says may be some seconds old."""
    return caches["process"].get_or_set(_CACHED, read_definitions, KEPT)


def read_definitions():
    """Return the fields in use, in their order, as they are now."""
    return tuple(describe(row) for row in CustomField.objects.current().in_order())


def describe(row):
    """Return a row's definition for everybody who only reads it."""
    return Field(
        key=row.key,
        label=row.label,
        kind=row.kind,
        hint=row.hint,
        choices=tuple(row.choices),
        former=tuple(row.former_choices),
        is_required=row.is_required,
        group=row.group,
    )


def forget():
    """Read the definitions anew when they are next needed."""
    caches["process"].delete(_CACHED)


def latest_events(row):
    """Return what happened to a field's definition, newest first."""
    return Event.objects.filter(timeline=row.timeline_id).for_list().newest_first()[:SHOWN_EVENTS]


def by_group(fields):
    """Return pairs of a group's name and its fields, in their order; no group comes first."""
    return [(name, list(group)) for name, group in groupby(fields, key=lambda each: each.group)]


def facts(account):
    """Return what a customer page says: pairs of a group's name and its (label, html) pairs."""
    if not account.custom:
        return []
    known = [field for field in definitions() if field.key in account.custom]
    return [
        (name, [(f.label, f.html(account.custom[f.key], account.currency)) for f in fields])
        for name, fields in by_group(known)
    ]


def differing(account, wanted):
    """Return those of the wanted values that a customer does not have yet."""
    return {key: value for key, value in wanted.items() if _differs(account, key, value)}


def _differs(account, key, value):
    before = account.custom.get(key)
    return value != before or type(value) is not type(before)


def altered(account, wanted, *, currency):
    """Return what a customer's values become, and what changes, as the history tells it.

    Args:
        account: the customer, locked, with the currency they had so far.
        wanted: values by key that differ; None takes a value away.
        currency: the one that holds from now on.

    Raises:
        UnknownField: there is no such field in use.
        BadValue: a value that the field does not accept, with its label.
    """
    values, changes = dict(account.custom), {}
    fields = {field.key: field for field in read_definitions()} if wanted else {}
    for key, value in wanted.items():
        if key not in fields:
            raise UnknownField(key)
        field, before = fields[key], values.pop(key, None)
        if value is not None:
            values[key] = _checked(field, value)
        pair = [field.told_as(before, account.currency)]
        pair.append(field.told_as(values.get(key), currency))
        if pair[0] != pair[1]:
            changes[field.told] = pair
    return values, changes


def _checked(field, value):
    try:
        return field.check(value)
    except BadValue as error:
        raise BadValue(f"{field.label}: {error}") from None
