"""Where a customer stands: stage, tier and owner."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import queries
from apps.accounts.models import Stage, Tier
from apps.accounts.words import LABELS


class StageForm(forms.Form):
    """Another stage, and why."""

    stage = forms.ChoiceField(label=LABELS["stage"], choices=Stage, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("One sentence, for colleagues who read this later."),
        error_messages={"required": gettext_lazy("Write why, in a sentence.")},
    )


class TierForm(forms.Form):
    """A tier by hand with a reason, or the one that the MRR earns."""

    tier = forms.ChoiceField(
        label=LABELS["tier"],
        choices=[("", gettext_lazy("As the MRR says")), *Tier.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed when you choose a tier yourself."),
    )

    def clean(self):
        """Ask for a reason where a person decides."""
        data = super().clean()
        if data.get("tier") and not data.get("reason"):
            self.add_error("reason", _("Write why, in a sentence."))
        return data


class OwnerForm(forms.Form):
    """Who looks after a customer."""

    owner = forms.ModelChoiceField(
        None, label=LABELS["owner"], required=False, empty_label=gettext_lazy("Nobody")
    )

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, initial={"owner": account.owner_id}, **kwargs)
        self.fields["owner"].queryset = queries.possible_owners(account.team)
