"""What an admin may type about the workspace."""

import re

from django import forms
from django.utils.translation import gettext as _

from apps.workspace.models import Workspace


class WorkspaceForm(forms.ModelForm):
    """The settings of the workspace."""

    class Meta:
        model = Workspace
        fields = ["name", "support_email", "currency"]

    def clean_currency(self):
        """Accept gbp for GBP; new customers get it, and their table takes nothing else."""
        value = self.cleaned_data["currency"].upper()
        if not re.fullmatch("[A-Z]{3}", value):
            raise forms.ValidationError(_("Write the currency as three letters, such as GBP."))
        return value
