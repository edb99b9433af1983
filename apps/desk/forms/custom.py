"""Asking the customer list by custom fields: form fields, questions and words of chips.

A list whose address asks for none of them pays nothing for them.
"""

import json
from functools import lru_cache, reduce
from operator import or_

from django import forms
from django.db.models import BooleanField, F, Func, Q, TextField
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Contains
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts import custom
from apps.accounts.custom import PREFIX
from apps.accounts.forms import CustomValue
from apps.accounts.models import FieldKind
from apps.core.text import fold

LONGEST = 120
NOTHING = (None, "", [])
# As text, since putting a question into words costs a page as much as many rows.
HAS = """"accounts_account"."custom" @> %s::jsonb"""
# The index knows values, not ranges: asked for one by the operator, it would read all of itself.
# Silent, as the operator is: a value of another kind lies in no range. And a number, of which
# the planner expects one in two hundred: of a truth it expects every third, and walks the list.
WITHIN = """jsonb_path_match("accounts_account"."custom", %s::jsonpath, silent => true)::int = 1"""


class Bound(CustomValue):
    """One end of a range of numbers, amounts or days."""

    def __init__(self, definition, *, sign, label):
        super().__init__(definition, required=False)
        self.sign, self.label, self.help_text = sign, label, ""

    def word(self, value):
        """Say an answer as its chip does."""
        stored = self.definition.parse(value)
        if self.definition.kind == FieldKind.DATE:
            return self.definition.words(stored, "")
        return f"{stored:,}"


class Words(forms.CharField):
    """Part of a text or of a link."""

    def word(self, value):
        """Say an answer as its chip does."""
        return value


def fields(data, *, every=False):
    """Return the form fields by which custom fields are asked about.

    Args:
        data: what an address says; only fields that it names are returned.
        every: return all of them, for the page of filters.
    """
    if not every and not any(name.startswith(PREFIX) for name in data):
        return {}
    language = get_language()
    return {
        name: made
        for definition in custom.definitions()
        for name, made in _made(definition, language)
        if every or name in data
    }


@lru_cache(maxsize=256)
def _made(definition, _language):
    """Make the fields of one definition: no form changes them, so all forms share them."""
    made = [(name, make(definition)) for name, make in _makers(definition)]
    for _name, each in made:
        each.definition = definition
    return made


def _makers(definition):
    name = definition.name
    if definition.has_range:
        return [(f"{name}_from", _from), (f"{name}_to", _to)]
    return [(name, _MAKERS[definition.kind])]


def _from(definition):
    label = _("%(label)s from") % {"label": definition.label}
    return Bound(definition, sign=">=", label=label)


def _to(definition):
    label = _("%(label)s up to") % {"label": definition.label}
    return Bound(definition, sign="<=", label=label)


def _words(definition):
    label = _("%(label)s contains") % {"label": definition.label}
    return Words(label=label, required=False, max_length=LONGEST)


def _choice(definition):
    return forms.MultipleChoiceField(
        label=definition.label,
        choices=[(each, each) for each in (*definition.choices, *definition.former)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _yes_no(definition):
    return forms.ChoiceField(
        label=definition.label,
        choices=[("", _("Either")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )


_MAKERS = {
    FieldKind.TEXT: _words,
    FieldKind.LINK: _words,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}


def narrow(accounts, form):
    """Narrow a queryset of accounts by the answers of a valid form about custom fields."""
    exact, bounds, others = {}, [], []
    for name, field in form.custom.items():
        answer, definition = form.cleaned_data[name], field.definition
        if answer in NOTHING:
            continue
        if isinstance(field, Bound):
            bounds.append(f"$.{json.dumps(definition.key)} {field.sign} {json.dumps(answer)}")
        elif definition.kind == FieldKind.YES_NO:
            exact[definition.key] = answer == "yes"
        elif definition.kind == FieldKind.CHOICE and len(answer) == 1:
            exact[definition.key] = answer[0]
        else:
            others.append(_condition(field, answer))
    # Each as one question: the index meets all values at once, and a row is read once.
    if exact:
        others.append(_said(HAS, json.dumps(exact)))
    if bounds:
        others.append(_said(WITHIN, " && ".join(bounds)))
    return accounts.filter(*others)


def _said(text, value):
    return RawSQL(text, [value], output_field=BooleanField())  # noqa: S611  ours


def _condition(field, answer):
    key = field.definition.key
    if isinstance(answer, list):
        return reduce(or_, (Q(custom__contains={key: value}) for value in answer))
    said = Func(KeyTextTransform(key, F("custom")), function="fold", output_field=TextField())
    return Contains(said, fold(answer))


def groups(form):
    """Return pairs of a group's name and its fields on the page of filters."""
    found = {}
    for name, field in form.custom.items():
        found.setdefault(field.definition.group, []).append(form[name])
    return list(found.items())
