"""What an agent types while the customer is on the phone.

Fields of the page (for scripts that post it): `opening` (hidden, from the page), `category`
(key 1 to 9), `reason` (id), `also` (ids), `solvable`, `verbatim`, `competitor` (name), `mood`
(1 to 5), `outcome`, with `stay_because`, or with `leaves_on`, `back_if` and `export_help` (yes or
no), or with `call_back_at` and `waits_for`, then `contact` (id), `channel`, `length` (mm:ss),
`asked_to_cancel` and `asked_at`; and the rows of `committing`.
"""

import re
from dataclasses import replace
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts import family
from apps.accounts.models import Channel, Contact
from apps.reasons.models import Category, Competitor, Reason, Solvable
from apps.saves import actions, rules
from apps.saves.forms.committing import Committing
from apps.saves.models import Mood, Outcome
from apps.saves.queries import glance

LONGEST = timedelta(hours=24)

# What each outcome asks for, and what stands in its place when it was another one.
QUESTIONS = {
    Outcome.STAYED: {"stay_because": ""},
    Outcome.LEFT: {"leaves_on": None, "back_if": "", "export_help": None},
    Outcome.UNDECIDED: {"call_back_at": None, "waits_for": ""},
}


def _in_words(label):
    """Ask for one sentence."""
    box = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=300, widget=box)


class Call(Committing):
    """One call, from the reason to the outcome."""

    opening = forms.CharField(widget=forms.HiddenInput, required=False)
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Talking to"),
        required=False,
        empty_label=_("Somebody else"),
    )
    channel = forms.ChoiceField(label=_("By"), choices=Channel, initial=Channel.PHONE)
    # The reason names its category too, and is checked: this one is not looked up for itself.
    category = forms.CharField(
        label=_("Category"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why they want to leave.")},
    )
    reason = forms.ModelChoiceField(
        Reason.objects.none(),
        label=_("Reason"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the exact reason."),
            "invalid_choice": _("This reason was retired. Choose another."),
        },
    )
    also = forms.ModelMultipleChoiceField(
        Reason.objects.none(),
        label=_("They also mentioned"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    solvable = forms.ChoiceField(
        label=_("Can we solve it?"), choices=Solvable, required=False, widget=forms.RadioSelect
    )
    verbatim = forms.CharField(
        label=_("What almost made them leave?"),
        help_text=_("Quote them if you can. Product and billing read these."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write what almost made them leave. One sentence is enough.")
        },
    )
    competitor = forms.CharField(
        label=_("Competitor"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "competitors", "autocomplete": "off"}),
    )
    mood = forms.TypedChoiceField(
        label=_("How did they sound at the start?"),
        choices=Mood,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the call ended.")},
    )
    stay_because = _in_words(_("What made them stay?"))
    leaves_on = forms.DateField(
        label=_("They leave on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    back_if = _in_words(_("What would bring them back?"))
    export_help = forms.TypedChoiceField(
        label=_("Did you offer help with their export?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    call_back_at = forms.DateTimeField(
        label=_("Call back on"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    waits_for = _in_words(_("What are they waiting for?"))
    length = forms.CharField(
        label=_("Call time"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    asked_to_cancel = forms.BooleanField(label=_("Customer asked to cancel"), required=False)
    asked_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, account, by, at, kept=None, people=None):
        """Ask about a call.

        Args:
            data: what was posted.
            account: the customer.
            by: the agent.
            at: now.
            kept: what a draft holds: the texts of each field, as they were posted. They are
                shown, and nothing about them is found wrong before the agent saves.
            people: the customer's, from `glance.before()`, where it was read already.
        """
        super().__init__(data, initial=_shown(kept or {}))
        if people is not None:
            self.people = people
        self.account, self.by, self.at = account, by, at
        # Nothing was answered yet: the page is the same for many.
        self.is_fresh = data is None and not kept
        if not self.is_fresh:
            self.add_rows(kept if data is None else data)
        if self.is_bound:  # only answers are looked up: what can be chosen is read for the page
            current = Reason.objects.filter(retired_at=None, category__retired_at=None)
            current = current.select_related("category")
            self.fields["reason"].queryset = self.fields["also"].queryset = current
            self.fields["contact"].queryset = account.contacts.live()
        self.fields["contact"].choices = self._people
        if not self.is_bound and self.people:  # mostly the first to call; a letter picks another
            self.initial.setdefault("contact", self.people[0][0])

    def _people(self):
        """Yield whom the agent may be talking to."""
        yield "", _("Somebody else")
        for pk, name, title in self.people:
            yield pk, f"{name}, {title}" if title else name

    def talk_to(self, text):
        """Choose the person whom a link names, if they are one of the customer's people."""
        if text in {str(pk) for pk, _name, _title in self.people}:
            self.initial["contact"] = int(text)

    # Read when somebody asks: a page that is shown again and again finds them rendered.

    @cached_property
    def people(self):
        """Id, name and title of the customer's people, the first to call on top."""
        return glance.people(self.account)

    @cached_property
    def categories(self):
        """The current categories with their reasons, in the order of their keys."""
        return list(Category.objects.for_call())

    @cached_property
    def competitors(self):
        """The competitors that can be picked."""
        return list(Competitor.objects.filter(retired_at=None).order_by("name"))

    def clean_opening(self):
        """Read back the signed opening of this customer's call."""
        try:
            opening = actions.Opening.read(self.cleaned_data["opening"])
        except ValueError:
            opening = None
        if opening and opening.account_id != self.account.pk:
            # The record that the call began with may have been merged into another since.
            opening = replace(opening, account_id=family.root(opening.account_id))
        if opening is None or opening.account_id != self.account.pk:
            raise forms.ValidationError(
                _("This page was open for another call. Your answers are kept: save again.")
            )
        if opening.is_of_another(self.by):
            raise forms.ValidationError(
                _(
                    "%(name)s had this page open, and you are signed in now. If you had the call, "
                    "save again: what is typed is kept here."
                )
                % {"name": opening.agent}
            )
        return opening

    def clean_competitor(self):
        """Find the competitor by name; an unknown one is refused with the known ones at hand."""
        name = self.cleaned_data["competitor"].strip()
        if not name:
            return None
        found = {each.name.casefold(): each for each in self.competitors}.get(name.casefold())
        if found is None:
            raise forms.ValidationError(
                _("Choose a competitor from the list, or write the name into their words.")
            )
        return found

    def clean_length(self):
        """Read mm:ss, or h:mm:ss; nothing means from opening to saving."""
        text = self.cleaned_data["length"].strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{1,3}(:[0-5]\d){1,2}", text):
            raise forms.ValidationError(_("Write the call time as minutes and seconds, as 04:32."))
        seconds = 0
        for part in text.split(":"):
            seconds = seconds * 60 + int(part)
        if seconds > LONGEST.total_seconds():
            raise forms.ValidationError(_("A call can't be longer than a day."))
        return seconds

    def clean(self):
        """Check what depends on two answers."""
        answers = self.cleaned_data
        self._check_reason(answers)
        self._drop_answers_of_others(answers.get("outcome"))
        if answers.get("outcome") == Outcome.LEFT:
            self._check_leaving(answers)
        if answers.get("outcome") == Outcome.UNDECIDED:
            self._check_call_back(answers)
        self.commitments = self.check_rows()
        return answers

    def _drop_answers_of_others(self, outcome):
        """Forget what other outcomes ask for, and what is wrong with it: nobody sees it."""
        for other in QUESTIONS.keys() - {outcome}:
            self.cleaned_data |= QUESTIONS[other]
            for name in QUESTIONS[other]:
                self.errors.pop(name, None)

    def _check_reason(self, answers):
        reason, category = answers.get("reason"), answers.get("category")
        if reason and category and str(reason.category.position) != category:
            self.add_error("reason", _("Choose the exact reason in the category you chose."))

    @property
    def may_leave(self):
        """Whether they are, or were, a customer: who never began has nothing to leave."""
        return self.account.started_on is not None

    def _check_leaving(self, answers):
        if not self.may_leave:
            message = _("They never began as a customer, so they can't leave. Choose another end.")
            self.add_error("outcome", message)
            self.errors.pop("leaves_on", None)
            return
        leaves_on = answers.get("leaves_on")
        if leaves_on is None and "leaves_on" not in self.errors:
            self.add_error("leaves_on", _("Choose the day they leave."))
        if leaves_on and leaves_on < self.account.started_on:
            self.add_error("leaves_on", _("They can't leave before they were a customer."))
        if leaves_on and leaves_on > self.account.today(self.at) + rules.FURTHEST:
            self.add_error("leaves_on", _("Choose a day within the next ten years."))

    def _check_call_back(self, answers):
        moment = answers.get("call_back_at")
        if "call_back_at" in self.errors:
            return
        if moment is None or moment <= self.at:
            self.add_error("call_back_at", _("Choose a moment from now on to call back."))
        elif moment > self.at + rules.FURTHEST:
            self.add_error("call_back_at", _("Choose a day within the next ten years."))

    @property
    def outcome_has_errors(self):
        """Whether how the call ended has to be mended."""
        names = {"outcome", *(name for asked in QUESTIONS.values() for name in asked)}
        return bool(names & self.errors.keys())

    def answers(self):
        """Return what `actions.log` takes, from a valid form."""
        given = {name: self.cleaned_data[name] for name in self.base_fields}
        given.pop("suggested_due")
        opening, length = given.pop("opening"), given.pop("length")
        given.pop("category")
        given["commitments"] = self.commitments
        passed = int((self.at - opening.at).total_seconds())
        given["seconds"] = max(0, passed) if length is None else length
        given["also"] = [each for each in given["also"] if each != given["reason"]]
        given["asked_to_cancel_at"] = self._asked_at(given, opening)
        return opening, given

    def _asked_at(self, given, opening):
        """When they asked to cancel: the page's clock, if it lies within the call."""
        text, asked = given.pop("asked_at"), given.pop("asked_to_cancel")
        if not asked:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or timezone.is_naive(moment):
            return self.at
        return min(max(moment, opening.at), self.at)


def _shown(kept):
    """Return the texts of a draft as what a form shows at first."""
    return {name: texts if name == "also" else texts[-1] for name, texts in kept.items() if texts}
