"""Words for what the history of a call holds as codes."""

from django import template

from apps.saves.words import LABELS, said

register = template.Library()


@register.filter
def answer(name):
    """Say what an answer of a call is called; one that is gone, by its old name."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


@register.filter(name="said")
def said_filter(text, name):
    """Say an answer out of the history: `{{ "left"|said:"outcome" }}` is Left."""
    return said(name, text)
