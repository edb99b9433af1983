"""From where on a customer earns a tier."""

from django import forms

from apps.accounts.forms.parts import currency
from apps.accounts.models import TierThreshold


class ThresholdForm(forms.ModelForm):
    """From which MRR a customer is mid and high tier."""

    class Meta:
        model = TierThreshold
        fields = ["currency", "mid_from", "high_from"]

    def clean_currency(self):
        """Accept gbp for GBP."""
        return currency(self.cleaned_data["currency"])
