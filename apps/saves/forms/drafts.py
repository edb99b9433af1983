"""What a page posts while a call goes on, what was laid aside, and why a draft is dropped."""

from dataclasses import dataclass, replace
from datetime import datetime

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.accounts import family
from apps.saves import actions
from apps.saves.forms.call import Call
from apps.saves.forms.committing import is_of_row

# What the page posts beside the answers.
BESIDE = {"csrfmiddlewaretoken", "opening", "version", "choice", "use", "waiting"}
# What is posted along, but nobody typed.
UNTYPED = {"length", "paused", "page", "asked_at", "suggested_due"}

CHOICES = {
    "mine": actions.drafts.insist,
    "theirs": actions.drafts.set_aside,
    "restored": actions.drafts.restore,
}


class Typed(forms.Form):
    """The answers of a call as they are so far: raw, since nothing is wrong before it is saved."""

    opening = forms.CharField(required=False)
    version = forms.IntegerField(required=False, min_value=0)
    choice = forms.ChoiceField(choices=[(name, name) for name in CHOICES], required=False)
    use = forms.CharField(required=False, max_length=40)

    def __init__(self, data, *, account, by=None):
        super().__init__(data)
        self.account, self.by = account, by
        self.is_of_merged = False  # began with a record that was merged into this customer since

    def clean_opening(self):
        """Read the signed opening; None when it can't be read any more."""
        try:
            given = opening = actions.Opening.read(self.cleaned_data["opening"])
        except ValueError:
            return None
        if opening.account_id != self.account.pk:
            opening = replace(opening, account_id=family.root(opening.account_id))
        if opening.account_id != self.account.pk:
            raise forms.ValidationError(_("This page was open for a call with another customer."))
        if self.by and opening.is_of_another(self.by):
            raise forms.ValidationError(
                _("%(name)s had this page open, and you are signed in now. Open the page anew.")
                % {"name": opening.agent}
            )
        self.is_of_merged = given.account_id != opening.account_id
        return opening

    @property
    def answers(self):
        """Field name → list of texts."""
        # PostgreSQL keeps no null characters.
        return {
            name: [text.replace("\0", "") for text in texts]
            for name, texts in self.data.lists()
            if name not in BESIDE
        }

    @property
    def of_the_form(self):
        """The answers to what the page asks, whatever else was posted."""
        asked = Call.base_fields.keys()
        return {n: texts for n, texts in self.answers.items() if n in asked or is_of_row(n)}

    @property
    def seen(self):
        """What the page knew of the draft; None from a script that knows of no drafts."""
        version = self.data.get("version", "")
        is_one = version.isdecimal() and len(version) < 10
        return actions.drafts.Seen(int(version), self.answers) if is_one else None

    @property
    def verb(self):
        """The action that keeps them."""
        return CHOICES.get(self.cleaned_data["choice"], actions.drafts.keep)


@dataclass(frozen=True)
class Aside:
    """Words that were laid beside a draft, in the fields in which they differ."""

    key: str
    kept_at: datetime
    said: list[tuple[str, str]]


def asides(draft, form):
    """Return the words that were laid beside a draft.

    Args:
        draft: the draft.
        form: the Call form, for its labels.
    """
    return [
        Aside(
            key=each["kept_at"],
            kept_at=parse_datetime(each["kept_at"]),
            said=_said(form, each["answers"], other_than=draft.answers),
        )
        for each in draft.asides
    ]


def _said(form, answers, *, other_than):
    """Pairs of label and words, in the order of the page."""
    labels = {name: field.label for name, field in form.fields.items()}
    # Rows of commitments that the other page had more of.
    labels |= {n: _("Commitment") for n in answers if n.endswith("-text") and n not in labels}
    return [
        (label, _in_words(form, name, answers[name]))
        for name, label in labels.items()
        if name not in UNTYPED
        and any(answers.get(name, ()))
        and answers[name] != other_than.get(name)
    ]


def _in_words(form, name, texts):
    """Say answers as the page does: the label of a choice, not its number."""
    words = {str(value): label for value, label in _choices(form, name)}
    return ", ".join(str(words.get(text, text)) for text in texts)


def _choices(form, name):
    if name == "category":
        return [(each.position, each.name) for each in form.categories]
    if name in {"reason", "also"}:
        return [(row.pk, row.name) for each in form.categories for row in each.reasons.all()]
    if isinstance(form.fields.get(name), forms.BooleanField):
        return [("on", _("Yes"))]
    return getattr(form[name].field.widget, "choices", ()) if name in form.fields else ()


class Dropping(forms.Form):
    """Why a call that was begun is not logged."""

    why = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            ("customer", _("Wrong customer")),
            ("staying", _("They never wanted to leave")),
            ("cut", _("The call was cut off")),
            ("twice", _("It is written down elsewhere")),
            ("other", _("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why, so that colleagues understand it later.")},
    )
    text = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self):
        """Ask for words where no choice fits."""
        given = super().clean()
        why, text = given.get("why"), given.get("text", "")
        if why == "other" and not text and "text" not in self.errors:
            self.add_error("text", _("Write why in a few words."))
        label = dict(self.fields["why"].choices).get(why, "")
        given["reason"] = text if why == "other" else f"{label}. {text}" if text else str(label)
        return given
