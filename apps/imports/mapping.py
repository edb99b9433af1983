"""The mapping file: which column of a CSV file says what about a customer.

The language is small on purpose; `docs/how-to/import-customers.md` is its description.
"""

import codecs
import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import phonenumbers
from django.utils.translation import gettext as _

from apps.accounts.custom import PREFIX

ACCOUNT_FIELDS = (
    *("reference", "name", "about", "started_on", "renews_on", "churned_on", "stage"),
    *("mrr", "currency", "plan", "industry", "time_zone", "owner", "team"),
)
CONTACT_FIELDS = ("name", "title", "email", "phone", "channel", "language")
SETTINGS = (
    *("encoding", "delimiter", "decimal", "dates", "as_of", "region"),
    *("account", "contact", "custom"),
)
TABLES = ("account", "contact", "custom")
# What a table may say, and the fields that understand it (empty: all).
FORMS = {
    frozenset({"value"}): (),
    frozenset({"column"}): (),
    frozenset({"column", "prefix"}): ("name", "about", "plan"),
    frozenset({"column", "values"}): (),
    frozenset({"months_before_as_of"}): ("started_on",),
    frozenset({"as_of_when", "yes", "no"}): ("churned_on",),
}
# Those in which line ends and commas are single bytes, by Python's names for them.
_ENCODINGS = re.compile(
    r"utf-8(-sig)?|ascii|cp125[0-8]|cp437|cp850|iso8859-[0-9]+|mac-roman|koi8-."
)
DELIMITERS = (",", ";", "\t", "|")


class BadMapping(ValueError):
    """A mapping file that does not make sense; the text says what to change."""


@dataclass(frozen=True)
class Source:
    """Where one field gets its value."""

    field: str
    kind: str  # value, column, months_before_as_of or as_of_when
    column: str = ""
    value: str = ""
    prefix: str = ""
    values: dict[str, str] = field(default_factory=dict)
    yes: str = ""
    no: str = ""


@dataclass(frozen=True)
class Mapping:
    """How to read one kind of file."""

    name: str
    sources: tuple[Source, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    dates: str = "YYYY-MM-DD"
    as_of: dt.date | None = None
    region: str | None = None

    @property
    def is_dated(self):
        """Whether some field counts from the day the file was made."""
        return any(each.kind in {"months_before_as_of", "as_of_when"} for each in self.sources)

    @property
    def is_custom(self):
        """Whether some field is one of the workspace's own."""
        return any(each.field.startswith(PREFIX) for each in self.sources)

    def column_of(self, name):
        """Return the column that a field comes from, or the field's own name."""
        return next((s.column for s in self.sources if s.field == name and s.column), name)


def read_mapping(path):
    """Read and check a mapping file.

    Raises:
        BadMapping: when it is missing, is not TOML, or says something unknown.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadMapping(
            _("%(path)s can't be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None
    except ValueError as error:  # not TOML, or not even text
        raise BadMapping(_("%(name)s: %(why)s") % {"name": path.name, "why": error}) from None
    try:
        return parse(content, name=path.name)
    except BadMapping as error:
        raise BadMapping(_("%(name)s: %(why)s") % {"name": path.name, "why": error}) from None


def parse(content, *, name):
    """Return the mapping that parsed TOML describes.

    Args:
        content: the file's tables.
        name: of the file, for the record.

    Raises:
        BadMapping: naming the key.
    """
    _known(content, SETTINGS, _("The file"))
    account, contact, custom = (content.get(key, {}) for key in TABLES)
    for table, key in zip((account, contact, custom), TABLES, strict=True):
        if not isinstance(table, dict):
            raise BadMapping(_("“%(key)s” must be a table, [%(key)s].") % {"key": key})
    _known(account, ACCOUNT_FIELDS, "[account]")
    _known(contact, CONTACT_FIELDS, "[contact]")
    sources = [_source(key, said) for key, said in account.items()]
    sources += [_source(f"contact_{key}", said) for key, said in contact.items()]
    # Which custom fields there are is not known here; `fields.layout()` looks.
    sources += [_source(PREFIX + key, said) for key, said in custom.items()]
    if not any(each.field == "reference" and each.kind == "column" for each in sources):
        raise BadMapping(_("[account] must say which column is the reference."))
    return Mapping(name=name, sources=tuple(sources), **_settings(content))


def _known(table, names, where):
    unknown = sorted(table.keys() - set(names))
    if unknown:
        raise BadMapping(
            _("%(where)s can't say “%(key)s”; it may say: %(names)s.")
            % {"where": where, "key": unknown[0], "names": ", ".join(names)}
        )


def _settings(content):
    checks = {
        "encoding": (_is_encoding, _("an encoding such as utf-8 or cp1252")),
        "delimiter": (lambda v: v in DELIMITERS, _("one of , ; | or a tab")),
        "decimal": (lambda v: v in {".", ","}, _("a point or a comma")),
        "dates": (_is_order, _("an order of days such as DD.MM.YYYY")),
        "as_of": (lambda v: type(v) is dt.date, _("a day such as 2026-06-30, without quotes")),
        "region": (
            lambda v: v in phonenumbers.SUPPORTED_REGIONS,
            _("a country such as GB"),
        ),
    }
    settings = {key: content[key] for key in checks if key in content}
    for key, value in settings.items():
        is_good, wanted = checks[key]
        if not is_good(value):
            raise BadMapping(_("“%(key)s” must be %(wanted)s.") % {"key": key, "wanted": wanted})
    return settings


def _is_encoding(value):
    try:
        return _ENCODINGS.fullmatch(codecs.lookup(value).name) is not None
    except (LookupError, TypeError):
        return False


def _is_order(value):
    if not isinstance(value, str) or any(value.count(p) != 1 for p in ("YYYY", "MM", "DD")):
        return False
    rest = value.replace("YYYY", "").replace("MM", "").replace("DD", "")
    return not any(c.isalnum() for c in rest)


def short_name(field):
    """Return what the mapping file calls a field in its table."""
    return field.removeprefix("contact_").removeprefix(PREFIX)


def _source(name, said):
    if isinstance(said, str):
        said = {"column": said}
    short = short_name(name)
    keys = frozenset(said) if isinstance(said, dict) else None
    if keys not in FORMS:
        raise BadMapping(
            _(
                "“%(key)s” must be a column's name in quotes or one of: {value}, {column},"
                " {column, prefix}, {column, values}, {months_before_as_of},"
                " {as_of_when, yes, no}."
            )
            % {"key": short}
        )
    fields = FORMS[keys]
    if fields and name.removeprefix("contact_") not in fields:
        raise BadMapping(
            _("“%(key)s” can't be computed like this; that is for: %(fields)s.")
            % {"key": short, "fields": ", ".join(fields)}
        )
    for key, value in said.items():
        _check_words(short, key, value)
    kind = next(k for k in ("value", "column", "months_before_as_of", "as_of_when") if k in keys)
    column = {} if kind == "value" else {"column": said[kind].strip()}
    rest = {key: value for key, value in said.items() if key != kind or kind == "value"}
    return Source(field=name, kind=kind, **column, **rest)


def _check_words(field, key, said):
    """Refuse what is not text, or in `values` not a table of texts."""
    if key == "values":
        words = [*said, *said.values()] if isinstance(said, dict) else []
    else:
        words = [said]
    if not all(isinstance(word, str) for word in words) or not any(words):
        raise BadMapping(
            _("“%(key)s” of “%(field)s” must be text in quotes.") % {"key": key, "field": field}
        )
