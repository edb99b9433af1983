"""Where a customer stands: stage, tier and owner."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import conflict, queries, rules
from apps.accounts.forms.parts import overtaken
from apps.accounts.models import Stage, Tier
from apps.accounts.words import LABELS
from apps.history.models import Event


class _Standing(forms.Form):
    """A form about one field, `about`; it carries what it showed when it was opened.

    What the record says there, as the control sends it and in words, is what `stands()` returns.
    Whatever else changes on the record meanwhile does not get in its way.
    """

    about = None

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def get_initial_for_field(self, field, field_name):
        """Show in the open and carry unseen the same."""
        name = self.about if field_name == "shown" else field_name
        return super().get_initial_for_field(self.fields[name], name)

    def clean_shown(self):
        """Return what the form showed, or None of one that does not say."""
        return self.data.get(self.add_prefix("shown"))

    def told(self, account):
        """Return the entry that tells how the field came to stand as it does, or None."""
        return conflict.teller(Event.objects.on(account.timeline_id), self.about)

    def meet(self, account):
        """Say who changed the field meanwhile; sent once more, the form has its way.

        Args:
            account: the customer as it is now.
        """
        now, words = self.stands(account)
        self.add_error(self.about, overtaken(words, self.told(account)))
        self.data = self.data.copy()
        self.data[self.add_prefix("shown")] = now


class StageForm(_Standing):
    """Another stage, and why."""

    about = "stage"

    stage = forms.ChoiceField(label=LABELS["stage"], choices=Stage, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("One sentence, for colleagues who read this later."),
        error_messages={"required": gettext_lazy("Write why, in a sentence.")},
    )

    def stands(self, account):
        """Return the stage, as it is sent and in words."""
        return account.stage, account.get_stage_display()


class TierForm(_Standing):
    """A tier by hand with a reason, or the one that the MRR earns."""

    about = "tier"

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

    def stands(self, account):
        """Return the tier that somebody chose, or that nobody did, as it is sent and in words."""
        chosen = rules.chosen_tier(account)
        return chosen, dict(self.fields["tier"].choices)[chosen]

    def told(self, account):
        """Return the entry of who chose; that a tier follows the MRR again is not always told."""
        event = super().told(account)
        is_by_hand = event is not None and "reason" in event.payload
        return event if is_by_hand == account.is_tier_set_by_hand else None


class OwnerForm(_Standing):
    """Who looks after a customer."""

    about = "owner"

    owner = forms.ModelChoiceField(
        None, label=LABELS["owner"], required=False, empty_label=gettext_lazy("Nobody")
    )

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, initial={"owner": account.owner_id}, **kwargs)
        self.fields["owner"].queryset = queries.possible_owners(account.team)

    def clean_shown(self):
        """Return the id of the owner that the form showed, 0 for nobody."""
        shown = super().clean_shown()
        if shown is None:
            return None
        return int(shown) if shown.isdecimal() else 0

    def stands(self, account):
        """Return the owner, as it is sent and in words."""
        return str(account.owner_id or ""), str(account.owner or _("Nobody"))
