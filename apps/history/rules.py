"""When an event and its delivery are in time; whom a text mentions; marks on a timeline."""

import re
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

# Clocks of two servers may differ by this much before a moment counts as the future.
SKEW = timedelta(minutes=5)

# A worker that holds a delivery longer than this is taken for dead. The queue stops a job
# after 60 s, so a living worker never loses its claim.
LEASE = timedelta(seconds=90)

BACK_OFF = [
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
]


# What an annotation says of its day; the keys are tones of the interface.
TONES = {"good": _("It went well"), "bad": _("A pain point"), "info": _("Good to know")}
# More than this on top of a timeline is no top any more.
MOST_PINS = 5


def retry_after(attempts):
    """Return how long to wait after so many failed attempts, or None to park it.

    Args:
        attempts: how often it has been tried, at least 1.
    """
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def split_mentions(text, names):
    """Cut a text at the @names in it.

    Args:
        text: what somebody wrote.
        names: of the people it may mention.

    Returns:
        Pieces in their order, together the text; every second one is an @name.
    """
    if not names:
        return [text]
    # Longest first, so that @Ana Ruiz is not taken for @Ana.
    longest = sorted(map(re.escape, set(names)), key=len, reverse=True)
    return re.split(rf"(@(?:{'|'.join(longest)})(?!\w))", text)


def mentioned(text, names):
    """Return which of the names a text mentions."""
    return {piece[1:] for piece in split_mentions(text, names)[1::2]}


def addressed(text, names):
    """Find each @ of a text that begins a word, and how far the name behind it reaches.

    Args:
        text: what somebody wrote.
        names: of the people it may mean; their letters may be small or big.

    Returns:
        Matches in their order; `known` is the longest of the names, `unknown` one word of
        whoever bears none of them.
    """
    longest = sorted(map(re.escape, set(names)), key=len, reverse=True)
    known = "|".join(longest) or "(?!)"
    pattern = rf"(?<![\w/.@])@(?:(?P<known>{known})(?!\w)|(?P<unknown>\w[\w'’-]*))"
    return list(re.finditer(pattern, text, re.IGNORECASE))
