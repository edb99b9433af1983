"""How entries of a history say what people wrote."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join

from apps.history import rules

register = template.Library()


@register.filter
def note(payload):
    """Show the text of a note with the names of those it mentions set apart."""
    names = [each["name"] for each in payload.get("mentions", ())]
    pieces = [
        format_html('<span class="mention">{}</span>', piece) if n % 2 else linebreaksbr(piece)
        for n, piece in enumerate(rules.split_mentions(payload["text"], names))
    ]
    return format_html_join("", "{}", ([piece] for piece in pieces))


@register.filter
def tone(key):
    """Say what an annotation thinks of its day; one that is gone, by its key."""
    return rules.TONES.get(key, key)
