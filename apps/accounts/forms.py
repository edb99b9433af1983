"""What people may type about a customer, and the words for when it is wrong."""

import datetime
import re
from copy import copy
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf.global_settings import LANGUAGES
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import queries, rules
from apps.accounts.models import (
    Account,
    BlockedIdentity,
    Channel,
    Contact,
    IdentityKind,
    Stage,
    Tier,
    TierThreshold,
)
from apps.accounts.words import LABELS
from apps.core.templatetags.mainstay import day
from apps.users.models import Team

# Names like Europe/London; the rest of the database is old spellings and offsets.
_AREAS = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/", "UTC"),
)
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(_AREAS))
PHONE = gettext_lazy("Write the number with its country code, as +44 161 496 0142.")
EMAIL = gettext_lazy("Write the address whole, as name@customer.example.")
STALE = gettext_lazy("This page is out of date. Load it again.")


class Day(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class Key(forms.UUIDField):
    """The hidden mark that makes a form count once."""

    def __init__(self):
        errors = {"required": STALE, "invalid": STALE}
        super().__init__(widget=forms.HiddenInput, error_messages=errors)


def _languages():
    """Yield code and name of the languages that Django knows."""
    for code, name in LANGUAGES:
        yield code, _(name)


def _currency(value):
    """Return a currency code in capitals, or refuse it."""
    value = value.upper()
    if not re.fullmatch("[A-Z]{3}", value):
        raise forms.ValidationError(_("Write the currency as three letters, such as GBP."))
    return value


def _mark(kind, value, home):
    """Return an address, number or name by which a customer is recognised, or refuse it."""
    if kind == IdentityKind.PHONE:
        try:
            return rules.e164(value, home)
        except ValueError:
            raise forms.ValidationError(PHONE) from None
    if kind == IdentityKind.EMAIL:
        EmailValidator(EMAIL)(value)
    if kind == IdentityKind.DOMAIN and not re.fullmatch(r"[\w-]+(\.[\w-]+)+", value):
        raise forms.ValidationError(_("Write the domain alone, as customer.example."))
    return value


class AccountForm(forms.ModelForm):
    """A customer's details, for a new record and for correcting one."""

    key = Key()
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": STALE})
    time_zone = forms.ChoiceField(label=LABELS["time_zone"])

    class Meta:
        model = Account
        fields = [
            "name",
            "reference",
            "about",
            "started_on",
            "renews_on",
            "churned_on",
            "stage",
            "mrr",
            "currency",
            "plan",
            "industry",
            "time_zone",
            "owner",
            "team",
        ]
        labels = {name: LABELS[name] for name in fields}
        widgets = {
            **dict.fromkeys(["started_on", "renews_on", "churned_on"], Day),
            "currency": forms.TextInput(attrs={"size": 4, "autocapitalize": "characters"}),
            "mrr": forms.NumberInput(attrs={"min": 0, "step": "0.01", "inputmode": "decimal"}),
        }
        help_texts = {
            "about": gettext_lazy("One line that tells a colleague who they are."),
            "churned_on": gettext_lazy("Empty as long as they stay."),
            "mrr": gettext_lazy("What they pay for a month."),
            "reference": gettext_lazy("Their number in your own systems."),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Write the customer’s name.")},
            "reference": {
                "required": gettext_lazy("Write the customer’s number in your own systems.")
            },
            "mrr": {
                "required": gettext_lazy("Write what they pay for a month; 0 if nothing."),
                "invalid": gettext_lazy("Write an amount, such as 249 or 199.20."),
            },
        }

    # What only a new record asks, and what only an old one does.
    NEW = ["key", "stage", "owner"]
    OLD = ["version", "churned_on"]

    def __init__(self, data=None, *, user, instance=None, initial=None):
        # A copy, since a form that is wrong must not rename the customer on its page.
        first = {"version": instance.version} if instance else initial
        super().__init__(data, instance=copy(instance), initial=first)
        self.user, self.existing = user, None
        for name in self.NEW if instance else self.OLD:
            del self.fields[name]
        if instance is None and not user.has_perm("accounts.assign"):
            del self.fields["owner"]
        current = self.get_initial_for_field(self.fields["time_zone"], "time_zone")
        zones = sorted({*ZONES, current} if current else ZONES)
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        self._narrow()

    def _narrow(self):
        """Offer only teams and people that this person may choose."""
        hidden = Team.objects.hidden_from(self.user)
        self.fields["team"].queryset = Team.objects.exclude(pk__in=hidden).order_by("name")
        self.fields["team"].empty_label = _("No team")
        if "owner" in self.fields:
            self.fields["owner"].queryset = queries.possible_owners()
            self.fields["owner"].empty_label = _("Nobody")

    def clean_reference(self):
        """Refuse the reference of another customer, and remember whose it is."""
        reference = self.cleaned_data["reference"]
        taken, self.existing = queries.twin_of(reference, but=self.instance.pk, user=self.user)
        if not taken:
            return reference
        if self.existing is None:
            raise forms.ValidationError(
                _("Another customer has this reference. Choose another one.")
            )
        raise forms.ValidationError(
            _("%(name)s has this reference. Choose another one."),
            params={"name": self.existing.name},
        )

    def clean_currency(self):
        """Accept gbp for GBP."""
        return _currency(self.cleaned_data["currency"])

    def clean_mrr(self):
        """Refuse a debt."""
        mrr = self.cleaned_data["mrr"]
        if mrr < 0:
            raise forms.ValidationError(_("Write an amount of 0 or more."))
        return mrr

    def clean(self):
        """Check the days against each other, and the owner against a private team."""
        data = super().clean()
        first, last = data.get("started_on"), data.get("churned_on")
        if last and not first and "started_on" not in self.errors:
            self.add_error("started_on", _("Say since when they were a customer."))
        if last and first and last < first:
            self.add_error("churned_on", _("Choose a last day that is not before the first one."))
        self._check_sight(data.get("owner") or self.instance.owner, data.get("team"))
        return data

    def _check_sight(self, owner, team):
        """Refuse a private team that hides the customer from its owner."""
        if owner and team and Team.objects.hidden_from(owner).filter(pk=team.pk).exists():
            self.add_error(
                "team",
                forms.ValidationError(
                    _("%(team)s is private, and %(owner)s could not see this customer."),
                    params={"team": team.name, "owner": owner},
                ),
            )

    def validate_unique(self):
        """Leave it at `clean_reference`, which has looked already."""

    def show_newer(self, account):
        """Say what somebody else saved meanwhile; the next save is meant to win.

        Args:
            account: as it is now.
        """
        self.data = self.data.copy()
        self.data["version"] = account.version
        self.add_error(
            None, _("Somebody else changed this customer while you were typing. Nothing is saved.")
        )
        newer = AccountForm(user=self.user, instance=account)
        for name, field in self.fields.items():
            theirs = newer.get_initial_for_field(field, name)
            if name != "version" and field.has_changed(theirs, self[name].data):
                self.add_error(name, self._now(name, account))

    def _now(self, name, account):
        value = getattr(account, name)
        shown = day(value) if isinstance(value, datetime.date) else value
        if shown in {"", None}:
            return _("It is empty now. Save again to put yours.")
        return forms.ValidationError(
            _("It is “%(theirs)s” now. Save again to put yours."), params={"theirs": shown}
        )


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


class ContactForm(forms.ModelForm):
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
        self.home = rules.region(account.time_zone, account.currency)
        code = instance.language if instance else "en"
        choices = {code: code, **dict(_languages())}
        self.fields["language"].choices = sorted(choices.items(), key=lambda pair: pair[1])
        if instance:
            del self.fields["key"]
            if instance.is_primary:  # handed on by choosing somebody else
                del self.fields["is_primary"]

    def clean_phone(self):
        """Accept a number as it is written at the customer's, or with a country code."""
        value = self.cleaned_data["phone"]
        return _mark(IdentityKind.PHONE, value, self.home) if value else ""


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


class IdentityForm(forms.Form):
    """Something else by which a customer is recognised."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=IdentityKind)
    value = forms.CharField(
        label=gettext_lazy("Value"),
        max_length=254,
        help_text=gettext_lazy("A customer has it alone: no two share an address or a number."),
        error_messages={"required": gettext_lazy("Write the address, number or name.")},
    )

    def __init__(self, *args, home="GB", **kwargs):
        super().__init__(*args, **kwargs)
        self.home = home

    def clean(self):
        """Check the value by its kind."""
        data = super().clean()
        if "kind" in data and "value" in data:
            try:
                data["value"] = _mark(data["kind"], data["value"], self.home)
            except forms.ValidationError as error:
                self.add_error("value", error)
        return data


class ThresholdForm(forms.ModelForm):
    """From which MRR a customer is mid and high tier."""

    class Meta:
        model = TierThreshold
        fields = ["currency", "mid_from", "high_from"]

    def clean_currency(self):
        """Accept gbp for GBP."""
        return _currency(self.cleaned_data["currency"])


class BlockedForm(forms.ModelForm):
    """A value that must never identify anybody."""

    class Meta:
        model = BlockedIdentity
        fields = ["kind", "normalised", "reason"]
        labels = {"normalised": gettext_lazy("Value")}

    def clean(self):
        """Bring the value into the form in which it is compared."""
        data = super().clean()
        if "kind" in data and "normalised" in data:
            try:
                value = _mark(data["kind"], data["normalised"], "GB")
            except forms.ValidationError as error:
                self.add_error("normalised", error)
            else:
                data["normalised"] = rules.normalise(data["kind"], value)
        return data
