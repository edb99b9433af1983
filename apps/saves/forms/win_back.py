"""What people write about a customer who left, while somebody else may do the same."""

from copy import copy

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.forms.parts import Day
from apps.accounts.forms.versioned import Versioned
from apps.core.templatetags.mainstay import day as day_in_words
from apps.history.models import Event
from apps.saves.models import WinBack

LONGEST = 1000


class Words(forms.CharField):
    """Some lines; browsers end each with two characters, of which we keep one."""

    widget = forms.Textarea

    def __init__(self, *, label, help_text):
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        )

    def to_python(self, value):
        """Count a line's end as one character, as people do."""
        text = super().to_python(value).replace("\r\n", "\n")
        if len(text) > LONGEST:
            raise forms.ValidationError(
                _("Shorten this to %(most)d characters; it has %(count)d.")
                % {"most": LONGEST, "count": len(text)}
            )
        return text


class WinBackForm(Versioned):
    """What stood in the way, what is different now, and when somebody asks again."""

    blocker = Words(
        label=gettext_lazy("Why they left"),
        help_text=gettext_lazy("What stood in the way on the day they went."),
    )
    what_changed = Words(
        label=gettext_lazy("What has changed since"),
        help_text=gettext_lazy("With us or with them. Only what they could check themselves."),
    )
    still_uncertain = Words(
        label=gettext_lazy("What is still uncertain"),
        help_text=gettext_lazy("What you would have to ask before you promise anything."),
    )
    path_to_value = Words(
        label=gettext_lazy("The way back to value"),
        help_text=gettext_lazy("The first thing that would be better for them, and how soon."),
    )
    next_on = forms.DateField(
        label=gettext_lazy("Next step on"),
        help_text=gettext_lazy("On this day it is on the owner’s Today."),
        required=False,
        widget=Day,
        error_messages={"invalid": gettext_lazy("Choose a day, or leave it empty.")},
    )

    class Meta:
        model = WinBack
        fields = ["blocker", "what_changed", "still_uncertain", "path_to_value", "next_on"]

    def __init__(self, data=None, *, account, at, instance):
        # A copy, since a form that is wrong must not change what the page says.
        super().__init__(data, instance=copy(instance))
        self.account, self.at = account, at
        self.remember()

    def clean_next_on(self):
        """Refuse a day on which nobody asks them, but for one that was chosen before."""
        day, rests_until = self.cleaned_data["next_on"], self.instance.not_before
        if not day or day == self.instance.next_on:
            return day
        if day < self.account.today(self.at):
            raise forms.ValidationError(_("Choose today or a later day."))
        if rests_until and day < rests_until:
            raise forms.ValidationError(
                _("Nobody asks them before %(day)s. Choose that day or a later one.")
                % {"day": day_in_words(rests_until, "in")}
            )
        return day

    def again(self, data, instance):
        """Return a form for another version of the win-back."""
        return WinBackForm(data, account=self.account, at=self.at, instance=instance)

    def events(self):
        """Return the events that tell of these fields."""
        events = Event.objects.on(self.account.timeline_id)
        return events.of_kinds(["saves.win_back_planned", "saves.win_back_ended"])

    def answers(self):
        """Return what `win_back.plan` takes; what was shown for another win-back is out of date."""
        data = dict(self.cleaned_data)
        is_of_another = data["version"] > 0 and not self.showed
        return {**data, "version": -1 if is_of_another else data["version"]}
