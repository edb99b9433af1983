"""Guidance with its places filled: what it says is kept for everybody, the facts are a call's."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.text import Truncator

from apps.reasons import rules

register = template.Library()

# A quotation in guidance; what they said is in full in its own field.
QUOTED = 300
# Text never makes these: it is escaped, so its < is not one.
_PLACE = re.compile(r'<(q|span) data-fact="(\w+)"></\1>')


@register.filter
def places(text):
    """Mark the places of a text for `filled`, and escape the rest."""
    parts = rules.pieces(text)
    parts[1::2] = [
        format_html('<{0} data-fact="{1}"></{0}>', "q" if name == "words" else "span", name)
        for name in parts[1::2]
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def quoted(words):
    """Return what somebody said, short enough for a quotation in a sentence."""
    return Truncator(" ".join(words.split())).chars(QUOTED)


class FilledNode(template.Node):
    """A part of a page whose marked places get the facts of one call."""

    def __init__(self, facts, nodelist):
        self.facts, self.nodelist = facts, nodelist

    def render(self, context):
        facts = self.facts.resolve(context)

        def fact(match):
            tag, name = match.groups()
            text = facts.get(name) or ""
            shown = conditional_escape(quoted(str(text)) if name == "words" else text)
            blank = conditional_escape(rules.blank(name))
            state = "" if text else ' class="blank"'
            return f'<{tag} data-fact="{name}" data-blank="{blank}"{state}>{shown or blank}</{tag}>'

        return _PLACE.sub(fact, self.nodelist.render(context))


@register.tag
def filled(parser, token):
    """Fill the places between `{% filled facts %}` and `{% endfilled %}`, each once.

    The part inside may be kept in a cache for everybody: facts are put in afterwards, as text.
    """
    _name, facts = token.split_contents()
    nodelist = parser.parse(["endfilled"])
    parser.delete_first_token()
    return FilledNode(parser.compile_filter(facts), nodelist)
