"""What the log must not hold."""

import logging
import re

# The addresses that let their holder in: an invitation's, that of a new password, and that of a
# calendar. Whoever reads the log could use them before the person does, or beside them.
_KEYS = re.compile(r"(/(?:join|forgotten|tasks/feed)/)(?!sent/|done/)[^/\s\"'?]+")


class Line(logging.Formatter):
    """A line of the log, with the secrets of addresses left out, in tracebacks too."""

    def format(self, record):
        return _KEYS.sub(r"\1…", super().format(record))
