"""What we learned about a customer, what the sale promised, a day worth a mark, one fact."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import rules
from apps.accounts.completeness import PREFIX
from apps.accounts.forms.custom_field import CustomValue
from apps.accounts.forms.parts import Day, Key, overtaken
from apps.accounts.models import Account, Channel, Contact, Topic, ValueDriver, Verdict
from apps.history.rules import TONES

LONGEST, MOST_PROMISES = 2000, 20
TOO_LATE = gettext_lazy("Choose today or an earlier day.")
DRIVERS = [("", gettext_lazy("Not known yet")), *ValueDriver.choices]


def _words(label, hint="", *, rows=2, **options):
    """Return a field for some sentences, which may stay empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


class _Dated(forms.Form):
    """A form about a day that was; `day` names its field.

    Args:
        data: what was sent.
        account: whose calendar counts.
        at: now.
        **options: of every form.
    """

    day = "said_on"

    def __init__(self, data=None, *, account, at, initial=None):
        self.today = account.today(at)
        self.zone, self.at = account.time_zone, at
        super().__init__(data, initial={self.day: self.today, **(initial or {})})

    def clean(self):
        """Refuse a day to come."""
        data = super().clean()
        if data.get(self.day) and data[self.day] > self.today:
            self.add_error(self.day, TOO_LATE)
        return data


class InsightForm(_Dated):
    """One thing that we learned."""

    topic = forms.ChoiceField(label=gettext_lazy("What it is about"), choices=Topic)
    driver = forms.ChoiceField(
        label=gettext_lazy("Kind of value"),
        choices=DRIVERS,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("What keeps them with us."),
    )
    text = _words(gettext_lazy("In words"), gettext_lazy("As they say it, if you can."), rows=3)
    due_on = forms.DateField(label=gettext_lazy("By when"), required=False, widget=Day)
    source = forms.CharField(
        label=gettext_lazy("Who said so"),
        max_length=120,
        help_text=gettext_lazy("A person, or where it is written: Dr Nadia Rahman, a survey."),
        error_messages={"required": gettext_lazy("Write who said so, or where it is written.")},
    )
    said_on = forms.DateField(label=gettext_lazy("When"), widget=Day)
    key = Key()

    def clean(self):
        """Ask for the kind of value, or for words."""
        data = super().clean()
        if data.get("topic") != Topic.VALUE_DRIVER:
            data["driver"] = ""
            if not data.get("text"):
                self.add_error("text", _("Write what you learned."))
        elif not data.get("driver"):
            self.add_error("driver", _("Choose what keeps them."))
        return data


class ExpectationForm(_Dated):
    """Whether something that the sale promised was met."""

    day = "on"

    verdict = forms.ChoiceField(
        label=gettext_lazy("Was it met?"),
        choices=[each for each in Verdict.choices if each[0]],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it was met.")},
    )
    on = forms.DateField(label=gettext_lazy("When"), widget=Day)
    why = forms.CharField(
        label=gettext_lazy("In a word, why"),
        help_text=gettext_lazy("Needed when it was not met."),
        required=False,
        max_length=300,
    )

    def clean(self):
        """Ask why something was not met."""
        data = super().clean()
        if data.get("verdict") == Verdict.NOT_MET and "why" in data and not data["why"]:
            self.add_error("why", _("Write why it was not met."))
        return data


class HandOverForm(_Dated):
    """What sales knows of a new customer; all of it in one go, nothing but who and when needed."""

    sold_by = forms.CharField(
        label=gettext_lazy("Who sold it"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write who sold it.")},
    )
    said_on = forms.DateField(label=gettext_lazy("When"), widget=Day)
    why = _words(gettext_lazy("Why they bought"))
    driver = forms.ChoiceField(
        label=gettext_lazy("What keeps them"),
        choices=DRIVERS,
        required=False,
        widget=forms.RadioSelect,
    )
    problem = _words(gettext_lazy("How they see their problem"))
    promises = forms.CharField(
        label=gettext_lazy("What was promised"),
        help_text=gettext_lazy("One promise a line."),
        required=False,
        max_length=LONGEST * 5,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    success = _words(gettext_lazy("What success looks like to them"))
    success_by = forms.DateField(label=gettext_lazy("By when"), required=False, widget=Day)
    decides = _words(gettext_lazy("Who decides"))
    risks = _words(gettext_lazy("What could go wrong"))
    key = Key()

    def clean_promises(self):
        """Return a list of promises."""
        lines = [line.strip() for line in self.cleaned_data["promises"].splitlines()]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_PROMISES:
            words = _("Write %(most)d promises at most.") % {"most": MOST_PROMISES}
            raise forms.ValidationError(words)
        if any(len(line) > LONGEST for line in lines):
            words = _("Write %(longest)d characters a line at most.") % {"longest": LONGEST}
            raise forms.ValidationError(words)
        return lines

    def clean_success_by(self):
        """Ask what success is when there is a day for it."""
        due = self.cleaned_data["success_by"]
        if due and not self.cleaned_data.get("success"):
            raise forms.ValidationError(_("Write what success is, or leave the day empty."))
        return due


class AnnotationForm(_Dated):
    """A day of the customer's story that is worth a mark."""

    day = "on"

    on = forms.DateField(label=gettext_lazy("Day"), widget=Day)
    tone = forms.ChoiceField(
        label=gettext_lazy("What it was"),
        choices=list(TONES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it was.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what happened.")},
    )
    prefers = forms.ChoiceField(
        label=gettext_lazy("How they preferred to be reached then"),
        choices=[("", gettext_lazy("Not known")), *Channel.choices],
        required=False,
    )
    key = Key()

    def answers(self):
        """Return what the action takes."""
        data = dict(self.cleaned_data)
        data["happened_at"] = rules.moment_of(data.pop("on"), zone=self.zone, at=self.at)
        data["key"] = f"annotation:{data['key']}"
        return data


class FactForm(forms.Form):
    """One fact that was missing.

    Args:
        data: what was sent.
        account: the customer.
        question: a `completeness.Question` that is answered at once.
        fields: the custom fields in use.
    """

    # What the form said that others had answered, when they were faster.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, account, question, fields):
        super().__init__(data)
        self.key = question.key
        self.fields["value"] = self._field(account, question, fields)
        self.fields["value"].label = question.text

    def _field(self, account, question, fields):
        errors = {"required": _("Write the answer, or choose “Not now”.")}
        if self.key.startswith(PREFIX):
            field = next(each for each in fields if each.name == self.key)
            return CustomValue(field, required=True)
        if self.key == "first":
            people = Contact.objects.live().filter(account=account).order_by("name", "pk")
            return forms.ModelChoiceField(people, error_messages=errors)
        if self.key == "renews_on":
            return forms.DateField(widget=Day, error_messages=errors)
        longest = Account._meta.get_field(self.key).max_length
        return forms.CharField(max_length=longest, error_messages=errors)

    def text(self):
        """Return the answer as its control sends it."""
        value = self.cleaned_data["value"]
        if isinstance(value, Contact):
            return str(value.pk)
        field = self.fields["value"]
        return field.definition.plain(value) if isinstance(field, CustomValue) else str(value)

    def has_shown(self, answer):
        """Whether this is what others answered, and whoever sends the form knows it."""
        return self.cleaned_data["shown"] == answer.text

    def meet(self, answer, event):
        """Say what somebody else answered; sent once more, the form has its way.

        Args:
            answer: a `completeness.Answer`.
            event: the entry that tells of it, or None.
        """
        self.add_error("value", overtaken(answer.words, event))
        self.data = self.data.copy()
        self.data["shown"] = answer.text

    def details(self):
        """Return what changes on the record, as its action takes it."""
        value = self.cleaned_data["value"]
        if self.key.startswith(PREFIX):
            return {"custom": {self.key.removeprefix(PREFIX): value}}
        return {self.key: value}
