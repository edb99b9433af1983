"""What people decide when two records become one: which record is right, field by field."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts import custom
from apps.accounts.models import FieldKind
from apps.accounts.words import LABELS
from apps.core.templatetags.mainstay import day, money

STALE = gettext_lazy("This page is out of date. Load it again.")
# In the order of the page; the reference of each stays its own.
FIELDS = (
    *("name", "about", "mrr", "plan", "industry", "stage", "tier", "started_on", "renews_on"),
    *("churned_on", "time_zone", "owner", "team"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A field in which the two differ."""

    name: str
    label: str
    kept: str
    other: str
    takes: bool
    is_fixed: bool


class MergeForm(forms.Form):
    """Which values the kept record takes: a field named as the customer's holds `other`."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE}
    )
    versions = forms.CharField(widget=forms.HiddenInput, error_messages={"required": STALE})

    def __init__(self, data=None, *, kept, other, initial=None):
        first = {"versions": f"{kept.version}.{other.version}", **(initial or {})}
        super().__init__(data, initial=first)
        self.kept, self.other = kept, other
        self.rows = [*self._own(), *self._custom()]

    def clean_versions(self):
        """Read back which versions the page showed."""
        try:
            kept, other = self.cleaned_data["versions"].split(".")
            return int(kept), int(other)
        except ValueError:
            raise forms.ValidationError(STALE) from None

    def clean(self):
        """Gather the fields in which the other record is right."""
        given = super().clean()
        given["take"] = [row.name for row in self.rows if row.takes]
        return given

    def show_newer(self):
        """Carry the versions as they are now, so that sending again means these."""
        newest = {"versions": f"{self.kept.version}.{self.other.version}"}
        self.data = {**self.data.dict(), **newest}

    def _own(self):
        # Without a decision by hand the tier follows the MRR.
        by_hand = self.kept.is_tier_set_by_hand or self.other.is_tier_set_by_hand
        for name in FIELDS:
            if name == "tier" and not by_hand:
                continue
            kept, other = (_words(account, name) for account in (self.kept, self.other))
            if kept != other:
                yield self._row(name, LABELS[name], kept, other, is_money=name == "mrr")

    def _custom(self):
        for field in custom.definitions():
            kept, other = (
                field.words(account.custom.get(field.key), account.currency)
                for account in (self.kept, self.other)
            )
            if kept != other:
                is_money = field.kind == FieldKind.MONEY
                yield self._row(field.name, field.label, kept, other, is_money=is_money)

    def _row(self, name, label, kept, other, *, is_money):
        is_fixed = is_money and self.kept.currency != self.other.currency
        # What one of them does not say, the other one knows.
        takes = self.data.get(name) == "other" if self.is_bound else not kept
        return Row(name, label, kept, other, takes and not is_fixed, is_fixed)


def _words(account, name):
    if name in {"stage", "tier"}:
        return getattr(account, f"get_{name}_display")()
    if name == "mrr":
        return money(account.mrr, account.currency)
    value = getattr(account, name)
    return day(value) if name.endswith("_on") else str(value or "")


class RemovalForm(forms.Form):
    """Why a customer is taken away."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("An admin reads it in the list of what was removed."),
        error_messages={
            "required": gettext_lazy("Write why, so that colleagues understand it later.")
        },
    )
