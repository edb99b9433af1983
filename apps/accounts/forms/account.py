"""A customer's details, for a new record and for correcting one."""

from copy import copy
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import custom, queries
from apps.accounts.actions.many import blind_to
from apps.accounts.forms.custom_field import CustomValue
from apps.accounts.forms.parts import Day, Key, currency
from apps.accounts.forms.versioned import Versioned
from apps.accounts.models import Account
from apps.accounts.words import LABELS
from apps.core.templatetags.mainstay import money
from apps.history.models import Event
from apps.users.models import Team

# Names like Europe/London; the rest of the database is old spellings and offsets.
_AREAS = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/", "UTC"),
)
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(_AREAS))


class AccountForm(Versioned):
    """A customer's details, for a new record and for correcting one."""

    key = Key()
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
    OLD = ["version", "opened", "churned_on"]
    linked = [("mrr", "currency")]
    # What tells who changed a field.
    TOLD_BY = [
        *("accounts.changed", "accounts.churned", "accounts.returned"),
        *("accounts.merged", "accounts.unmerged"),
    ]

    def __init__(self, data=None, *, user, instance=None, initial=None):
        # A copy, since a form that is wrong must not rename the customer on its page.
        super().__init__(data, instance=copy(instance), initial=initial)
        self.user, self.existing = user, None
        for name in self.NEW if instance else self.OLD:
            del self.fields[name]
        if instance is None and not user.has_perm("accounts.assign"):
            del self.fields["owner"]
        current = self.get_initial_for_field(self.fields["time_zone"], "time_zone")
        zones = sorted({*ZONES, current} if current else ZONES)
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        self._narrow()
        self._add_custom()
        if instance:
            self.remember()

    def _add_custom(self):
        """Ask for the workspace's own fields, each with what is stored."""
        self.custom = custom.definitions()
        for each in self.custom:
            stored = self.instance.custom.get(each.key)
            self.fields[each.name] = CustomValue(each, current=stored)
            self.initial[each.name] = stored

    def custom_groups(self):
        """Return pairs of a group's name and its fields on the form."""
        return [
            (name, [self[each.name] for each in fields])
            for name, fields in custom.by_group(self.custom)
        ]

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
        return currency(self.cleaned_data["currency"])

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
        # The actions take them by their keys.
        values = {each.key: data.pop(each.name) for each in self.custom if each.name in data}
        return {**data, "custom": values}

    def _check_sight(self, owner, team):
        """Refuse a private team that hides the customer from its owner."""
        if owner and owner.pk in blind_to(team, [owner.pk]):
            self.add_error(
                "team",
                forms.ValidationError(
                    _("%(team)s is private, and %(owner)s could not see this customer."),
                    params={"team": team.name, "owner": owner},
                ),
            )

    def validate_unique(self):
        """Leave it at `clean_reference`, which has looked already."""

    # --- meeting what others saved -------------------------------------------------

    @cached_property
    def _definitions(self):
        return {each.name: each for each in self.custom}

    def again(self, data, instance):
        """Return a form for another version of the customer."""
        return AccountForm(data, user=self.user, instance=instance)

    def events(self):
        """Return the events that tell of these fields."""
        return Event.objects.on(self.instance.timeline_id).of_kinds(self.TOLD_BY)

    def value(self, name):
        """Return what the record says in a field."""
        if name in self._definitions:
            return self.instance.custom.get(self._definitions[name].key)
        return super().value(name)

    def text(self, name, value):
        """Write a value as the field's control sends it."""
        if name in self._definitions:
            return self._definitions[name].plain(value)
        return super().text(name, value)

    def told(self, name):
        """Return what the history calls a field."""
        return self._definitions[name].told if name in self._definitions else name

    def words(self, name, text):
        """Say what a control sends as people read it."""
        if name == "mrr":
            return money(text, self.initial["currency"])
        if text and name in self._definitions:
            definition = self._definitions[name]
            return definition.words(definition.parse(text), self.initial["currency"])
        return super().words(name, text)
