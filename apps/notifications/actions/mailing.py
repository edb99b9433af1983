"""E-mail to colleagues: one letter for each notice, several in one mail, and the daily digest.

A letter is claimed first, with its attempt counted and a lease, and sent when that is committed.
So a worker that is killed in between leaves a letter that nobody sends again: the server may have
taken it. It stands as perhaps sent, and what it said is on the page of notifications anyway.
"""

import logging
from datetime import timedelta
from html import unescape

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import mail
from apps.core.failpoints import failpoint
from apps.notifications import digest, queries, rules
from apps.notifications.models import Letter, Rhythm
from apps.users.models import User

log = logging.getLogger(__name__)

State = Letter.State
# So many digests are put in line in one transaction.
CHUNK = 50


def send_due(seconds, *, clock=timezone.now):
    """Send what is due, one person after the other, until nothing is left or the time is up.

    Args:
        seconds: how long one run may take, well under the queue's limit.
        clock: gives the moment; a test passes its own.
    """
    end = clock() + timedelta(seconds=seconds)
    while (now := clock()) < end:
        if not send_next(at=now):
            return


def send_next(*, at):
    """Send one person everything that is due for them, in one mail; a digest is its own.

    Args:
        at: now.

    Returns:
        Whether to go on: False when nothing was due, or the mail server did not answer.
    """
    user, letters = _claim(at=at)
    if user is None:
        return False
    if not letters:
        return True
    failpoint("letter_claimed")
    message = _compose(user, letters, at=at)
    if message is None:
        _settle(letters, State.DROPPED, at=at)
        return True
    subject, text = message
    try:
        mail.send_to_staff(to=user.email, subject=subject, text=text)
    except OSError as error:
        log.warning("The mail server did not take a mail: %s", error)
        _put_off(letters, at=at)
        return False
    failpoint("letter_sent")
    _settle(letters, State.SENT, at=at)
    return True


@transaction.atomic
def _claim(*, at):
    """Take what is due of whoever has waited longest; nobody else takes the same.

    What came late into their quiet hours, as the server or the worker was away, is put off.

    Returns:
        The person, or None when nothing is due, and their letters.
    """
    dead = queries.letters_due(at).filter(state=State.SENDING)
    dead.update(state=State.UNCERTAIN, done_at=at)
    due = queries.letters_due(at).filter(state=State.WAITING).order_by("next_at", "pk")
    first = due.select_for_update(skip_locked=True).first()
    if first is None:
        return None, []
    user = User.objects.select_related("member", "team").get(pk=first.user_id)
    same = due.filter(user=user, digest_on=first.digest_on).select_for_update(skip_locked=True)
    letters = list(same[: rules.MOST_IN_A_MAIL])
    wanted_at = _wanted_at(user, first, at=at)
    if wanted_at > at:
        due.filter(pk__in=[letter.pk for letter in letters]).update(next_at=wanted_at)
        return user, []
    for letter in letters:
        letter.state, letter.next_at = State.SENDING, at + rules.LEASE
        letter.attempts += 1
    Letter.objects.bulk_update(letters, ["state", "next_at", "attempts"])
    return user, letters


def _wanted_at(user, letter, *, at):
    """Return when somebody wants a letter: now, or after their quiet hours."""
    chosen = queries.choices(user)
    if letter.digest_on and rules.is_quiet(chosen.quiet, chosen.digest_at):
        return at  # they asked for it at this time
    return rules.after_quiet(chosen.quiet, user.time_zone, at)


def _settle(letters, state, *, at):
    _held(letters).update(state=state, done_at=at)


@transaction.atomic
def _put_off(letters, *, at):
    for letter in letters:
        wait = rules.retry_after(letter.attempts)
        if wait is None:
            _held([letter]).update(state=State.FAILED, done_at=at)
        else:
            _held([letter]).update(state=State.WAITING, next_at=at + wait)


def _held(letters):
    """Return letters as far as they are still ours to send."""
    ids = [letter.pk for letter in letters]
    return Letter.objects.filter(pk__in=ids, state=State.SENDING)


def _compose(user, letters, *, at):
    """Return subject and text, or None when there is nothing to say to anybody."""
    if not user.is_active:
        return None
    if day := letters[0].digest_on:
        # One that was put off into the next day would come beside the one of that day.
        return _digest(user, at=at) if day == queries.local_day(user, at) else None
    told = queries.to_mail([letter.notification_id for letter in letters], user)
    told = [each for each in told if not _was_read(each.notification)]
    if not told:
        return None
    first = _line(told[0])
    more = ngettext("%(count)s notification", "%(count)s notifications", len(told))
    subject = first if len(told) == 1 else more % {"count": len(told)}
    return subject, _text("notices", lines=[_line(each) for each in told])


def _was_read(notification):
    """Say whether somebody has opened it; what does not ring is read from the beginning."""
    return notification.read_at is not None and notification.read_at > notification.created_at


def _digest(user, *, at):
    count, told = queries.unread_since_yesterday(user, at=at)
    sections = digest.sections(user, at=at)
    if not count and not sections:
        return None
    more = count - len(told)
    lines = [_line(each) for each in told]
    return _("Your day"), _text("digest", sections=sections, lines=lines, more=more)


def _line(told):
    event = told.notification.event
    said = render_to_string(event.about.template, {"event": event})
    # A sentence of ours, in which what people wrote was escaped.
    words = " ".join(unescape(strip_tags(said)).split())
    return f"{told.name}: {words}" if told.name else words


def _text(name, **context):
    context |= {
        "page": settings.PUBLIC_URL + reverse("desk:notifications"),
        "choices": settings.PUBLIC_URL + reverse("desk:notification-settings"),
    }
    return render_to_string(f"notifications/email/{name}.txt", context)


@transaction.atomic
def queue_digests(*, at):
    """Put the digests that are due in line, and say when the next ones are.

    After a day without a worker there is one digest and not two. On a day on which somebody does
    not work, and while they are away, there is none.

    Args:
        at: now.
    """
    due = queries.digests_due(at).order_by("next_digest_at", "pk")
    rows = list(due.select_for_update(skip_locked=True, of=["self"]).select_related("user")[:CHUNK])
    letters = []
    for row in rows:
        row.next_digest_at = rules.next_at(row.digest_at, row.user.time_zone, at)
        today = queries.local_day(row.user, at)
        if queries.works_on(row.user, today):
            letters.append(Letter(user=row.user, digest_on=today, next_at=at))
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    Rhythm.objects.bulk_update(rows, ["next_digest_at"])
