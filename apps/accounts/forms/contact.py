"""People at a customer, and what they said about being contacted."""

import datetime
from copy import copy
from zoneinfo import ZoneInfo

from django import forms
from django.conf.global_settings import LANGUAGES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import rules
from apps.accounts.forms.parts import EMAIL, Day, Key, mark
from apps.accounts.forms.versioned import Versioned
from apps.accounts.models import Channel, Contact, IdentityKind
from apps.accounts.words import LABELS
from apps.history.models import Event


def _languages():
    """Yield code and name of the languages that Django knows."""
    for code, name in LANGUAGES:
        yield code, _(name)


class ContactForm(Versioned):
    """A person at a customer."""

    key = Key()
    phone = forms.CharField(
        label=LABELS["phone"],
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=LABELS["language"])

    class Meta:
        model = Contact
        fields = [
            "name",
            "title",
            "email",
            "phone",
            "preferred_channel",
            "language",
            "is_primary",
        ]
        labels = {name: LABELS[name] for name in fields}
        help_texts = {
            "title": gettext_lazy("For example: Owner, decides."),
            "is_primary": gettext_lazy("There is one for each customer."),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Write the person’s name.")},
            "email": {"invalid": EMAIL},
        }

    def __init__(self, data=None, *, account, instance=None, initial=None):
        super().__init__(data, instance=copy(instance), initial=initial)
        self.account = account
        self.home = rules.region(account.time_zone, account.currency)
        code = instance.language if instance else "en"
        choices = {code: code, **dict(_languages())}
        self.fields["language"].choices = sorted(choices.items(), key=lambda pair: pair[1])
        for name in ["key"] if instance else ["version", "opened"]:
            del self.fields[name]
        if instance:
            if instance.is_primary:  # handed on by choosing somebody else
                del self.fields["is_primary"]
            self.remember()

    def clean_phone(self):
        """Accept a number as it is written at the customer's, or with a country code."""
        value = self.cleaned_data["phone"]
        return mark(IdentityKind.PHONE, value, self.home) if value else ""

    def again(self, data, instance):
        """Return a form for another version of the contact."""
        return ContactForm(data, account=self.account, instance=instance)

    def events(self):
        """Return the events that tell of these fields."""
        events = Event.objects.on(self.account.timeline_id)
        told = events.of_kinds(["accounts.contact_changed"])
        return told.filter(payload__name=self.instance.name)


class PermissionForm(forms.Form):
    """What somebody said about being contacted."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Channel, widget=forms.RadioSelect
    )
    is_given = forms.TypedChoiceField(
        label=gettext_lazy("They said"),
        choices=[("yes", gettext_lazy("Yes, you may")), ("no", gettext_lazy("No, stop"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what they said.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Where they said so"),
        max_length=120,
        help_text=gettext_lazy("For example: on a call, order form, contract."),
        error_messages={"required": gettext_lazy("Write where they said so.")},
    )
    said_on = forms.DateField(label=gettext_lazy("When"), widget=Day)

    def __init__(self, *args, account, at, **kwargs):
        self.zone, self.at, self.today = ZoneInfo(account.time_zone), at, account.today(at)
        super().__init__(*args, initial={"said_on": self.today}, **kwargs)

    def clean_said_on(self):
        """Refuse a day to come."""
        said_on = self.cleaned_data["said_on"]
        if said_on > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return said_on

    def answers(self):
        """Return what the action takes; an earlier day counts from its noon."""
        data = dict(self.cleaned_data)
        said_on = data.pop("said_on")
        noon = datetime.datetime.combine(said_on, datetime.time(12), self.zone)
        return {**data, "said_at": self.at if said_on == self.today else noon}
