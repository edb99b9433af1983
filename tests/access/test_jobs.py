"""Sessions that have run out do not stay for ever."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.access.jobs import ENDED_FOR
from apps.core import jobs

SWEEP = "access.forget_ended_sessions"


def begin(*, ends_in):
    """Begin a session that ends after a while, or ended before it; return its key."""
    store = SessionStore()
    store["kept"] = "words of a call"
    store.create()
    Session.objects.filter(pk=store.session_key).update(expire_date=timezone.now() + ends_in)
    return store.session_key


def test_sessions_that_ran_out_are_swept_together_by_the_worker(db, ran_jobs):
    running = begin(ends_in=timedelta(days=1))
    begin(ends_in=-timedelta(hours=1))
    assert SWEEP not in jobs.ring_due()
    begin(ends_in=-2 * ENDED_FOR)

    assert SWEEP in jobs.ring_due()
    ran_jobs()

    assert [session.pk for session in Session.objects.all()] == [running]
