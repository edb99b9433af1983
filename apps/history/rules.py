"""When to try a delivery again, and when to stop."""

from datetime import timedelta

# A worker that holds a delivery longer than this is taken for dead. The queue stops a job
# after 60 s, so a living worker never loses its claim.
LEASE = timedelta(seconds=90)

BACK_OFF = [
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
]


def retry_after(attempts):
    """Return how long to wait after so many failed attempts, or None to park it.

    Args:
        attempts: how often it has been tried, at least 1.
    """
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
