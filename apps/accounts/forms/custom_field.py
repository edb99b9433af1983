"""Custom fields on forms: their controls, and the form in which an admin defines one."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import custom
from apps.accounts.models import CustomField, FieldKind
from apps.core.text import fold

MOST_CHOICES = 100
_KEY = re.compile(r"[a-z][a-z0-9_]*")
# Filters of a range are called like their field, with one of these.
_ENDS = ("_from", "_to")


class CustomValue(forms.Field):
    """A custom field on a form: takes what its definition takes, gives what is stored.

    Args:
        definition: a `custom.Field`.
        current: the stored value, which stays to choose when it is no longer offered.
        required: whether something must be said; as the definition says when left out.
    """

    def __init__(self, definition, *, current=None, required=None):
        self.definition = definition
        needed = _("Fill in “%(label)s”.") % {"label": definition.label}
        super().__init__(
            label=definition.label,
            help_text=definition.hint,
            required=definition.is_required if required is None else required,
            widget=_widget(definition, current),
            error_messages={"required": needed},
        )

    def to_python(self, value):
        """Read what was typed."""
        try:
            return self.definition.parse(value or "")
        except custom.BadValue as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value):
        """Write a stored value into the control; what was typed stays as it is."""
        return value if isinstance(value, str) else self.definition.plain(value)


def _widget(definition, current):
    match definition.kind:
        case FieldKind.NUMBER:
            return forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        case FieldKind.MONEY:
            return forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"})
        case FieldKind.DATE:
            return forms.TextInput(attrs={"type": "date"})
        case FieldKind.LINK:
            return forms.TextInput(attrs={"type": "url", "maxlength": custom.LONGEST_LINK})
        case FieldKind.YES_NO:
            choices = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
            return forms.Select(choices=choices)
        case FieldKind.CHOICE:
            choices = [("", _("Not known")), *((each, each) for each in definition.choices)]
            if current is not None and current not in definition.choices:
                choices.append((current, _("%(value)s (no longer offered)") % {"value": current}))
            return forms.Select(choices=choices)
    return forms.TextInput(attrs={"maxlength": custom.LONGEST_TEXT})


class CustomFieldForm(forms.ModelForm):
    """A field as an admin defines it."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "How imports and addresses call it: small letters, digits and underscores. It stays"
            " for good. Left empty, it is made from the name."
        ),
        error_messages={
            "unique": gettext_lazy(
                "Another field has this key, maybe a retired one: restore that, or choose another."
            )
        },
    )
    lines = forms.CharField(
        label=gettext_lazy("Values"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 40}),
        help_text=gettext_lazy(
            "For a choice: one a line, in their order. A value you take away stays with the"
            " customers who have it, but is no longer offered."
        ),
    )

    class Meta:
        model = CustomField
        fields = ["label", "kind", "key", "hint", "group", "position", "is_required"]
        help_texts = {
            "kind": gettext_lazy("What may be typed. It stays for good."),
            "hint": gettext_lazy("Stands under the name on the form."),
            "position": gettext_lazy(
                "Lower ones come first. A group stands where the lowest of its fields does."
            ),
            "is_required": gettext_lazy(
                "Asked of whoever edits a customer; imports and older customers may lack it."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].initial = "\n".join(self.instance.choices)

    def clean_label(self):
        """Refuse the name of another field in use."""
        label = self.cleaned_data["label"]
        others = CustomField.objects.current().exclude(pk=self.instance.pk)
        if self.instance.retired_at is None and others.filter(label__iexact=label).exists():
            raise forms.ValidationError(_("Another field has this name. Choose a new one."))
        return label

    def clean_key(self):
        """Accept a key that addresses can carry; one that is left out is made in `clean()`."""
        key = self.cleaned_data["key"]
        if key and not _KEY.fullmatch(key):
            raise forms.ValidationError(
                _("Write small letters, digits and underscores, beginning with a letter.")
            )
        if key.endswith(_ENDS):
            raise forms.ValidationError(_("Write a key that doesn’t end in _from or _to."))
        return key

    def clean(self):
        """Read the values of a choice, and make the key."""
        data = super().clean()
        if "key" in self.fields and "key" in data and not data["key"] and data.get("label"):
            data["key"] = free_key(data["label"])
        kind = data.get("kind") or self.instance.kind
        lines = [" ".join(line.split()) for line in data.get("lines", "").splitlines()]
        values = list(dict.fromkeys(line for line in lines if line))
        if kind == FieldKind.CHOICE:
            self._check_values(values)
        elif values and kind:
            self.add_error("lines", _("Only a choice has values. Remove them, or make it one."))
        self.instance.choices = values if kind == FieldKind.CHOICE else []
        return data

    def _check_values(self, values):
        if not values:
            self.add_error("lines", _("Write the values to choose from, one a line."))
        if len(values) > MOST_CHOICES:
            words = _("Write %(most)d values at most.") % {"most": MOST_CHOICES}
            self.add_error("lines", words)
        text = custom.Field("", "", FieldKind.TEXT)
        for value in values:
            try:
                text.parse(value)
            except custom.BadValue as error:
                self.add_error("lines", str(error))


def free_key(label):
    """Return a key made from a field's name that no field ever had."""
    base = re.sub("[^a-z0-9]+", "_", fold(label)).strip("_")[:34]
    if not base[:1].isalpha() or base.endswith(_ENDS):
        base = f"field_{base}".rstrip("_").removesuffix("_from").removesuffix("_to")
    taken = set(CustomField.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in _numbered(base) if key not in taken)


def _numbered(base):
    yield base
    number = 2
    while True:
        yield f"{base}_{number}"
        number += 1
