"""What a note may hold, and what is pinned or read."""

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.desk.queries.colleagues import addressed, colleagues


class Note(forms.Form):
    """A note for colleagues, and whom to tell of it.

    Args:
        data: what was sent, for a form that is filled in.
        team_id: of the customer's team; of a private one only those who see it can be told.
        **options: of every form.
    """

    text = forms.CharField(
        label=_("Add a note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write something first.")},
    )
    happened_at = forms.DateTimeField(
        label=_("It happened on"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    is_pinned = forms.BooleanField(label=_("Pin to top"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, team_id=None, **options):
        super().__init__(data, **options)
        self.team_id = team_id

    @cached_property
    def chosen(self):
        """The people chosen from the list; unknown ids are ignored."""
        return self._people("tell")

    @cached_property
    def picked(self):
        """The people picked in the text, where each stands as @name; unknown ids are ignored."""
        return self._people("mentions")

    def _people(self, name):
        given = self.data.getlist(name) if self.is_bound else []
        ids = {int(each) for each in given if each.isdecimal() and len(each) < 19}
        return list(colleagues(self.team_id).filter(pk__in=ids)) if ids else []

    @cached_property
    def addressed(self):
        """Whom the text means by @name, picked or typed to the end."""
        picked = {*self.chosen, *self.picked}
        return addressed(self.cleaned_data["text"], team_id=self.team_id, picked=picked)

    @property
    def told(self):
        """Whom to tell: those chosen from the list, and those whose @name stands in the text."""
        return list(dict.fromkeys([*self.chosen, *self.addressed.people]))

    @property
    def untold(self):
        """What to say of each @ that told nobody."""
        sentences = []
        if unknown := list(dict.fromkeys(self.addressed.unknown)):
            text = ngettext(
                "Nobody was told: %(said)s is not a colleague’s full name.",
                "Nobody was told: %(said)s are not full names of colleagues.",
                len(unknown),
            )
            sentences.append(text % {"said": ", ".join(unknown)})
        for said in dict.fromkeys(self.addressed.shared):
            text = _(
                "Nobody was told: several colleagues are called %(said)s. Pick one as you type."
            )
            sentences.append(text % {"said": said.removeprefix("@")})
        return " ".join(sentences)

    def clean_happened_at(self):
        """Refuse the future: nothing can have happened there."""
        moment = self.cleaned_data["happened_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError(_("Choose a moment that has passed."))
        return moment


class Pin(forms.Form):
    """Which entry of a timeline is pinned, or taken down; the button says it."""

    pin = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    unpin = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class ReadAll(forms.Form):
    """Up to which notification everything is marked read."""

    upto = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
