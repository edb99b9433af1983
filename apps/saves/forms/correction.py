"""What is corrected about a call that was logged.

Fields of the page (for scripts that post it): `version` and `opened` (hidden, from the page),
`why`, and of the fields of the call form `reason`, `also`, `solvable`, `verbatim`,
`competitor`, `mood`, `outcome` with what it asks for, `contact`, `channel` and `length`; also
`asked_to_cancel_at`.
"""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import conflict
from apps.accounts.models import Contact
from apps.core.templatetags.mainstay import timer
from apps.reasons.models import Competitor, Reason
from apps.saves.forms.call import QUESTIONS, Call
from apps.saves.models import Mood, Outcome
from apps.saves.words import LABELS

_MINUTE = "%Y-%m-%dT%H:%M"
# Answers and the controls that have another name.
_CONTROLS = {"seconds": "length"}
ANSWERS = list(LABELS)


class Correction(Call):
    """A logged call, with everything that may be corrected about it, and why it is."""

    # How a call begins, and what is committed to on it, are no answers of the call.
    opening = category = asked_to_cancel = asked_at = suggested_due = None

    version = forms.IntegerField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    asked_to_cancel_at = forms.DateTimeField(
        label=gettext_lazy("Asked to cancel at"),
        help_text=gettext_lazy("Empty if they did not ask to cancel."),
        required=False,
        widget=forms.DateTimeInput(format=_MINUTE, attrs={"type": "datetime-local"}),
        input_formats=[_MINUTE, "%Y-%m-%d %H:%M"],
    )
    why = forms.CharField(
        label=gettext_lazy("Why do you correct it?"),
        help_text=gettext_lazy("Colleagues read this beside what was logged first."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why you correct it, in a sentence.")},
    )

    def __init__(self, data=None, *, case, account, by, at):
        self.case = case
        shown = texts(case)
        kept = {_CONTROLS.get(name, name): [text] for name, text in shown.items()}
        kept["also"] = shown["also"].split(",") if shown["also"] else []
        super().__init__(data, account=account, by=by, at=at, kept=kept)
        self.initial |= {
            "version": case.version,
            "opened": conflict.seal(shown, None, subject=case),
        }
        self._offer_what_was_chosen()

    def _offer_what_was_chosen(self):
        """Let what was logged be chosen although it is retired or gone by now."""
        case = self.case
        now = Q(retired_at=None, category__retired_at=None)
        also = [each.pk for each in case.also.all()]
        mine = Reason.objects.filter(now | Q(pk__in=[case.reason_id, *also]))
        mine = mine.select_related("category").order_by("category__position", "position", "id")
        for name in ("reason", "also"):
            self.fields[name].queryset = mine
        self.fields["reason"].widget = forms.Select(attrs={"class": "block"})
        self.fields["reason"].choices = self._reasons
        people = Q(account=self.account, removed_at=None) | Q(pk=case.contact_id)
        self.fields["contact"].queryset = Contact.objects.filter(people)
        self.fields["contact"].label = LABELS["contact"]
        self.fields["mood"].widget = forms.Select()
        self.fields["mood"].choices = [("", _("Not written down")), *Mood.choices]
        self.fields["solvable"].required = self.fields["length"].required = True

    def add_rows(self, typed=()):
        """Make no rows: commitments have pages of their own."""

    def _reasons(self):
        """Yield the reasons by their categories."""
        groups = {}
        for reason in self.fields["reason"].queryset:
            groups.setdefault(reason.category.name, []).append((reason.pk, reason.name))
        yield from groups.items()

    @cached_property
    def people(self):
        """The people at the customer, and whoever was talked to although they are gone."""
        found = super().people
        contact = self.case.contact
        if contact and contact.pk not in {pk for pk, *_rest in found}:
            found.append((contact.pk, contact.name, contact.title))
        return found

    @cached_property
    def competitors(self):
        """The competitors that can be picked, and the one that was named."""
        now = Q(retired_at=None) | Q(pk=self.case.competitor_id)
        return list(Competitor.objects.filter(now).order_by("name"))

    # --- checking ----------------------------------------------------------------

    def clean(self):
        """Check what depends on two answers."""
        answers = self.cleaned_data
        self._drop_answers_of_others(answers.get("outcome"))
        if answers.get("outcome") == Outcome.LEFT:
            self._check_leaving(answers)
        if answers.get("outcome") == Outcome.UNDECIDED and not self._is_as_logged("call_back_at"):
            self._check_call_back(answers)
        self._check_asking(answers)
        return answers

    def _is_as_logged(self, name):
        given = self.cleaned_data.get(name)
        return given is not None and _text(name, given) == texts(self.case)[name]

    def _check_asking(self, answers):
        moment = answers.get("asked_to_cancel_at")
        if moment is None or self._is_as_logged("asked_to_cancel_at"):
            return
        first = self.case.opened_at.replace(second=0, microsecond=0)
        if not first <= moment <= self.case.closed_at:
            self.add_error(
                "asked_to_cancel_at",
                _("Choose a moment of the call, which lasted from %(first)s to %(last)s.")
                % {
                    "first": f"{timezone.localtime(first):%H:%M}",
                    "last": f"{timezone.localtime(self.case.closed_at):%H:%M}",
                },
            )

    def answers(self):
        """Return what `actions.correct` takes, from a valid form.

        What the form shows shortened, such as a moment to the minute, stays whole where nobody
        changed it.
        """
        given = self._given()
        shown = texts(self.case)
        stored = {name: getattr(self.case, name) for name in ANSWERS if name != "also"}
        stored["also"] = list(self.case.also.all())
        return {
            name: stored[name] if _text(name, value) == shown[name] else value
            for name, value in given.items()
        }

    def _given(self):
        given = {name: self.cleaned_data[_CONTROLS.get(name, name)] for name in ANSWERS}
        given["also"] = [each for each in given["also"] if each != given["reason"]]
        return given

    # --- meeting another correction ------------------------------------------------

    def meet(self, newest):
        """Return this form for the call as somebody else corrected it, and whose answers stay.

        What only they changed is taken; what was typed here stays, and has to be saved again.

        Args:
            newest: the call as it is now.
        """
        opened, _meeting = conflict.unseal(self.data.get("opened"), subject=self.case)
        theirs = texts(newest)
        mine = {name: _text(name, value) for name, value in self._given().items()}
        verdicts = conflict.sort(opened, theirs, mine, linked=[_OUTCOME])
        data = self.data.copy()
        for name in (name for name, verdict in verdicts.items() if verdict == "taken"):
            if name == "also":
                data.setlist(name, [pk for pk in theirs[name].split(",") if pk])
            else:
                data[_CONTROLS.get(name, name)] = theirs[name]
        data["version"] = newest.version
        data["opened"] = conflict.seal(theirs, None, subject=newest)
        form = Correction(data, case=newest, account=self.account, by=self.by, at=self.at)
        form.met = [LABELS[name] for name, verdict in verdicts.items() if verdict == "both"]
        form.taken = [LABELS[name] for name, verdict in verdicts.items() if verdict == "taken"]
        return form

    def typed(self):
        """Return pairs of a label and what was written other than what was logged."""
        shown = texts(self.case)
        pairs = [(LABELS[n], n, self.data.get(_CONTROLS.get(n, n), "")) for n in _WRITTEN]
        found = [(label, text) for label, name, text in pairs if text and text != shown[name]]
        why = self.data.get("why", "").strip()
        return found + ([(self.fields["why"].label, why)] if why else [])


# An outcome and what it asks for only mean something together.
_OUTCOME = ("outcome", *(name for asked in QUESTIONS.values() for name in asked))
# What is typed rather than chosen.
_WRITTEN = ("verbatim", "stay_because", "back_if", "waits_for", "competitor")


def texts(case):
    """Return the answers of a call as the text that each control sends."""
    also = list(case.also.all())
    return {name: _text(name, also if name == "also" else getattr(case, name)) for name in ANSWERS}


def _text(name, value):
    if value is None:
        return ""
    return _AS_TEXT.get(name, str)(value)


def _minute(moment):
    return timezone.localtime(moment).strftime(_MINUTE)


def _lines(text):
    return text.replace("\r\n", "\n").strip()


_AS_TEXT = {
    "reason": lambda reason: str(reason.pk),
    "also": lambda reasons: ",".join(str(pk) for pk in sorted(each.pk for each in reasons)),
    "verbatim": _lines,
    "competitor": lambda competitor: competitor.name,
    "contact": lambda contact: str(contact.pk),
    "export_help": lambda helped: "yes" if helped else "no",
    "call_back_at": _minute,
    "asked_to_cancel_at": _minute,
    "seconds": timer,
}
