"""What the log must not hold."""

import logging
import re

# The addresses that let their holder in: an invitation's, and that of a new password. Whoever
# reads the log could use them before the person does.
_KEYS = re.compile(r"(/(?:join|forgotten)/)(?!sent/|done/)[^/\s\"'?]+")


class Line(logging.Formatter):
    """A line of the log, with the secrets of addresses left out, in tracebacks too."""

    def format(self, record):
        return _KEYS.sub(r"\1…", super().format(record))
