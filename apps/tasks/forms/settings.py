"""What an admin may type about queues and escalation."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.tasks.models import Level, Policy, Queue
from apps.tasks.rules.escalation import Plan, Step

LONGEST = 60 * 80  # minutes: ten long working days
_NAMES = {
    Level.Number.OWNER: "owner",
    Level.Number.LEAD: "lead",
    Level.Number.MANAGER: "manager",
}
MINUTES = gettext_lazy("Minutes of working time after the due moment. Empty: never.")


class QueueForm(forms.ModelForm):
    """A queue with its team and how its tasks find somebody."""

    class Meta:
        model = Queue
        fields = ["name", "team", "routing", "is_fallback"]

    def clean(self):
        data = super().clean()
        if not data.get("is_fallback"):
            return data
        other = Queue.objects.filter(is_fallback=True).exclude(pk=self.instance.pk).first()
        if other:
            words = _("%(name)s is the fallback. Untick it there first.") % {"name": other}
            self.add_error("is_fallback", words)
        if data.get("routing") != Queue.Routing.CLAIM:
            words = _("From the fallback people take the next one. Choose that.")
            self.add_error("routing", words)
        return data


def _minutes(label):
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=LONGEST, help_text=MINUTES
    )


def _does():
    return forms.ChoiceField(label=gettext_lazy("What happens"), choices=Level.Does)


class PolicyForm(forms.ModelForm):
    """A policy with its three levels."""

    owner_after = _minutes(gettext_lazy("The owner is told after"))
    lead_after = _minutes(gettext_lazy("The team’s lead after"))
    lead_does = _does()
    manager_after = _minutes(gettext_lazy("The team’s manager after"))
    manager_does = _does()

    class Meta:
        model = Policy
        fields = ["name", "kind", "priority", "at_risk_minutes", "reminds", "is_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            for level in self.instance.levels.all():
                name = _NAMES[level.number]
                self.initial[f"{name}_after"] = level.minutes
                self.initial[f"{name}_does"] = level.does

    def clean_at_risk_minutes(self):
        """Accept two long days at most: further ahead nothing is in danger yet."""
        minutes = self.cleaned_data["at_risk_minutes"]
        if minutes > 960:
            raise forms.ValidationError(_("Write 960 minutes at most."))
        return minutes

    def clean(self):
        data = super().clean()
        taken = Policy.objects.filter(
            kind=data.get("kind", ""), priority=data.get("priority"), is_on=True
        )
        other = taken.exclude(pk=self.instance.pk).first()
        if data.get("is_on") and other:
            words = _("%(name)s is for the same tasks. Change it, or take it out of use first.")
            self.add_error("kind", words % {"name": other})
        minutes = [each for _number, each, _does in self.levels]
        if minutes != sorted(set(minutes)):
            words = _("Let each level come later than the one before it.")
            self.add_error("lead_after", words)
        return data

    @property
    def levels(self):
        """The levels in use: (number, minutes, does) of each."""
        data = self.cleaned_data
        return [
            (number, data[f"{name}_after"], data.get(f"{name}_does") or Level.Does.NOTIFY)
            for number, name in _NAMES.items()
            if data.get(f"{name}_after") is not None
        ]

    @property
    def plan(self):
        """The policy that was typed, as the rules take it; None while something is wrong."""
        if self.errors:
            return None
        data = self.cleaned_data
        return Plan(
            name=data["name"],
            kind=data["kind"],
            priority=data["priority"],
            at_risk_minutes=data["at_risk_minutes"],
            reminds=data["reminds"],
            steps=tuple(Step(*level) for level in self.levels),
        )
