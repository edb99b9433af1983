"""How every form of the house looks: one renderer, one field template, one class for inputs.

It applies to all forms, those of django-allauth too, so no form needs a mixin.
"""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.utils.html import conditional_escape as escape

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


def begin_here(form):
    """Open the page with the focus in the first field of a form that was not sent yet.

    Args:
        form: the form; its errors take the focus once it was sent.
    """
    if not form.is_bound and form.visible_fields():
        form.visible_fields()[0].field.widget.attrs["autofocus"] = True


class Renderer(DjangoTemplates):
    """Find Django's own widgets where Django keeps them and our templates in `templates/`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField

    def get_template(self, template_name):
        if template_name.startswith("django/"):
            return super().get_template(template_name)
        return get_template(template_name)

    def render(self, template_name, context, request=None):
        """Write the plain controls by hand: a page has dozens, and a template for each is slow."""
        if write := CONTROLS.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


def _attributes(attrs):
    """Write attributes as Django's `attrs.html` does: True stands alone, False is left out."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget):
    value = widget["value"]
    given = "" if value is None else f' value="{escape(value)}"'
    kind, name = widget["type"], escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{given}{_attributes(widget["attrs"])}>'


def _textarea(widget):
    attrs, text = _attributes(widget["attrs"]), escape(widget["value"] or "")
    return f'<textarea name="{escape(widget["name"])}"{attrs}>\n{text}</textarea>'


def _select(widget):
    options = []
    for group, choices, _index in widget["optgroups"]:
        inside = "".join(_option(each) for each in choices)
        options.append(
            f'<optgroup label="{escape(group)}">{inside}</optgroup>' if group else inside
        )
    attrs = _attributes(widget["attrs"])
    return f'<select name="{escape(widget["name"])}"{attrs}>{"".join(options)}</select>'


def _option(choice):
    value, attrs = escape(choice["value"]), _attributes(choice["attrs"])
    return f'<option value="{value}"{attrs}>{escape(choice["label"])}</option>'


_WIDGETS = "django/forms/widgets"
# Each writes the same HTML as the template in whose place it stands.
CONTROLS = {
    f"{_WIDGETS}/textarea.html": _textarea,
    f"{_WIDGETS}/select.html": _select,
    **{
        f"{_WIDGETS}/{name}.html": _input
        for name in (
            *("text", "email", "password", "number", "tel", "url", "search", "hidden"),
            *("date", "datetime", "time", "checkbox"),
        )
    },
}
