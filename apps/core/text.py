"""Folding text so that what people type finds what was stored."""

import re
import unicodedata


def fold(text):
    """Lower-case and strip accents, as the database's `fold()` does for ordinary text.

    Used to prepare what somebody typed; stored keys are folded by the database itself. A null
    character, which no stored text holds and the database refuses, is left out.
    """
    plain = unicodedata.normalize("NFKD", text.replace("\0", ""))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


def digits(text):
    """Return the digits of a text, for comparing phone numbers however they are written."""
    return re.sub(r"\D", "", text)
