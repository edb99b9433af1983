"""Housekeeping of sign-ins."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.core.jobs import job

# Swept together: a busy day ends one every few minutes.
ENDED_FOR = timedelta(hours=6)


def _ended_sessions():
    return Session.objects.filter(expire_date__lt=timezone.now() - ENDED_FOR).exists()


@job("access.forget_ended_sessions", due=_ended_sessions)
def forget_ended_sessions(**later):
    """Sweep the sessions that have run out, and what visitors left in theirs."""
    SessionStore.clear_expired()
