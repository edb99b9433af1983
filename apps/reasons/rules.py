"""Texts with places for the facts of a call: `{customer}` and the like.

A renderer of our own and no template language: a place is a known name in braces, it is filled
once, and whatever fills it is text, so that typed words are never read as places themselves.
"""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What guidance beside a reason may name: what is known while the customer is on the phone.
GUIDANCE = {
    "words": _("their own words"),
    "customer": _("customer"),
    "contact": _("whom you talk to"),
    "plan": _("plan"),
    "mrr": _("MRR"),
    "renews": _("renewal day"),
    "agent": _("agent"),
}
# What a prompt may name besides: how the call went.
PROMPT = GUIDANCE | {
    "reason": _("reason"),
    "outcome": _("how it ended"),
    "commitments": _("what we said we would do"),
    "internal": _("what we do without telling them"),
    "competitor": _("competitor"),
    "tenure": _("customer for"),
    "mood": _("how they sounded"),
}

_ANY = re.compile(r"\{([^{}]*)\}")
_KNOWN = re.compile(r"\{(" + "|".join(PROMPT) + r")\}")


def unknown(text, known):
    """Return the places of a text that nothing would fill, in their order, each once.

    Args:
        text: as an admin typed it.
        known: names of places that are filled.
    """
    return list(dict.fromkeys(name for name in _ANY.findall(text) if name not in known))


def pieces(text):
    """Take a text apart: text, name of a place, text, name … and text at the end."""
    return _KNOWN.split(text)


def blank(name):
    """Return what stands in a place while its fact is not known."""
    return f"[{PROMPT[name]}]"


def in_quotes(words):
    """Put what somebody said in quotation marks; nothing stays nothing."""
    words = words.strip()
    return gettext("“%(words)s”") % {"words": words} if words else ""


def fill(text, facts):
    """Fill the places of a text with facts.

    Args:
        text: as an admin wrote it.
        facts: name to text; where there is none, its place says what is missing.
    """
    parts = pieces(text)
    parts[1::2] = [facts.get(name) or blank(name) for name in parts[1::2]]
    return "".join(parts)
