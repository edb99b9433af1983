"""How somebody wants to be told."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.notifications.rules import Channels, Quiet

WHYS = {
    "mentioned": gettext_lazy("A colleague mentions you"),
    "late": gettext_lazy("A task is at risk or late"),
    "task": gettext_lazy("A task is given to you, or changes"),
    "owner": gettext_lazy("Something happens to your customers"),
    "watching": gettext_lazy("Something happens to customers you follow"),
}
WAYS = [("bell", gettext_lazy("Bell")), ("mail", gettext_lazy("E-mail"))]


class Clock(forms.TimeInput):
    """A time of day as the browser's own field takes it."""

    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class Telling(forms.Form):
    """Where each kind of thing is told, when no mail is wanted, and when the digest.

    Args:
        data: what was sent.
        choices: what counts now, from `notifications.queries.choices`.
    """

    quiet_from = forms.TimeField(label=gettext_lazy("From"), required=False, widget=Clock)
    quiet_until = forms.TimeField(label=gettext_lazy("Until"), required=False, widget=Clock)
    digest_at = forms.TimeField(
        label=gettext_lazy("Digest at"),
        required=False,
        widget=Clock,
        help_text=gettext_lazy("On days that you work. Empty: none."),
    )

    def __init__(self, data, *, choices):
        super().__init__(data)
        for why, label in WHYS.items():
            self.fields[why] = forms.MultipleChoiceField(
                label=label, required=False, choices=WAYS, widget=forms.CheckboxSelectMultiple
            )
            each = choices.channels[why]
            chosen = {"bell": each.rings, "mail": each.is_mailed}
            self.initial[why] = [way for way, is_chosen in chosen.items() if is_chosen]
        if choices.quiet:
            self.initial |= {
                "quiet_from": choices.quiet.start,
                "quiet_until": choices.quiet.end,
            }
        self.initial["digest_at"] = choices.digest_at

    def clean(self):
        data = super().clean()
        start, end = data.get("quiet_from"), data.get("quiet_until")
        if self.errors:
            return data
        if (start is None) != (end is None):
            missing = "quiet_until" if end is None else "quiet_from"
            self.add_error(missing, _("Write both times, or neither."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("Choose another time than the first one."))
        return data

    @property
    def whys(self):
        """The fields of the kinds of thing, in their order."""
        return [self[why] for why in WHYS]

    @property
    def said(self):
        """What was chosen, as the action takes it."""
        data = self.cleaned_data
        start = data["quiet_from"]
        return {
            "channels": {why: Channels("bell" in data[why], "mail" in data[why]) for why in WHYS},
            "quiet": None if start is None else Quiet(start, data["quiet_until"]),
            "digest_at": data["digest_at"],
        }
