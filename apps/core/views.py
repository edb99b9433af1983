"""Health checks: plain words, no data."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.utils import timezone

from apps.core.policy import policy

# The worker writes the time under this key at every beat; older than this is a silent worker.
BEAT_KEY = "worker-beat"
SILENT_AFTER = 90


def _answer(text, *, fine):
    return HttpResponse(text, content_type="text/plain", status=200 if fine else 503)


@policy(public=True, why="Says only that the web server runs.")
def alive(request):
    """Say that the web server answers."""
    return _answer("ok", fine=True)


@policy(public=True, why="Says only that the database answers.")
def ready(request):
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _answer("The database does not answer.", fine=False)
    return _answer("ok", fine=True)


@policy(public=True, why="Says only that a worker runs.")
def worker(request):
    """Say whether a worker has been heard of lately."""
    beat = cache.get(BEAT_KEY)
    if beat is None or timezone.now().timestamp() - beat > SILENT_AFTER:
        return _answer("No worker has been heard of for 90 seconds.", fine=False)
    return _answer("ok", fine=True)
