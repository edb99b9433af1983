"""Cells of addresses and numbers by which somebody is reached."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.accounts.rules import normalise
from apps.imports.cells.cell import BadCell, refuse_formula, shown

_PLAIN_ADDRESS = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_WRITTEN_OUT = re.compile(r"\+[1-9][0-9]{6,14}")


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
