"""Named points at which a test makes a process die or wait; they do nothing outside tests."""

import os
import signal

from django.conf import settings


def failpoint(name):
    """Die here by SIGKILL when a test asked for it.

    `TEST_FAILPOINT` holds `name:path`: the process dies once, and the file at `path` marks
    that it has happened, so that the next process gets past.
    """
    if not settings.TESTING:
        return
    wanted, _, marker = os.environ.get("TEST_FAILPOINT", "").partition(":")
    if wanted != name:
        return
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
