"""What the forms of this room share: controls, checks and words."""

import re

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import rules
from apps.accounts.models import IdentityKind
from apps.core.templatetags.mainstay import ago

PHONE = gettext_lazy("Write the number with its country code, as +44 161 496 0142.")
EMAIL = gettext_lazy("Write the address whole, as name@customer.example.")
STALE = gettext_lazy("This page is out of date. Load it again.")


class Day(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class Key(forms.UUIDField):
    """The hidden mark that makes a form count once."""

    def __init__(self):
        errors = {"required": STALE, "invalid": STALE}
        super().__init__(widget=forms.HiddenInput, error_messages=errors)


def overtaken(now, event):
    """Say that somebody else was faster, and that one's own answer waits to be sent again.

    Args:
        now: in words, what stands there now.
        event: the entry that tells of it, or None.
    """
    who = event and {"who": event.actor or "Mainstay", "ago": ago(event.recorded_at)}
    words = {"now": now, "by": _(" (%(who)s, %(ago)s)") % who if who else ""}
    return (
        _(
            "This became “%(now)s” meanwhile%(by)s. Yours is still here: save again to have it "
            "your way."
        )
        % words
    )


def currency(value):
    """Return a currency code in capitals, or refuse it."""
    value = value.upper()
    if not re.fullmatch("[A-Z]{3}", value):
        raise forms.ValidationError(_("Write the currency as three letters, such as GBP."))
    return value


def mark(kind, value, home):
    """Return an address, number or name by which a customer is recognised, or refuse it."""
    if kind == IdentityKind.PHONE:
        try:
            return rules.e164(value, home)
        except ValueError:
            raise forms.ValidationError(PHONE) from None
    if kind == IdentityKind.EMAIL:
        EmailValidator(EMAIL)(value)
    if kind == IdentityKind.DOMAIN and not re.fullmatch(r"[\w-]+(\.[\w-]+)+", value):
        raise forms.ValidationError(_("Write the domain alone, as customer.example."))
    return value
