"""What an admin may type about reasons."""

from django import forms
from django.utils.translation import gettext as _

from apps.reasons import rules
from apps.reasons.models import Category, Competitor, Prompt, Reason

LONGEST_WAIT = 730  # days


class _Unique(forms.ModelForm):
    """Says in words what a unique constraint would only refuse."""

    def others(self, **terms):
        """Return the other rows that match."""
        return self._meta.model.objects.filter(**terms).exclude(pk=self.instance.pk)

    def check_places(self, field, known):
        """Refuse places that nothing would fill, and name those that there are."""
        unknown = rules.unknown(self.cleaned_data.get(field, ""), known)
        if unknown:
            words = {
                "unknown": ", ".join(f"{{{name}}}" for name in unknown),
                "known": ", ".join(f"{{{name}}}" for name in known),
            }
            self.add_error(
                field, _("Nothing fills %(unknown)s. Use one of these: %(known)s.") % words
            )


class CategoryForm(_Unique):
    """A category."""

    class Meta:
        model = Category
        fields = ["name", "question", "position"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.others(name__iexact=name, retired_at=None).exists():
            raise forms.ValidationError(_("Another category has this name. Choose a new one."))
        return name

    def clean_position(self):
        position = self.cleaned_data["position"]
        if not 1 <= position <= 9:
            raise forms.ValidationError(_("Choose a key from 1 to 9."))
        # An existing category swaps keys with the other one; a new one has none to give.
        owner = self.others(position=position, retired_at=None).first()
        if owner and self.instance.pk is None:
            words = _("Key %(key)s picks %(name)s. Choose a free key, or retire that one first.")
            raise forms.ValidationError(words % {"key": position, "name": owner})
        return position


class ReasonForm(_Unique):
    """A reason with what helps the agent."""

    class Meta:
        model = Reason
        fields = [
            *("category", "name", "position", "solvable", "say", "ask", "offer"),
            "win_back_days",
        ]

    def clean_win_back_days(self):
        days = self.cleaned_data["win_back_days"]
        if days > LONGEST_WAIT:
            words = _("Choose up to %(most)d days. Who should be left in peace, is left in peace.")
            raise forms.ValidationError(words % {"most": LONGEST_WAIT})
        return days

    def clean(self):
        data = super().clean()
        terms = {"category": data.get("category"), "name__iexact": data.get("name")}
        if all(terms.values()) and self.others(**terms, retired_at=None).exists():
            self.add_error("name", _("This category has a reason of this name already."))
        for field in ("say", "ask", "offer"):
            self.check_places(field, rules.GUIDANCE)
        return data


class CompetitorForm(_Unique):
    """A competitor."""

    class Meta:
        model = Competitor
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.others(name__iexact=name).exists():
            words = _("This name is taken, maybe by a retired one: restore that.")
            raise forms.ValidationError(words)
        return name


class PromptForm(_Unique):
    """A prompt, whose places are filled with the facts of a call."""

    class Meta:
        model = Prompt
        fields = ["name", "text", "position"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.others(name__iexact=name, retired_at=None).exists():
            raise forms.ValidationError(_("Another prompt has this name. Choose a new one."))
        return name

    def clean(self):
        data = super().clean()
        self.check_places("text", rules.PROMPT)
        return data
