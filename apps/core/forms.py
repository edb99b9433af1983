"""How every form of the house looks: one renderer, one field template, one class for inputs.

It applies to all forms, those of django-allauth too, so no form needs a mixin.
"""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template

# What the `.input` class draws as a box; ticks, chips, files and hidden ones are not boxes.
BOXES = {
    *("text", "email", "password", "number", "tel", "url", "search", "select"),
    *("date", "time", "datetime-local", "month"),
}


class BoundField(forms.BoundField):
    """A field on a page: its box carries the class of the design."""

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        kind = getattr(widget, "input_type", None)
        if kind in BOXES or isinstance(widget, forms.Textarea):
            attrs["class"] = f"input {widget.attrs.get('class', '')}".rstrip()
        if self.use_fieldset:  # one radio of a group is not wrong; the group says so in words
            attrs.pop("aria-invalid", None)
        return attrs


class Renderer(DjangoTemplates):
    """Find Django's own widgets where Django keeps them and our templates in `templates/`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField

    def get_template(self, template_name):
        if template_name.startswith("django/"):
            return super().get_template(template_name)
        return get_template(template_name)
