"""By what a customer is recognised."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts import rules
from apps.accounts.forms.parts import mark
from apps.accounts.models import BlockedIdentity, IdentityKind


class IdentityForm(forms.Form):
    """Something else by which a customer is recognised."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=IdentityKind)
    value = forms.CharField(
        label=gettext_lazy("Value"),
        max_length=254,
        help_text=gettext_lazy("A customer has it alone: no two share an address or a number."),
        error_messages={"required": gettext_lazy("Write the address, number or name.")},
    )

    def __init__(self, *args, home="GB", **kwargs):
        super().__init__(*args, **kwargs)
        self.home = home

    def clean(self):
        """Check the value by its kind."""
        data = super().clean()
        if "kind" in data and "value" in data:
            try:
                data["value"] = mark(data["kind"], data["value"], self.home)
            except forms.ValidationError as error:
                self.add_error("value", error)
        return data


class BlockedForm(forms.ModelForm):
    """A value that must never identify anybody."""

    class Meta:
        model = BlockedIdentity
        fields = ["kind", "normalised", "reason"]
        labels = {"normalised": gettext_lazy("Value")}

    def clean(self):
        """Bring the value into the form in which it is compared."""
        data = super().clean()
        if "kind" in data and "normalised" in data:
            try:
                value = mark(data["kind"], data["normalised"], "GB")
            except forms.ValidationError as error:
                self.add_error("normalised", error)
            else:
                data["normalised"] = rules.normalise(data["kind"], value)
        return data
